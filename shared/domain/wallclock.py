"""Wall-clock times as instants, and stretches of hours that come back day after day, across every clock change."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Hours:
    """From `start` until `end` by the wall clock; across midnight when the end is not later than the start."""

    start: time
    end: time


ALL_DAY = Hours(time(), time())


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of a naive wall-clock time: the first of two; of one that is skipped, the end of the gap."""
    first = wall.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    low, high = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), first
    before = low.astimezone(zone).utcoffset()
    while high - low > SECOND:
        middle = low + (high - low) // 2
        is_before = middle.astimezone(zone).utcoffset() == before
        low, high = (middle, high) if is_before else (low, middle)
    return high.replace(microsecond=0)


def stretch(day: date, hours: Hours, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants between which the hours lie that begin on a local day."""
    last = day if hours.end > hours.start else day + DAY
    return instant_of(datetime.combine(day, hours.start), zone), instant_of(datetime.combine(last, hours.end), zone)


def stretches(
    hours: Hours, days: frozenset[int], zone: ZoneInfo, *, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Every stretch that touches [start, end), whole; `days` (Monday is 0) are those on which it begins, none = all."""
    day = start.astimezone(zone).date() - DAY
    while day <= end.astimezone(zone).date():
        first, last = stretch(day, hours, zone)
        if first < end and last > start and (not days or day.weekday() in days):
            yield first, last
        day += DAY


def elapsed_at(hours: Hours | None, zone: ZoneInfo, start: datetime, wait: timedelta) -> datetime:
    """The instant at which `wait` has passed since `start` on a clock that runs in the hours only (None: always).

    No wait at all ends when they are open next. Counted in UTC: a day on which the clocks change has its real length.
    """
    if hours is None:
        return start + wait
    day = start.astimezone(zone).date() - DAY
    while True:
        opens, closes = stretch(day, hours, zone)
        begins, day = max(opens, start), day + DAY
        if closes <= begins:
            continue
        if begins + wait < closes or (wait and begins + wait == closes):
            return begins + wait
        wait -= closes - begins
