"""Log-scaled histograms: any percentile of any window by adding counts up, wrong by at most one percent.

The mapping is DDSketch's (Masson, Rim, Lee: "DDSketch", VLDB 2019): a value x > 0 lies in bucket ceil(log_g(x)) with
g = (1 + a) / (1 - a), and 2 g^i / (g + 1) is within the relative error a of everything in bucket i. The SQL of the
rollups uses the same GAMMA.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

RELATIVE_ERROR = 0.01
GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
ZERO = -1_000_000  # the bucket of everything that is not positive


def bucket_of(value: float) -> int:
    """The bucket's index."""
    return math.ceil(math.log(value) / math.log(GAMMA)) if value > 0 else ZERO


def value_of(bucket: int) -> float:
    """What stands for every value of the bucket."""
    return 0.0 if bucket == ZERO else 2 * GAMMA**bucket / (GAMMA + 1)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts by ascending bucket index."""

    indices: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        """How many values."""
        return sum(self.counts)

    def beyond(self, limit: float) -> int:
        """How many values are greater than the limit (those within its own one percent by their bucket)."""
        own = bucket_of(limit)
        return sum(self.counts[bisect_left(self.indices, own if value_of(own) > limit else own + 1) :])

    def percentile(self, percent: float) -> float | None:
        """The value below which `percent` of all lie (nearest rank); None of nothing."""
        rank, seen = max(1, math.ceil(percent / 100 * self.total)), 0
        for index, count in zip(self.indices, self.counts, strict=True):
            seen += count
            if seen >= rank:
                return value_of(index)
        return None


def histogram(counts: Mapping[int, int]) -> Histogram:
    """The histogram of counts by bucket."""
    kept = sorted((index, count) for index, count in counts.items() if count)
    return Histogram(tuple(index for index, _ in kept), tuple(count for _, count in kept))


def merged(histograms: Iterable[Histogram]) -> Histogram:
    """All values of all of them."""
    counts: dict[int, int] = {}
    for one in histograms:
        for index, count in zip(one.indices, one.counts, strict=True):
            counts[index] = counts.get(index, 0) + count
    return histogram(counts)


def of_values(values: Iterable[float]) -> Histogram:
    """The histogram of single values."""
    counts: dict[int, int] = {}
    for value in values:
        bucket = bucket_of(value)
        counts[bucket] = counts.get(bucket, 0) + 1
    return histogram(counts)
