"""Engines and providers behind the ports."""
