"""Signals per minute of the last five: how fast an incident fires right now."""

from collections.abc import Mapping
from datetime import datetime, timedelta

BURST_MINUTES = 5


def events_in_5_minutes(recent: Mapping[str, int], at: datetime) -> int:
    """Signals of the last five minutes, the one at hand included by whoever counted it in."""
    oldest = _minute(at - timedelta(minutes=BURST_MINUTES - 1))
    return sum(count for minute, count in recent.items() if minute >= oldest)


def counted(recent: Mapping[str, int], at: datetime) -> dict[str, int]:
    """The minute counts with one more signal at `at`, older minutes dropped."""
    minute, oldest = _minute(at), _minute(at - timedelta(minutes=BURST_MINUTES - 1))
    kept = {m: n for m, n in recent.items() if m >= oldest}
    return {**kept, minute: kept.get(minute, 0) + 1}


def _minute(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M")
