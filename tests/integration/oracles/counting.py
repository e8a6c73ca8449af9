"""A backend of slo-generator that counts in a list of minutes; found by its dotted name, as a custom backend is."""


class CountingBackend:
    """`client` is the function from (end, length), both in seconds, to (bad, total)."""

    def __init__(self, client):
        self._counts = client

    def good_bad_ratio(self, timestamp, window, slo_config):
        """Its contract: (good, bad) of the window that ends at the timestamp."""
        bad, total = self._counts(timestamp, window)
        return total - bad, bad
