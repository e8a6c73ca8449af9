"""cloudbuild.yaml read, checked and run without Cloud Build."""
