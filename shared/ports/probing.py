"""Looks at addresses from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Probed:
    """How an address answered: `reason` is why it was not right ("" when it was)."""

    reason: str = ""
    latency_ms: float | None = None
    certificate_ends: datetime | None = None


class Prober(Protocol):
    """Fetches an address as a visitor's browser would."""

    def look(self, url: str, *, slow_after: timedelta, contains: str, lacks: Sequence[str]) -> Probed:
        """What came back; never raises for what the other side does."""
