"""From the wire to the domain: parsers that keep what they cannot read."""
