"""Minutes of a span, and instants as the exports write them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

MINUTE = timedelta(minutes=1)


def minutes(since: datetime, until: datetime) -> Iterator[datetime]:
    """Each whole minute that begins in [since, until), in UTC; days of 23 and 25 hours have theirs."""
    minute = since.astimezone(UTC).replace(second=0, microsecond=0)
    minute += MINUTE if minute < since else timedelta(0)
    while minute < until:
        yield minute
        minute += MINUTE


def stamp(seconds: float) -> str:
    """RFC 3339 in UTC, to the millisecond."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
