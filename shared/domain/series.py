"""What is known of one metric at one instant: minutes lately, whole hours further back, and how complete it is."""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar, cast

from shared.domain.counts import Counts
from shared.domain.histograms import Histogram, bucket_of, merged
from shared.domain.metrics import Kind, Metric, Point, Statistic

MINUTE = 60
HOUR = 3_600
EMPTY = Histogram()

Found = TypeVar("Found")


class Side(StrEnum):
    """Which measurements fail a reading."""

    BAD = "bad"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Reading:
    """Turns points into trials and failures: failed ones, or values on the wrong side of `value`."""

    side: Side
    value: float = 0.0

    def failures(self, point: Point) -> int:
        """How many of the point's measurements fail."""
        if self.side is Side.BAD:
            return min(point.bad_clients, point.count)
        beyond = point.histogram.beyond(self.value)
        return beyond if self.side is Side.ABOVE else point.histogram.total - beyond

    @property
    def key(self) -> tuple[Side, int]:
        """Readings whose values lie in one bucket read the same."""
        return self.side, 0 if self.side is Side.BAD else bucket_of(self.value)


class Series:
    """The points of one metric: `minutes` from `since` on (an absent minute was empty), `hours` before and beside them.

    All instants are epoch seconds. `watermark` is the newest minute its source is known to have reached.
    """

    def __init__(
        self,
        metric: Metric,
        *,
        since: float,
        minutes: Iterable[Point] = (),
        hours: Iterable[Point] = (),
        watermark: float | None = None,
    ) -> None:
        self.metric = metric
        self.since = since
        self.watermark = watermark
        self.minutes = sorted(minutes, key=lambda point: point.start)
        self._starts = [point.start.timestamp() for point in self.minutes]
        self._hours = {point.start.timestamp(): point for point in hours}
        self._counts: dict[tuple[Side, int], Counts] = {}
        self._hourly: dict[tuple[Side, int], Counts] = {}
        self._remembered: dict[Hashable, Any] = {}

    def as_metric(self, metric: Metric) -> "Series":
        """The same points, read as another figure."""
        return Series(
            metric, since=self.since, minutes=self.minutes, hours=self._hours.values(), watermark=self.watermark
        )

    @property
    def end(self) -> float | None:
        """Everything before this instant has been seen, the newest minute perhaps in part."""
        return None if self.watermark is None else self.watermark + MINUTE

    def hour(self, start: float) -> Point | None:
        """The whole hour that starts there, if anything was measured in it."""
        return self._hours.get(start)

    def counts(self, reading: Reading, *, step: int = MINUTE) -> Counts:
        """Trials and failures by minute (whole hours before the first minute), or by hour; kept for later questions."""
        kept = self._hourly if step >= HOUR else self._counts
        if reading.key not in kept:
            kept[reading.key] = self._by_hour(reading) if step >= HOUR else self._by_minute(reading)
        return kept[reading.key]

    def remembered(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """What was found before under the key, else what `find` finds: rules that share a series ask the same of it."""
        if key not in self._remembered:
            self._remembered[key] = find()
        return cast("Found", self._remembered[key])

    def value(self, start: float, end: float) -> float | None:
        """The metric's value over the minutes in [start, end), to be shown beside what was decided."""
        return self.remembered(("value", start, end), lambda: value_over(self.metric, self.window(start, end)))

    def window(self, start: float, end: float) -> list[Point]:
        """The points of the minutes in [start, end)."""
        return self.minutes[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def latest(self, end: float) -> Point | None:
        """The newest measurement before `end`."""
        at = bisect_left(self._starts, end)
        return self.minutes[at - 1] if at else None

    def _by_minute(self, reading: Reading) -> Counts:
        counts = Counts(
            (start, point.count, reading.failures(point))
            for start, point in sorted(self._hours.items())
            if start + HOUR <= self.since
        )
        measured = dict(zip(self._starts, self.minutes, strict=True))
        last = self.watermark if self.watermark is not None else max(self._starts, default=self.since - MINUTE)
        for start in range(int(self.since), int(last) + MINUTE, MINUTE):
            point = measured.get(float(start))
            counts.append(start, point.count if point else 0, reading.failures(point) if point else 0)
        return counts

    def _by_hour(self, reading: Reading) -> Counts:
        return Counts((start, point.count, reading.failures(point)) for start, point in sorted(self._hours.items()))


def value_over(metric: Metric, points: Sequence[Point]) -> float | None:
    """The metric's value over the points in its unit (percent for shares); None when nothing was measured.

    A zero denominator is nothing measured, never 0 %.
    """
    count = sum(point.count for point in points)
    if metric.kind is Kind.COUNT:
        return float(sum(p.total for p in points) if metric.statistic is Statistic.SUM else count)
    if not count:
        return None
    if metric.kind is Kind.RATIO:
        bad = 100.0 * sum(point.bad for point in points) / count
        return 100.0 - bad if metric.good_share else bad
    if metric.statistic is Statistic.PERCENTILE:
        return merged(point.histogram for point in points).percentile(metric.percentile)
    if metric.statistic is Statistic.LAST:
        last = points[-1]
        return last.total / last.count if last.count else None
    if metric.statistic is Statistic.MAX:
        return max(point.total / point.count for point in points if point.count)
    return sum(point.total for point in points) / count
