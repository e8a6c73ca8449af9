"""Reproducible chance: one generator per stream and minute, so that any span can be made again on its own."""

import math
from enum import IntEnum
from random import Random

HALVED_ABOVE = 16.0


class Stream(IntEnum):
    """What is drawn independently of everything else."""

    REQUESTS = 1
    VISITS = 2
    PROBES = 3
    WEATHER = 4
    PLAN = 5
    ROWS = 6
    GAUGES = 7
    HOURS = 8


def dice(seed: int, stream: Stream, moment: int) -> Random:
    """The generator of one stream at one moment (a minute or an hour since 1970)."""
    return Random((seed << 48) | (stream << 40) | moment)  # noqa: S311 - invented traffic, no secrets


def poisson(random: Random, mean: float) -> int:
    """How many of something that happens `mean` times on average (Knuth's product; large means are halved)."""
    if mean > HALVED_ABOVE:
        return poisson(random, mean / 2) + poisson(random, mean / 2)
    limit, product, events = math.exp(-mean), random.random(), 0
    while product > limit:
        events += 1
        product *= random.random()
    return events


def tries(random: Random, again: float) -> int:
    """How often somebody tries who tries again with the probability `again`; 1 / (1 - again) on average."""
    return 1 if random.random() >= again else 1 + tries(random, again)


def lognormal(random: Random, median: float, sigma: float) -> float:
    """A value around its median, skewed to the right as times are."""
    return median * math.exp(random.gauss(0.0, sigma))


def spread(random: Random, sigma: float) -> float:
    """A lognormal factor whose mean is one."""
    return math.exp(random.gauss(-sigma * sigma / 2, sigma))
