"""The usual value: the same hour of the week over the past weeks, compared like with like."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from shared.domain.histograms import merged
from shared.domain.metrics import Kind, Metric, Point, Statistic
from shared.domain.series import HOUR, Series, value_over

DAY = 24 * HOUR
WEEK = 7 * DAY
WEEKS = 4
LEAST_WEEKS = 2
TRAILING = (25, 1)  # hours before the present hour: a day that ended an hour ago
SILENCE_DAYS = 7
LEAST_OF_SHARE = 200  # measurements in a window whose share shall mean something: +-3 points at 5 %
LEAST_OF_VALUE = 30

Span = tuple[float, float]


class How:
    """The words for how a baseline was found."""

    WEEKS = "the same hour of the week"
    TRAILING = "the last 24 hours"
    NONE = "no history yet"


@dataclass(frozen=True, slots=True)
class Season:
    """Days that have a rhythm of their own (Ramadan); they are compared only with themselves."""

    name: str
    start: datetime
    end: datetime

    def holds(self, at: float) -> bool:
        """True when the instant (epoch seconds) lies in the season."""
        return self.start.timestamp() <= at < self.end.timestamp()


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual: `value` in the metric's unit, `bad_share` for ratios (0 to 1); None where nothing is known."""

    value: float | None = None
    bad_share: float | None = None
    how: str = How.NONE


def baseline(
    series: Series, end: float, *, span: int = HOUR, left_out: Sequence[Span] = (), seasons: Iterable[Season] = ()
) -> Baseline:
    """The median of the same window in up to four past weeks of the same season; else the last 24 hours, pooled.

    A window with too few measurements is none: at a dozen an hour the day says more than the hour. Hours that touch a
    span of `left_out` (incidents, maintenance) count for nothing.
    """
    hour = _anchor(end, span)
    season = _season_at(hour, seasons := tuple(seasons))
    past = [hour - week * WEEK for week in range(1, WEEKS + 1)]
    alike = [
        _measured(series, _hours_of_window(at, span), left_out) for at in past if _season_at(at, seasons) == season
    ]
    weeks = [points for points in alike if _is_enough(series.metric, points)]
    if len(weeks) >= LEAST_WEEKS:
        values = [value for points in weeks if (value := value_over(series.metric, points)) is not None]
        shares = [_bad_share(points) for points in weeks]
        return Baseline(median(values) if values else None, median(shares), How.WEEKS)
    trailing = _measured(series, [hour - back * HOUR for back in range(TRAILING[0], TRAILING[1], -1)], left_out)
    if not _is_enough(series.metric, trailing):
        return Baseline()
    return Baseline(_typical(series, trailing), _bad_share(trailing), How.TRAILING)


def usual_rate(series: Series, end: float, *, seasons: Iterable[Season] = ()) -> float:
    """Measurements a second: the median of this hour over the past seven days (weekdays like weekdays first).

    The same weekday decides where two of its weeks are known, because a weekend is not a weekday.
    """
    hour = _anchor(end, HOUR)
    seasons = tuple(seasons)
    season = _season_at(hour, seasons)
    for step, most, least in ((WEEK, WEEKS, LEAST_WEEKS), (DAY, SILENCE_DAYS, 1)):
        hours = [hour - back * step for back in range(1, most + 1) if _season_at(hour - back * step, seasons) == season]
        rates = sorted(point.count / HOUR for start in hours if (point := series.hour(start)) is not None)
        if len(rates) >= least:
            return rates[(len(rates) - 1) // 2]
    return 0.0


def _anchor(end: float, span: int) -> float:
    """The hour that the last minute before `end` lies in; longer windows end at whole hours."""
    last = end - 1 if span <= HOUR else end
    return last - last % HOUR


def _hours_of_window(hour: float, span: int) -> list[float]:
    """The hour itself, or for longer spans the whole hours that end with it."""
    if span <= HOUR:
        return [hour]
    return [hour - back * HOUR for back in range(span // HOUR, 0, -1)]


def _measured(series: Series, hours: Iterable[float], left_out: Sequence[Span]) -> list[Point]:
    points = (series.hour(start) for start in hours if not _touches(start, left_out))
    return [point for point in points if point is not None and point.count]


def _is_enough(metric: Metric, points: Sequence[Point]) -> bool:
    least = {Kind.RATIO: LEAST_OF_SHARE, Kind.VALUE: LEAST_OF_VALUE, Kind.COUNT: 1}[metric.kind]
    return sum(point.count for point in points) >= least


def _touches(hour: float, spans: Sequence[Span]) -> bool:
    return any(start < hour + HOUR and hour < end for start, end in spans)


def _bad_share(points: Sequence[Point]) -> float:
    """The share of failures, one per client; of counts and values it is nothing."""
    count = sum(point.count for point in points)
    return sum(min(point.bad_clients, point.count) for point in points) / count if count else 0.0


def _typical(series: Series, points: Sequence[Point]) -> float | None:
    """One window's usual value from many: sums and counts by the hour, everything else pooled."""
    metric = series.metric
    if metric.kind is Kind.COUNT:
        values = [value for point in points if (value := value_over(metric, [point])) is not None]
        return median(values) if values else None
    if metric.statistic is Statistic.PERCENTILE and metric.kind is Kind.VALUE:
        return merged(point.histogram for point in points).percentile(metric.percentile)
    return value_over(metric, points)


def _season_at(at: float, seasons: Iterable[Season]) -> str:
    return next((season.name for season in seasons if season.holds(at)), "")
