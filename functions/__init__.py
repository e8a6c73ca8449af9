"""The Cloud Functions: one folder each, its main.py is what production runs."""
