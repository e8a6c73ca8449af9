"""How fast an error budget burns, over a long and a short window at once.

From "Alerting on SLOs" (The Site Reliability Workbook, chapter 5, multiwindow, multi-burn-rate alerts): a burn rate of
1 spends the budget of the period exactly; the long window says that it matters, the short one (a twelfth) that it is
still going on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

PERIOD = timedelta(days=30)

Counts = Callable[[timedelta], tuple[int, int]]
"""(bad, total) of the window of that length that ends now."""


class Burning(StrEnum):
    """What the two windows say together."""

    BREACHED = "both windows burn at least the factor"
    SHORT_CLEAN = "the long window is still hot, the short one is clean: over"
    NOT_YET = "only the short window burns: too little of the budget to matter"
    WITHIN = "neither window burns the factor"
    NO_EVIDENCE = "too few events to tell"


@dataclass(frozen=True, slots=True)
class BurnRate:
    """Fires when both windows burn at least `factor` times the budget."""

    factor: float
    long: timedelta
    short: timedelta


PAGE = (
    BurnRate(14.4, timedelta(hours=1), timedelta(minutes=5)),
    BurnRate(6.0, timedelta(hours=6), timedelta(minutes=30)),
)
TICKET = (
    BurnRate(3.0, timedelta(days=1), timedelta(hours=2)),
    BurnRate(1.0, timedelta(days=3), timedelta(hours=6)),
)


@dataclass(frozen=True, slots=True)
class Burned:
    """How a pair of windows was judged; a burn of None is a window without events.

    `spent`: the share of the period's budget that the long window took, had its traffic been the period's usual.
    """

    burning: Burning
    pair: BurnRate
    long: float | None
    short: float | None
    spent: float | None

    @property
    def breached(self) -> bool | None:
        """None when there is no evidence: neither a reason to fire nor to clear."""
        return None if self.burning is Burning.NO_EVIDENCE else self.burning is Burning.BREACHED


def burn_rate(bad: int, total: int, *, goal: float) -> float | None:
    """(bad / total) / (1 - goal), the goal a share such as 0.999; None of no events.

    The decimal figures are taken as written, so that exactly the factor is not lost to binary rounding. Raises
    ValueError for a goal that leaves no budget (1) or is no goal (0, 99.9).
    """
    budget = _budget(goal)
    return bad * budget.denominator / (total * budget.numerator) if total > 0 else None


@lru_cache(maxsize=64)
def goal_of(percent: float) -> float:
    """The goal as a share: 0.999 of 99.9, where dividing the binary numbers would give 0.9990000000000001."""
    return float(Fraction(str(percent)) / 100)


@lru_cache(maxsize=64)
def _budget(goal: float) -> Fraction:
    if not 0 < goal < 1:
        raise ValueError(f"the goal must be a share between 0 and 1 (0.999 for 99.9 %), both excluded; got {goal}")
    return 1 - Fraction(str(goal))


def burned(pair: BurnRate, counts: Counts, *, goal: float, least: int = 1, period: timedelta = PERIOD) -> Burned:
    """Judge one pair; a long window of fewer than `least` events is no evidence. Raises ValueError as `burn_rate`."""
    bad, total = counts(pair.long)
    long = burn_rate(bad, total, goal=goal)
    short = burn_rate(*counts(pair.short), goal=goal)
    spent = None if long is None else long * (pair.long / period)
    return Burned(_burning(pair.factor, long if total >= least else None, short), pair, long, short, spent)


def judged(pairs: Sequence[BurnRate], counts: Counts, *, goal: float, least: int = 1) -> Burned:
    """The judgement of all pairs: the first that is breached, else one without evidence, else the hottest.

    One pair without evidence keeps the whole from being called clean. Raises ValueError as `burn_rate`.
    """
    every = [burned(pair, counts, goal=goal, least=least) for pair in pairs]
    for wanted in (Burning.BREACHED, Burning.NO_EVIDENCE):
        found = next((one for one in every if one.burning is wanted), None)
        if found:
            return found
    return max(every, key=lambda one: (one.long or 0.0) / one.pair.factor)


def _burning(factor: float, long: float | None, short: float | None) -> Burning:
    """Both must burn: one window known to be clean settles it, whatever is unknown of the other."""
    hot_long = None if long is None else long >= factor
    hot_short = None if short is None else short >= factor
    if hot_long and hot_short:
        return Burning.BREACHED
    if hot_short is False:
        return Burning.SHORT_CLEAN if hot_long else Burning.WITHIN
    if hot_long is False:
        return Burning.NOT_YET if hot_short else Burning.WITHIN
    return Burning.NO_EVIDENCE
