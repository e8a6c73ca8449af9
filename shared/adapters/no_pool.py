"""The connections of Firestore's client: there is one channel for everything, and nothing to count."""

from shared.errors import NotMeasuredError
from shared.ports.audits import Connections


class NoPool:
    """Implements `ConnectionPool` for Firestore."""

    def connections(self) -> Connections:
        """Always raises NotMeasuredError."""
        raise NotMeasuredError("Firestore's client has one channel, and no connections to count")
