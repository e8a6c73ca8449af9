"""From the domain to text: pure, escaped for where it goes."""
