"""Looks at an installation, part by part, and says what is wrong with it and what to do."""
