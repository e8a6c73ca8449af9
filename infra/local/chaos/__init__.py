"""The fault campaign: one fault at a time at every side effect, and proof that everybody was told all the same."""
