"""What a series of single values has been like: its latest values in order of size, and those of the same hour."""

from bisect import bisect_left, bisect_right, insort
from collections import deque
from dataclasses import dataclass, field
from statistics import median

MINUTE = 60
HOUR = 3_600
DAY = 86_400
WEEK = 7 * DAY
DAYS = 7
WEEKS = 4
COARSE = 900
AROUND = tuple(MINUTE * m for m in (-10, -5, 0, 5, 10))
RECENT = 6 * HOUR
LEAST_RECENT = 6


@dataclass
class Ranked:
    """The latest `size` values, kept sorted as well, so that any quantile costs nothing."""

    size: int
    _arrived: deque[float] = field(default_factory=deque)
    _sorted: list[float] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._sorted)

    def add(self, value: float) -> None:
        """Take a value in and let the oldest go."""
        self._arrived.append(value)
        insort(self._sorted, value)
        if len(self._arrived) > self.size:
            del self._sorted[bisect_left(self._sorted, self._arrived.popleft())]

    def quantile(self, share: float) -> float:
        """The value that `share` of all do not exceed (nearest rank); 0 when empty."""
        return self._rank(0, share)

    def positive_quantile(self, share: float) -> float:
        """The same among the values above zero only; 0 when there is none."""
        return self._rank(bisect_right(self._sorted, 0.0), share)

    def _rank(self, first: int, share: float) -> float:
        count = len(self._sorted) - first
        return self._sorted[first + min(count - 1, int(share * count))] if count else 0.0


@dataclass
class Peak:
    """The greatest value of the last `span` seconds."""

    span: float
    _falling: deque[tuple[float, float]] = field(default_factory=deque)

    def at(self, ts: float) -> float:
        """The greatest value added since `ts - span`; 0 when there is none."""
        while self._falling and ts - self._falling[0][0] > self.span:
            self._falling.popleft()
        return self._falling[0][1] if self._falling else 0.0

    def add(self, ts: float, value: float) -> None:
        """Take the value of `ts`, which is later than all before."""
        while self._falling and self._falling[-1][1] <= value:
            self._falling.pop()
        self._falling.append((ts, value))


class Seasons:
    """What to expect now: the median of the last hours, of this time of day, and of this time of the week.

    Each is only given when enough of its past is known, so a young series has fewer references, or none.
    """

    def __init__(self, step: float) -> None:
        self._step = step
        self._recent = Ranked(max(LEAST_RECENT, int(RECENT / step)))
        self._by_slot: dict[int, float] = {}
        near = (-step, 0, step) if step <= HOUR else (0,)
        around = AROUND if step < COARSE else near
        self._days = self._offsets(DAY, DAYS, around)
        self._weeks = self._offsets(WEEK, WEEKS, around)
        self._least = (2 * len(around), len(around))
        self._horizon = self._slot(WEEKS * WEEK + HOUR) + 1

    def _slot(self, seconds: float) -> int:
        return round(seconds / self._step)

    def _offsets(self, period: float, times: int, around: tuple[float, ...]) -> tuple[int, ...]:
        """How many buckets back the same time of the last periods lies, with its neighbourhood."""
        return tuple(self._slot(n * period) - int(near / self._step) for n in range(1, times + 1) for near in around)

    def references(self, ts: float) -> list[float]:
        """One to three expectations for the bucket at `ts`, from earlier buckets only."""
        found = []
        if len(self._recent) >= LEAST_RECENT:
            found.append(self._recent.quantile(0.5))
        now, known = self._slot(ts), self._by_slot
        for offsets, least in zip((self._days, self._weeks), self._least, strict=True):
            values = [known[now - back] for back in offsets if now - back in known]
            if len(values) >= least:
                found.append(median(values))
        return found

    def add(self, ts: float, value: float) -> None:
        """Remember the value of the bucket at `ts`."""
        now = self._slot(ts)
        self._recent.add(value)
        self._by_slot[now] = value
        while (oldest := next(iter(self._by_slot))) < now - self._horizon:
            del self._by_slot[oldest]
