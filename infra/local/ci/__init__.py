"""What pipelines run: posting what a build measured, and the schema of what may be posted."""
