"""The same work done by us and by what others use for it, side by side in one run."""
