"""A straight line through daily values that neither outliers nor the week's rhythm bend, and how far off it may be.

The slope is Sen's, within each weekday (Sen, JASA 63, 1968; Hirsch, Slack, Smith, Water Resources Research 18, 1982):
the median of the slopes between all days a whole number of weeks apart. How sure it is follows from what is left of
each day against the same weekday of the week before, as a first-order autoregression: how far days scatter (median
absolute deviation) and how much of a deviation the next day keeps. What accumulates (stored bytes) keeps nearly all.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from statistics import fmean, median

WEEK_DAYS = 7
LEAST_DAYS = 14
NORMAL = 1.4826  # of a median absolute deviation, to a standard deviation
NORMAL_MEAN = 1.2533  # of a mean absolute deviation
FAR = 3.0  # deviations that are further out are taken for this many
MOST_KEPT = 0.995
BUSY = 0.9
BUSY_VARIANCE = 2.9  # of the ninth decile of n normal values, times n

Daily = Mapping[int, float]  # by the number of the day; a day that was not measured is not there


@dataclass(frozen=True, slots=True)
class Trend:
    """The line's `slope` a day and its `level` on the day `last`; one day in ten is `busy` above it, or more.

    `spread` is the days' standard deviation about the line, of which the next day keeps the share `kept`;
    `deviation` is that of the last day.
    """

    slope: float
    level: float
    busy: float
    spread: float
    kept: float
    deviation: float
    days: tuple[int, ...]

    @property
    def last(self) -> int:
        """The newest day."""
        return self.days[-1]

    @property
    def freedom(self) -> int:
        """Degrees of freedom that are left for the scatter, as good as half of them in a median."""
        return max(3, (len(self.days) - WEEK_DAYS - 1) // 2)

    def expected(self, ahead: int) -> float:
        """A busy day so many days after the last."""
        return self.level + self.slope * ahead + self.busy + self.deviation * self.kept ** (ahead + 1)


def trend(values: Daily) -> Trend | None:
    """The line through the days; None while they are fewer than 14, or hardly any has the same weekday before it."""
    days = tuple(sorted(values))
    weekly = [(day, values[day] - values[day - WEEK_DAYS]) for day in days if day - WEEK_DAYS in values]
    if len(days) < LEAST_DAYS or len(weekly) < WEEK_DAYS:
        return None
    slope = median(_slopes(values))
    change = {day: one - WEEK_DAYS * slope for day, one in weekly}
    scatter = _scatter(tuple(change.values()))
    kept = _kept(change, FAR * scatter)
    left = {day: values[day] - slope * day for day in days}
    about = median(left.values())
    off = sorted(one - about for one in left.values())
    spread = scatter / sqrt(2 * (1 - kept**WEEK_DAYS))
    usual = median(left[day] for day in days if (days[-1] - day) % WEEK_DAYS == 0)
    deviation = within(left[days[-1]] - usual, FAR * spread)
    busy = max(0.0, off[int(BUSY * (len(off) - 1))])
    return Trend(slope, about + slope * days[-1], busy, spread, kept, deviation, days)


@lru_cache(maxsize=4)
def variances(line: Trend) -> tuple[float, float, float]:
    """Of the line's level on the last day, of its slope, and their covariance, as least squares has them."""
    days = line.days
    count, middle = len(days), fmean(days)
    inside = sum((day - middle) ** 2 for day in days)
    slope = [(day - middle) / inside for day in days]
    level = [1 / count + (line.last - middle) * one for one in slope]
    powers = [line.spread**2 * line.kept**gap for gap in range(line.last - days[0] + 1)]

    def joint(one: Sequence[float], two: Sequence[float]) -> float:
        return sum(
            a * b * powers[abs(day - other)]
            for a, day in zip(one, days, strict=True)
            for b, other in zip(two, days, strict=True)
        )

    return joint(level, level), joint(slope, slope), joint(level, slope)


def within(value: float, bound: float) -> float:
    """The value, or the bound where it is further out."""
    return max(-bound, min(bound, value))


def _slopes(values: Daily) -> Iterator[float]:
    by_weekday: dict[int, list[int]] = defaultdict(list)
    for day in sorted(values):
        by_weekday[day % WEEK_DAYS].append(day)
    for days in by_weekday.values():
        for number, early in enumerate(days):
            yield from ((values[late] - values[early]) / (late - early) for late in days[number + 1 :])


def _scatter(changes: Sequence[float]) -> float:
    """Of most days; of all where most do not differ at all."""
    sizes = [abs(one) for one in changes]
    return NORMAL * median(sizes) or NORMAL_MEAN * fmean(sizes)


def _kept(changes: Daily, bound: float) -> float:
    """How much of a deviation the next day keeps, 0 to 0.995, one standard error to the careful side.

    Of changes over a week a share r is kept where the days keep p: r = (2 p - p^6 - p^8) / (2 - 2 p^7).
    """
    held = {day: within(one, bound) for day, one in changes.items()}
    pairs = [(one, held[day + 1]) for day, one in held.items() if day + 1 in held]
    square = fmean(one * one for one in held.values())
    if not pairs or not square:
        return 0.0
    found = fmean(one * two for one, two in pairs) / square + 1 / sqrt(len(held))
    low, high = 0.0, MOST_KEPT
    for _ in range(20):
        middle = (low + high) / 2
        of_week = (2 * middle - middle**6 - middle**8) / (2 - 2 * middle**7)
        low, high = (middle, high) if of_week < found else (low, middle)
    return (low + high) / 2
