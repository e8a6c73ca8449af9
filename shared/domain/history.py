"""A metric's points over months, kept compactly, and a series over them whose end moves: what a replay looks at."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from shared.domain.counts import Counts
from shared.domain.detection import HOURLY_WINDOWS
from shared.domain.histograms import Histogram, merged
from shared.domain.metrics import Metric, Point
from shared.domain.series import EMPTY, HOUR, MINUTE, Reading, Series, Side


@dataclass(slots=True)
class History:
    """The points of one metric: whole hours before `since` (epoch seconds, a whole hour), minutes from it on.

    An array a column, because a quarter of a year of minutes with their distributions would fill the memory as objects.
    """

    since: int
    starts: "array[int]" = field(default_factory=lambda: array("q"))
    hours: dict[int, Point] = field(default_factory=dict)
    _counts: "array[int]" = field(default_factory=lambda: array("q"))
    _totals: "array[float]" = field(default_factory=lambda: array("d"))
    _bad: "array[int]" = field(default_factory=lambda: array("q"))
    _clients: "array[int]" = field(default_factory=lambda: array("q"))
    _offsets: "array[int]" = field(default_factory=lambda: array("q", [0]))
    _indices: "array[int]" = field(default_factory=lambda: array("i"))
    _numbers: "array[int]" = field(default_factory=lambda: array("i"))

    def append(self, points: Iterable[Point]) -> None:
        """Add minutes, each later than all before it."""
        for point in points:
            self.starts.append(int(point.start.timestamp()))
            self._counts.append(point.count)
            self._totals.append(point.total)
            self._bad.append(point.bad)
            self._clients.append(point.bad_clients)
            self._indices.extend(point.histogram.indices)
            self._numbers.extend(point.histogram.counts)
            self._offsets.append(len(self._indices))

    def first(self, start: float) -> int:
        """The number of the first minute at or after the instant."""
        return bisect_left(self.starts, start)

    def point(self, number: int) -> Point:
        """A minute as a value."""
        return Point(
            start=datetime.fromtimestamp(self.starts[number], UTC),
            count=self._counts[number],
            total=self._totals[number],
            bad=self._bad[number],
            bad_clients=self._clients[number],
            histogram=self._histogram(number),
        )

    def hour(self, start: int) -> Point | None:
        """The whole hour that starts there, made of its minutes and kept; None when nothing was measured in it."""
        if start >= self.since and start not in self.hours:
            whole = self.part(start, start + HOUR)
            if whole is None:
                return None
            self.hours[start] = whole
        return self.hours.get(start)

    def part(self, start: int, end: int) -> Point | None:
        """The minutes in [start, end), which lie in one hour, as a point; None when nothing was measured in them."""
        inside = range(self.first(start), self.first(end))
        return self._summed(start, inside) if inside else None

    def trials(self, number: int) -> int:
        """How many measurements a minute has."""
        return self._counts[number]

    def trials_and_failures(self, number: int, reading: Reading) -> tuple[int, int]:
        """What the reading sees in a minute."""
        count = self._counts[number]
        if reading.side is Side.BAD:
            return count, min(self._clients[number], count)
        return count, reading.failures(self.point(number))

    def _histogram(self, number: int) -> Histogram:
        low, high = self._offsets[number], self._offsets[number + 1]
        return Histogram(tuple(self._indices[low:high]), tuple(self._numbers[low:high])) if high > low else EMPTY

    def _summed(self, start: int, numbers: range) -> Point:
        low, high = numbers.start, numbers.stop
        return Point(
            start=datetime.fromtimestamp(start, UTC),
            length=timedelta(hours=1),
            count=sum(self._counts[low:high]),
            total=sum(self._totals[low:high]),
            bad=sum(self._bad[low:high]),
            bad_clients=sum(self._clients[low:high]),
            histogram=merged(map(self._histogram, numbers)),
        )


class MovingCounts(Counts):
    """Cumulative sums that grow with the replay; whole hours stand for what lies before the series' minutes."""

    __slots__ = ("_history", "_hours_from", "_hours_until", "_low", "_next", "_of_hours", "_reading", "_until", "since")

    def __init__(self, history: History, reading: Reading) -> None:
        super().__init__()
        self._history, self._reading = history, reading
        self.since = self._until = 0
        self._low, self._next = 0, 0
        self._of_hours = Counts()
        self._hours_from = self._hours_until = 0

    def reach(self, since: int, until: int) -> None:
        """Have every minute of [since, until) counted."""
        if self.since == since and self._until == until:
            return
        self.since, self._until = since, until
        reached = self._low + MINUTE * (len(self._trials) - 1)
        if since < self._low or since > reached:
            self._low = reached = since
            self._trials, self._failures = [0], [0]
            self._next = self._history.first(since)
        for start in range(reached, until, MINUTE):
            self._count(start)

    def _count(self, start: int) -> None:
        trials = failures = 0
        starts = self._history.starts
        if self._next < len(starts) and starts[self._next] == start:
            trials, failures = self._history.trials_and_failures(self._next, self._reading)
            self._next += 1
        self._trials.append(self._trials[-1] + trials)
        self._failures.append(self._failures[-1] + failures)

    def between(self, start: float, end: float) -> tuple[int, int]:
        """Trials and failures of the buckets that start in [start, end)."""
        if start < self.since:
            before = self._hours(start).between(start, self.since)
            trials, failures = self.between(self.since, end)
            return trials + before[0], failures + before[1]
        low, sums = self._low, self._trials
        first, last = -int((low - start) // MINUTE), -int((low - end) // MINUTE)
        if last >= len(sums):
            last = len(sums) - 1
        if last <= first:
            return 0, 0
        return sums[last] - sums[first], self._failures[last] - self._failures[first]

    def buckets(self, start: float, end: float) -> int:
        """How many buckets start in [start, end)."""
        first = -int((self._low - max(start, self.since)) // MINUTE)
        last = min(-int((self._low - end) // MINUTE), len(self._trials) - 1)
        return max(0, last - first) + (self._hours(start).buckets(start, self.since) if start < self.since else 0)

    def _hours(self, start: float) -> Counts:
        """The whole hours from `start` on that lie before the minutes."""
        first = int(start // HOUR) * HOUR
        if not self._hours_until or first < self._hours_from:
            self._of_hours, self._hours_from, self._hours_until = Counts(), first, first
        for hour in range(self._hours_until, self.since, HOUR):
            if point := self._history.hour(hour):
                self._of_hours.append(hour, point.count, self._reading.failures(point))
        self._hours_until = max(self._hours_until, self.since)
        return self._of_hours


class MovingSeries(Series):
    """What an evaluation would have known at an instant that moves forward."""

    def __init__(self, metric: Metric, history: History) -> None:
        super().__init__(metric, since=float(history.since))
        self._history = history
        self._moving: dict[tuple[Side, int], MovingCounts] = {}

    def move(self, *, since: int, watermark: int) -> None:
        """To the evaluation whose minutes begin at `since` and whose source had come as far as `watermark`."""
        self.since, self.watermark = float(since), watermark
        self._hourly.clear()

    def hour(self, start: float) -> Point | None:
        """See `Series`; the hour that is not over yet is known as far as it goes."""
        if self.end is not None and start + HOUR > self.end:
            return self._history.part(int(start), int(self.end))
        return self._history.hour(int(start))

    def counts(self, reading: Reading, *, step: int = MINUTE) -> Counts:
        """See `Series`."""
        if step >= HOUR or self.watermark is None:
            return super().counts(reading, step=step)
        kept = self._moving.get(reading.key)
        if kept is None:
            kept = self._moving[reading.key] = MovingCounts(self._history, reading)
        kept.reach(int(self.since), int(self.watermark) + MINUTE)
        return kept

    def value(self, start: float, end: float) -> float | None:
        """Nothing: a replay shows no values, and percentiles of every minute would take most of its time."""
        del start, end
        return None

    def window(self, start: float, end: float) -> list[Point]:
        """See `Series`."""
        seen = min(end, end if self.watermark is None else self.watermark + MINUTE)
        first = self._history.first(max(start, self.since))
        return [self._history.point(number) for number in range(first, self._history.first(seen))]

    def latest(self, end: float) -> Point | None:
        """See `Series`."""
        at = self._history.first(end)
        return self._history.point(at - 1) if at and self._history.starts[at - 1] >= self.since else None

    def _by_hour(self, reading: Reading) -> Counts:
        last = int((self.end or self.since) - 1) // HOUR * HOUR
        starts = range(last - HOURLY_WINDOWS[-1] - HOUR, last + HOUR, HOUR)
        hours = ((start, self.hour(start)) for start in starts)
        return Counts((float(start), point.count, reading.failures(point)) for start, point in hours if point)
