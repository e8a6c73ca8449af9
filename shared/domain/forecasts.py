"""A forecast of sums: a straight line through whole weeks, and the interval in which the next sum lies.

Weeks, because days differ by weekday. The line and the interval of a sum of future values are those of ordinary least
squares (Draper, Smith: "Applied Regression Analysis", 3rd ed., 1.4 and 3.1); the quantile of Student's t is the
expansion 26.7.5 of Abramowitz, Stegun: "Handbook of Mathematical Functions", within half a percent from 4 degrees on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import NormalDist, fmean, linear_regression

LEAST_WEEKS = 6
CONFIDENCE = 80
WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Forecast:
    """The sum of the next `days`, and the bounds within which it lies in `confidence` percent of cases."""

    value: float
    low: float
    high: float
    days: int
    confidence: int = CONFIDENCE


def forecast(weeks: Sequence[float], days: int) -> Forecast | None:
    """The next days' sum after these weekly sums, oldest first; None of fewer than six weeks. Never below zero."""
    count = len(weeks)
    if count < LEAST_WEEKS:
        return None
    places = range(count)
    slope, start = linear_regression(places, weeks)
    ahead = days / WEEK_DAYS
    middle = count - 1 + (ahead + 1) / 2  # of the weeks to come
    value = ahead * (start + slope * middle)
    left = [week - (start + slope * place) for place, week in zip(places, weeks, strict=True)]
    noise = sum(one * one for one in left) / (count - 2)
    spread = sum((place - fmean(places)) ** 2 for place in places)
    variance = noise * (ahead + ahead**2 * (1 / count + (middle - fmean(places)) ** 2 / spread))
    reach = student_t((1 + CONFIDENCE / 100) / 2, count - 2) * sqrt(variance)
    return Forecast(max(0.0, value), max(0.0, value - reach), max(0.0, value + reach), days)


def student_t(share: float, degrees: int) -> float:
    """The value below which a share of Student's distribution lies."""
    x = NormalDist().inv_cdf(share)
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    return x + fsum(term / degrees ** (power + 1) for power, term in enumerate(terms))
