"""Infrastructure: the local platform (and, beside it, what is deployed)."""
