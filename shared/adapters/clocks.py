"""Clocks: the machine's, and one that stands still until it is moved."""

from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)


class VirtualClock:
    """A clock for replays, simulations and tests; it may be set back."""

    def __init__(self, at: datetime) -> None:
        self._now = at.astimezone(UTC)

    def now(self) -> datetime:
        """Where the clock stands."""
        return self._now

    def set(self, at: datetime) -> None:
        """Put the clock to an instant."""
        self._now = at.astimezone(UTC)

    def advance(self, step: timedelta) -> None:
        """Move the clock forward."""
        self._now += step
