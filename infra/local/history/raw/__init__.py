"""The draws written as rows of the real exports and of our own raw tables."""
