"""Whether a month was worse than the one before by more than chance: its days against the other's days.

Days are compared by rank (Mann, Whitney, Ann. Math. Stat. 18, 1947; normal approximation with ties and continuity
correction, 20 days or more), so one bad day says little. Days that hang together are worth fewer: the variance grows by
(1 + r) / (1 - r), r the first autocorrelation. Of many metrics one is always unlucky: Holm's correction (Scand. J.
Stat. 6, 1979) keeps the chance of any false word at `ALPHA`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import sqrt
from statistics import NormalDist, fmean, median

from shared.domain.figures import Figure, Standing, Trend
from shared.domain.findings import move_size
from shared.domain.metrics import Statistic

LEAST_DAYS = 20
LEAST_MOVE = 5.0  # percent (of a share: of its distance to its nearer end); less is no matter, however sure
ALPHA = 0.05
MOST_KEPT = 0.9

Days = Sequence[float | None]  # of a month, in order; None is a day without measurements


@dataclass(frozen=True, slots=True)
class Months:
    """A metric's month beside the one before: what each came to, and their days."""

    figure: Figure
    days: Days = ()
    before: Days = ()

    @property
    def is_exact(self) -> bool:
        """True for what is a fact at each time (the newest build's size): nothing about its change is chance."""
        return self.figure.metric.statistic is Statistic.LAST

    @property
    def can_tell(self) -> bool:
        """True when there is enough of both months."""
        if self.figure.value is None or self.figure.before is None:
            return False
        enough = all(sum(day is not None for day in days) >= LEAST_DAYS for days in (self.days, self.before))
        return self.is_exact or enough


class Grade(StrEnum):
    """What the month was."""

    WELL = "no worse than last month"
    WORSE = "worse than last month"
    WORSE_AND_MISSED = "worse than last month, and beyond the target"
    MISSED = "beyond the target, no more so than last month but for chance"
    UNKNOWN = "too little was measured"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """`chance` is the corrected probability of such a difference between equal months; None of a fact."""

    figure: Figure
    grade: Grade
    chance: float | None = None


def benchmarks(months: Mapping[str, Months]) -> dict[str, Benchmark]:
    """Each metric's month, graded; by the metric's name."""
    told = {name: one for name, one in months.items() if one.can_tell}
    chances = holm({name: chance_of(one.days, one.before) for name, one in told.items() if not one.is_exact})
    return {name: _graded(one, chances.get(name)) for name, one in months.items()}


def chance_of(days: Days, before: Days) -> float:
    """The two-sided probability that days as different as these come of two equal months."""
    now, past = ([day for day in one if day is not None] for one in (days, before))
    every = sorted([*now, *past])
    counts = Counter(every)
    ranks, passed = {}, 0
    for value in sorted(counts):
        ranks[value] = passed + (counts[value] + 1) / 2
        passed += counts[value]
    size, other, both = len(now), len(past), len(every)
    above = sum(ranks[value] for value in now) - size * (size + 1) / 2
    ties = sum(count**3 - count for count in counts.values()) / (both * (both - 1))
    variance = size * other / 12 * (both + 1 - ties)
    kept = max(0.0, min(MOST_KEPT, fmean((_kept(days), _kept(before)))))
    if variance <= 0:
        return 1.0
    far = max(0.0, abs(above - size * other / 2) - 0.5) / sqrt(variance * (1 + kept) / (1 - kept))
    return 2 * (1 - NormalDist().cdf(far))


def holm(chances: Mapping[str, float]) -> dict[str, float]:
    """The chances, each raised so that all can be held against the same level."""
    found, worst = {}, 0.0
    for number, (name, chance) in enumerate(sorted(chances.items(), key=lambda pair: pair[1])):
        worst = max(worst, min(1.0, chance * (len(chances) - number)))
        found[name] = worst
    return found


def _graded(one: Months, chance: float | None) -> Benchmark:
    figure = one.figure
    if not one.can_tell:
        return Benchmark(figure, Grade.UNKNOWN)
    is_sure = chance is None or chance < ALPHA
    moved = abs(figure.change or 0.0) if one.is_exact else move_size(figure) or 0.0
    is_worse = figure.trend is Trend.WORSE and is_sure and moved >= LEAST_MOVE
    if figure.standing is Standing.MISSED:
        return Benchmark(figure, Grade.WORSE_AND_MISSED if is_worse else Grade.MISSED, chance)
    return Benchmark(figure, Grade.WORSE if is_worse else Grade.WELL, chance)


def _kept(days: Days) -> float:
    """The first autocorrelation about the month's median."""
    middle = median(day for day in days if day is not None)
    off = [None if day is None else day - middle for day in days]
    square = fmean(one * one for one in off if one is not None)
    pairs = [one * two for one, two in pairwise(off) if one is not None and two is not None]
    return fmean(pairs) / square if pairs and square else 0.0
