"""Hostile input for everything that takes input: real payloads spoilt at random, and coverage-guided runs over them."""
