"""Egypt's clock and calendar, reckoned anew: wall-clock times as instants, cron lines as the days they name.

Egypt puts its clocks forward on the last Friday of April at midnight, and back on the last Thursday of October at
midnight. A time that does not exist comes at the end of the gap; one that exists twice comes the first time.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Africa/Cairo")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LONGEST_GAP = timedelta(hours=3)
WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
SUNDAY = "0"


@lru_cache(maxsize=50_000)
def instant(day: date, at: time, zone: ZoneInfo = ZONE) -> datetime:
    """The instant at which the wall clock shows this time on this day."""
    wall = datetime.combine(day, at)
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    found -= LONGEST_GAP
    while found.astimezone(zone).replace(tzinfo=None) < wall:  # until the clock has jumped past it
        found += MINUTE
    return found


def local_day(at: datetime) -> date:
    """The day on which an instant is in Egypt."""
    return at.astimezone(ZONE).date()


def occurrences(cron: str, start: datetime, end: datetime) -> Iterator[datetime]:
    """The instants in [start, end) that a cron line of our files names: fixed minutes and hours, and one day field."""
    minute, hours, of_month, _, of_week = cron.split()
    day, last = local_day(start) - DAY, local_day(end)
    while day <= last:
        if _is_named(day, of_month, of_week):
            for hour in hours.split(","):
                at = instant(day, time(int(hour), int(minute)))
                if start <= at < end:
                    yield at
        day += DAY


def _is_named(day: date, of_month: str, of_week: str) -> bool:
    if of_month != "*":
        return day.day in {int(one) for one in of_month.split(",")}
    if of_week == "*":
        return True
    name, _, nth = of_week.partition("#")
    wanted = "SUN" if name == SUNDAY else name
    return WEEKDAYS[day.weekday()] == wanted and (not nth or (day.day - 1) // 7 + 1 == int(nth))


def end_of_night(at: datetime, begins: time, ends: time) -> datetime | None:
    """When the night that holds the instant ends, in the morning; None by day."""
    today = local_day(at)
    for day in (today - DAY, today):
        if instant(day, begins) <= at < instant(day + DAY, ends):
            return instant(day + DAY, ends)
    return None
