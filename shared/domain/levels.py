"""When a series of single values (a latency, a crash rate, an order volume) leaves what is usual for it.

A value that comes without counts cannot be tested exactly; all there is to hold it against is its own history. It has
to be far outside every expectation there is (the last hours, this time of day, this time of the week), by the measure
of how far it usually strays, and by a factor that somebody would call a change. Such an alert warns; it proves nothing.

The numbers are few, the same for every series of a nature, and lie on a plateau: on labelled production series four to
six sigma, a prominence of up to 0.5 (latencies: 0.4 to 1) and coarse factors of 1.25 to 2 all keep half of the alerts
or more right, and each group of series above the plain detectors of its kind. Less than two minutes of evidence does
not.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median

from shared.domain.detection import HOURLY, Event
from shared.domain.levels_memory import MINUTE, WEEK, Peak, Ranked, Seasons

SIGMAS = 5.0
ONE_SIGMA = 0.6827  # the share of a normal distribution within one standard deviation
MEMORY = 4 * WEEK
LONGEST_MEMORY = 4_000  # buckets: keeps a bucket under a tenth of a millisecond
LEAST_MEMORY = 24  # buckets, after the six that the first expectation takes: a day and a quarter of hours
EVIDENCE = 2 * MINUTE
CLEAR_BUCKETS = 2
CLEAR_SHARE = 0.5
LEAST_FACTOR = 1.25
LEAST_FACTOR_COARSE = 1.5
PROMINENCE = 0.25
PROMINENCE_LATENCY_COARSE = 0.7


class Nature(StrEnum):
    """What kind of figure it is, which decides how much noise is to be expected of it at least."""

    LATENCY = "latency"  # a duration: heavy-tailed, spikes of single buckets are its nature
    COUNT = "count"  # whole events: at least as noisy as Poisson's law says
    LEVEL = "level"  # a rate, a share, a key figure


class Departure(StrEnum):
    """Why an alert fires."""

    ABOVE = "far above what is usual at this time"
    BELOW = "far below what is usual at this time"


def nature_of(metric: str, unit: str = "") -> Nature:
    """Told by unit and name alone: durations have a unit of time, counts are called so."""
    if unit in {"ms", "s"} or "latency" in metric or metric.endswith(("_time", "_duration")):
        return Nature.LATENCY
    if unit == "count" or metric.endswith(("_count", "_volume")):
        return Nature.COUNT
    return Nature.LEVEL


def _prominence(nature: Nature, step: float) -> float:
    """Which share of the greatest excess of the past week an excess must reach.

    After a large spike the small ones that are everyday in such a series are no news for a week. An hourly latency is
    one bucket of evidence and throws the most; in a finer one faults follow each other within minutes, each of them
    news.
    """
    if nature is Nature.LATENCY:
        return PROMINENCE_LATENCY_COARSE if step >= HOURLY else 0.0
    return PROMINENCE


@dataclass
class _Side:
    """Excesses in one direction (`sign` 1 up, -1 down) over the expectation that explains the value best."""

    sign: int
    factor: float
    prominence: float
    past: Ranked
    peak: Peak = field(default_factory=lambda: Peak(WEEK))

    def edge(self, references: Iterable[float]) -> float:
        """The reference furthest in this direction: an excess over it is an excess over all."""
        return max(references) if self.sign > 0 else min(references)

    def limit(self, edge: float, noise: float) -> float:
        """The excess that is more than five sigma and more than the least factor (twice as much, or half)."""
        share = self.factor - 1 if self.sign > 0 else 1 - 1 / self.factor
        return max(SIGMAS * noise, SIGMAS * self.past.positive_quantile(ONE_SIGMA), share * abs(edge))

    def excess(self, value: float, edge: float) -> float:
        """How far `value` lies beyond `edge`."""
        return self.sign * (value - edge)


class LevelDetector:
    """Fed bucket by bucket, it never looks ahead; the same values give the same events.

    `direction` is "up", "down" or "both", `step` the length of a bucket in seconds. Buckets without a value are not
    fed: they are no evidence, and never a resolve.
    """

    def __init__(self, nature: Nature, direction: str, step: float) -> None:
        self._nature = nature
        self._step = step
        self._seasons = Seasons(step)
        size = max(LEAST_MEMORY, min(int(MEMORY / step), LONGEST_MEMORY))
        factor = LEAST_FACTOR_COARSE if step >= HOURLY else LEAST_FACTOR
        prominence = _prominence(nature, step)
        self._above = _Side(1, factor, prominence, Ranked(size))
        self._below = _Side(-1, factor, prominence, Ranked(size))
        self._strays = Ranked(size)
        self._watched = {"up": (self._above,), "down": (self._below,)}.get(direction, (self._above, self._below))
        self._needed = math.ceil(EVIDENCE / step)
        self._last = -math.inf
        self._bad = 0
        self._calm = 0
        self._open = False

    def feed(self, ts: float, value: float) -> Event | None:
        """Take the value of [ts, ts + step); values that are not numbers, or come out of order, are passed over."""
        if not math.isfinite(value) or ts <= self._last:
            return None
        self._last = ts
        references = self._seasons.references(ts)
        if not references:
            self._seasons.add(ts, value)
            return None
        middle = median(references)
        noise = self._noise(middle)
        event = self._judged(ts, value, references, noise) if len(self._strays) >= LEAST_MEMORY else None
        self._learn(ts, value, references, noise)
        return event

    def _noise(self, middle: float) -> float:
        strays = self._strays.quantile(ONE_SIGMA)
        return max(strays, math.sqrt(max(middle, 1.0))) if self._nature is Nature.COUNT else strays

    def _judged(self, ts: float, value: float, references: list[float], noise: float) -> Event | None:
        breached, calm = None, True
        for side in self._watched:
            edge = side.edge(references)
            excess, limit = side.excess(value, edge), side.limit(edge, noise)
            if excess > max(limit, side.prominence * side.peak.at(ts)):
                breached = side
            calm = calm and excess < CLEAR_SHARE * limit
        return self._resolved(ts, calm=calm) if self._open else self._fired(ts, breached)

    def _fired(self, ts: float, breached: _Side | None) -> Event | None:
        """Two minutes of evidence: a coarse bucket is enough, of fine ones it takes some in a row."""
        self._bad = self._bad + 1 if breached else 0
        if not breached or self._bad < self._needed:
            return None
        self._open, self._calm = True, 0
        return Event(ts + self._step, "fire", Departure.ABOVE if breached.sign > 0 else Departure.BELOW)

    def _resolved(self, ts: float, *, calm: bool) -> Event | None:
        self._calm = self._calm + 1 if calm else 0
        if self._calm < CLEAR_BUCKETS:
            return None
        self._open, self._bad = False, 0
        return Event(ts + self._step, "resolve")

    def _learn(self, ts: float, value: float, references: list[float], noise: float) -> None:
        """What is beyond the limit is learned as if it were just at it.

        So an outage hardly spoils what is usual, while a lasting change becomes usual within hours.
        """
        kept = value
        if len(self._strays) >= LEAST_MEMORY:
            high, low = self._above.edge(references), self._below.edge(references)
            kept = min(max(value, low - self._below.limit(low, noise)), high + self._above.limit(high, noise))
        for side in (self._above, self._below):
            edge = side.edge(references)
            side.peak.add(ts, side.excess(value, edge))
            side.past.add(side.excess(kept, edge))
        self._strays.add(abs(kept - median(references)))
        self._seasons.add(ts, kept)
