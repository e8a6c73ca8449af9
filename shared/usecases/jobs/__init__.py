"""Maintenance jobs: when they are due, how they run, and what each of them does."""
