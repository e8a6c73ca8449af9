"""The configuration files and their strict loader."""
