"""Trials and failures over time as cumulative sums, and the exact tests that say what they mean."""

import math
from bisect import bisect_left
from collections.abc import Iterable


class Counts:
    """Trials and failures by the start of their bucket (epoch seconds, ascending); any span costs two lookups."""

    __slots__ = ("_failures", "_starts", "_trials")

    def __init__(self, buckets: Iterable[tuple[float, int, int]] = ()) -> None:
        self._starts: list[float] = []
        self._trials: list[int] = [0]
        self._failures: list[int] = [0]
        for start, trials, failures in buckets:
            self.append(start, trials, failures)

    def append(self, start: float, trials: int, failures: int) -> None:
        """Add the next bucket."""
        self._starts.append(start)
        self._trials.append(self._trials[-1] + trials)
        self._failures.append(self._failures[-1] + failures)

    def between(self, start: float, end: float) -> tuple[int, int]:
        """Trials and failures of the buckets that start in [start, end)."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        if last <= first:
            return 0, 0
        return self._trials[last] - self._trials[first], self._failures[last] - self._failures[first]

    def buckets(self, start: float, end: float) -> int:
        """How many buckets start in [start, end)."""
        return max(0, bisect_left(self._starts, end) - bisect_left(self._starts, start))


def upper_tail(successes: int, trials: int, share: float) -> float:
    """P(X >= successes) for X ~ Binomial(trials, share), summed exactly from its largest term down."""
    if successes <= 0:
        return 1.0
    if successes > trials or share <= 0:
        return 0.0
    if share >= 1:
        return 1.0
    log_term = (
        math.lgamma(trials + 1) - math.lgamma(successes + 1) - math.lgamma(trials - successes + 1)
        + successes * math.log(share) + (trials - successes) * math.log1p(-share)
    )  # fmt: skip
    term, total, odds = math.exp(log_term), 0.0, share / (1 - share)
    for hits in range(successes, trials + 1):
        total += term
        term *= (trials - hits) / (hits + 1) * odds
        if term < total * 1e-12:
            break
    return min(1.0, total)


def lower_tail(events: int, expected: float) -> float:
    """P(X <= events) for X ~ Poisson(expected)."""
    if expected <= 0:
        return 1.0
    total = 0.0
    for n in range(events + 1):
        total += math.exp(n * math.log(expected) - expected - math.lgamma(n + 1))
    return min(1.0, total)
