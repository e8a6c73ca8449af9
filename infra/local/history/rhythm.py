"""When people are there: hours of the day, Egypt's weekend, Ramadan, and the weather of single hours and days."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from infra.local.history.dice import Stream, dice, spread

CAIRO = ZoneInfo("Africa/Cairo")
FRIDAY, SATURDAY = 4, 5
# Relative activity at 0:00, 1:00, ... 23:00 Cairo wall time, straight lines between; an ordinary week averages one.
WEEKDAY = (1.28, .72, .36, .17, .08, .08, .15, .30, .50, .72, .88, .98, 1.02, 1.02, .98, .95, .98, 1.12, 1.40, 1.75, 2.15, 2.45, 2.40, 1.90)  # fmt: skip  # noqa: E501
FRIDAYS = (1.35, .85, .45, .22, .10, .07, .09, .13, .22, .36, .50, .55, .42, .50, .80, .98, 1.10, 1.25, 1.50, 1.85, 2.25, 2.55, 2.50, 2.05)  # fmt: skip  # noqa: E501
SATURDAYS = (1.45, .90, .48, .23, .10, .07, .10, .18, .33, .55, .78, .95, 1.05, 1.08, 1.05, 1.02, 1.05, 1.18, 1.45, 1.80, 2.20, 2.50, 2.45, 1.95)  # fmt: skip  # noqa: E501
# Quiet while people fast, nearly nobody at iftar, the evening from tarawih on, a second peak until suhoor.
FASTING = (2.25, 2.05, 1.55, 1.00, .45, .18, .10, .12, .20, .35, .50, .62, .70, .75, .75, .68, .55, .38, .25, .75, 1.55, 2.20, 2.50, 2.45)  # fmt: skip  # noqa: E501
# First and last day in Egypt; 2027 and 2028 are forecasts, which the sighting of the moon may move by a day.
RAMADANS = (
    (date(2025, 3, 1), date(2025, 3, 30)),
    (date(2026, 2, 19), date(2026, 3, 19)),
    (date(2027, 2, 8), date(2027, 3, 9)),
    (date(2028, 1, 28), date(2028, 2, 25)),
)
SIGMA_OF_HOURS = 0.07
SIGMA_OF_DAYS = 0.05


def is_ramadan(day: date) -> bool:
    """True on a day of fasting."""
    return any(first <= day <= last for first, last in RAMADANS)


def cairo_day(at: float) -> date:
    """The property's zone decides which day an event belongs to."""
    return _day_of_hour(int(at) // 3600)


@lru_cache(maxsize=256)
def _day_of_hour(hour: int) -> date:
    return datetime.fromtimestamp(hour * 3600, UTC).astimezone(CAIRO).date()


def activity(minute: datetime) -> float:
    """How busy the marketplace is, relative to an average minute: about 0.07 before dawn, 2.5 in the evening."""
    local = minute.astimezone(CAIRO)
    now = _curve(local.date())[local.hour]
    later = local.replace(tzinfo=None) + timedelta(hours=1)
    ahead = _curve(later.date())[later.hour]
    return now + (ahead - now) * (local.minute / 60)


@lru_cache(maxsize=1024)
def _curve(day: date) -> tuple[float, ...]:
    if is_ramadan(day):
        return FASTING
    return {FRIDAY: FRIDAYS, SATURDAY: SATURDAYS}.get(day.weekday(), WEEKDAY)


def weather(seed: int, minute: datetime) -> float:
    """What makes one hour or day busier than the same one last week: a slow factor around one."""
    hours, seconds = divmod(int(minute.timestamp()), 3600)
    now, ahead = _gust(seed, hours), _gust(seed, hours + 1)
    return now + (ahead - now) * (seconds / 3600)


@lru_cache(maxsize=4096)
def _gust(seed: int, hour: int) -> float:
    of_the_hour = spread(dice(seed, Stream.WEATHER, hour), SIGMA_OF_HOURS)
    day = datetime.fromtimestamp(hour * 3600, UTC).astimezone(CAIRO).toordinal()
    return of_the_hour * spread(dice(seed + 1, Stream.WEATHER, day), SIGMA_OF_DAYS)
