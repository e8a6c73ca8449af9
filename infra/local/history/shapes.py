"""Distributions by their quantiles: what so many draws come to, without drawing each of them."""

import math
from collections.abc import Iterator
from itertools import pairwise
from random import Random
from statistics import NormalDist

from infra.local.history.dice import poisson

# Where the distribution is cut, narrowly around the 50th, 75th, 95th and 99th percentile, which are asked for.
_CUTS = (0.0, 0.05, 0.2, 0.35, 0.48, 0.52, 0.65, 0.74, 0.76, 0.85, 0.94, 0.96, 0.985, 0.995, 0.999, 1.0)
_STRATA = tuple((until, (since + until) / 2) for since, until in pairwise(_CUTS))
_NORMAL = tuple((until, NormalDist().inv_cdf(middle)) for until, middle in _STRATA)
_ERROR_OF_MEDIAN = 1.2533  # of n draws: so many sigmas over the root of n
_DRAWN_UP_TO = 50.0

Shares = Iterator[tuple[float, int]]  # values, and how many of each


def counted(random: Random, mean: float) -> int:
    """How many of something that happens `mean` times on average, at the same cost for many as for few."""
    return poisson(random, mean) if mean < _DRAWN_UP_TO else max(0, round(random.gauss(mean, math.sqrt(mean))))


def some(random: Random, count: int, share: float) -> int:
    """How many of `count` are of a kind that is `share` of all."""
    return min(count, counted(random, count * share))


def lognormal_shares(random: Random, count: int, median: float, sigma: float) -> Shares:
    """`count` draws of a lognormal, whose median is as far off as that of so many draws would be."""
    if not count:
        return
    about = median * math.exp(random.gauss(0.0, _ERROR_OF_MEDIAN * sigma / math.sqrt(count)))
    for share, normal in _cut(count, _NORMAL):
        yield about * math.exp(sigma * normal), share


def even_shares(count: int, low: float, high: float) -> Shares:
    """`count` draws between two bounds."""
    for share, middle in _cut(count, _STRATA):
        yield low + (high - low) * middle, share


def _cut(count: int, strata: tuple[tuple[float, float], ...]) -> Iterator[tuple[int, float]]:
    """How many lie in each stratum that has any, and what stands for it; together they are all."""
    done = 0
    for until, middle in strata:
        here = round(count * until) - done
        if here:
            done += here
            yield here, middle
