"""When something that grows reaches its limit: the day that is as likely too early as too late, and a 90 % interval."""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from shared.domain.forecasts import student_t
from shared.domain.trends import BUSY_VARIANCE, Daily, Trend, trend, variances

YEAR = 365
CONFIDENCE = 90
SOON, LATER = 30, 90  # days


class Room(StrEnum):
    """How much time is left; what decides is the interval's early end."""

    PLENTY = "plenty"
    LITTLE = "less than 90 days"
    NONE = "less than 30 days"


@dataclass(frozen=True, slots=True)
class Exhaustion:
    """In how many days a busy day (one in ten) reaches the limit: 0 means by now, None not within a year.

    In 5 % of cases it is before `early`, in 5 % after `late`. `growth` is the trend a day, `level` a busy day's value
    now, both in the series' unit; `days` how many were measured.
    """

    limit: float
    level: float
    growth: float
    early: int | None
    likely: int | None
    late: int | None
    days: int

    @property
    def room(self) -> Room:
        """How much time is left."""
        if self.early is None or self.early >= LATER:
            return Room.PLENTY
        return Room.NONE if self.early < SOON else Room.LITTLE


def exhaustion(values: Daily, limit: float) -> Exhaustion | None:
    """When the limit is reached, from daily values by the number of the day; None where they are too few.

    The interval holds the days on which the bounds of the line reach the limit: its own uncertainty (Draper, Smith:
    "Applied Regression Analysis", 3rd ed., 1.4) and that of how much a busy day is above it.
    """
    line = trend(values)
    if line is None:
        return None
    reach = [_reach(line, ahead) for ahead in range(YEAR + 1)]
    expected = [line.expected(ahead) for ahead in range(YEAR + 1)]

    def first(side: int) -> int | None:
        """The first day on which the expected value, `side` times its reach further, is at the limit."""
        values = (value + side * far for value, far in zip(expected, reach, strict=True))
        return next((ahead for ahead, value in enumerate(values) if value >= limit), None)

    return Exhaustion(limit, expected[0], line.slope, first(1), first(0), first(-1), len(line.days))


def _reach(line: Trend, ahead: int) -> float:
    """Half the width of the interval so many days after the last."""
    level, slope, both = variances(line)
    busy = BUSY_VARIANCE * line.spread**2 * (1 - line.kept) / len(line.days)
    variance = level + 2 * ahead * both + ahead**2 * slope + busy
    return student_t((1 + CONFIDENCE / 100) / 2, line.freedom) * sqrt(max(0.0, variance))
