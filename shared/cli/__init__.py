"""The `soukmon` command."""
