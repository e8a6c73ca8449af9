"""A deployment: planned, refused or applied as planned, recorded, proved, and taken back."""
