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

        self._runs_since: datetime | None = None

    def now(self) -> datetime:
        """Where the clock stands; once released, it runs with the machine's."""
        if self._runs_since is None:
            return self._now
        return self._now + (datetime.now(UTC) - self._runs_since)

    def release(self) -> None:
        """Let the clock run from where it stands."""
        self._runs_since = datetime.now(UTC)

    @property
    def is_running(self) -> bool:
        """True once it was released."""
        return self._runs_since is not None

    def set(self, at: datetime) -> None:
        """Put the clock to an instant."""
        self._now = at.astimezone(UTC)

    def advance(self, step: timedelta) -> None:
        """Move the clock forward."""
        self._now += step
