"""What the app posts of its own accord every few minutes: its database, caches, memory, instances and the survey."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from infra.local.history.dice import Stream, dice, spread
from infra.local.history.plan import Plan
from infra.local.history.rates import SESSIONS, Rates, rates_at

EVERY = 5  # minutes
SURVEYED_AT = 30  # the minute of the hour at which the survey's mean is posted
USUAL = Rates(0.0, 0.0)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LONG_AGO = 30.0  # days: a release so old has no effect any more


class State(NamedTuple):
    """What the gauges follow: how busy and how slow things are (1 is usual), and how old the release is in days."""

    busy: float
    slow: float
    age: float


def gauges_at(plan: Plan, minute: datetime) -> Iterator[tuple[str, str, float]]:
    """Metric, unit and value of what is posted in the minute, which is nothing but every few minutes."""
    if minute.minute % EVERY:
        return
    rates, random = rates_at(plan, minute), dice(plan.seed, Stream.GAUGES, int(minute.timestamp()) // 60)
    state = State(rates.sessions / SESSIONS, rates.api_ms / USUAL.api_ms, _age(plan, minute))
    for metric, unit, gauge, uneven in GAUGES:
        yield metric, unit, gauge(state, spread(random, uneven))
    if minute.minute == SURVEYED_AT:
        yield "user_satisfaction", "percent", _satisfaction(rates, spread(random, 0.006))


def _age(plan: Plan, minute: datetime) -> float:
    release = plan.release_at(minute)
    return LONG_AGO if release is None else (minute - release.at) / DAY


def _latency(state: State, chance: float) -> float:
    return round((17 + 6 * state.busy) * state.slow * chance, 1)


def _connections(state: State, chance: float) -> float:
    return float(round((22 + 30 * state.busy) * math.sqrt(state.slow) * chance))


def _memory(state: State, chance: float) -> float:
    """A little leaks away each day, until the next release."""
    return round(min(97.0, (44 + 8 * state.busy + 1.5 * min(state.age, 7.0)) * chance), 1)


def _cached(state: State, chance: float) -> float:
    """Few visitors keep little warm, and a release empties it for some hours."""
    return round(min(99.5, (92.5 - 5 * math.exp(-3 * state.busy) - 14 * math.exp(-state.age * 10)) * chance), 1)


def _delivered(state: State, chance: float) -> float:
    return round(min(99.8, (96.5 - 2 * math.exp(-3 * state.busy) - 20 * math.exp(-state.age * 6)) * chance), 1)


def _instances(state: State, chance: float) -> float:
    return float(max(2, math.ceil(4 * state.busy * math.sqrt(state.slow) * chance)))


def _satisfaction(rates: Rates, chance: float) -> float:
    """Who waits, loses an order or cannot buy is less content; there is no more than all."""
    waits = 4 * (rates.paint_ms / USUAL.paint_ms - 1) + 3 * (rates.api_ms / USUAL.api_ms - 1)
    fails = 60 * (rates.order_failure_share + rates.error_share) + 12 * (1 - rates.conversion_share)
    return round(min(100.0, max(0.0, (97.2 - waits - fails) * chance)), 1)


GAUGES = (
    ("database_latency", "ms", _latency, 0.08),
    ("database_connections", "count", _connections, 0.06),
    ("memory_usage", "percent", _memory, 0.02),
    ("cache_hit_rate", "percent", _cached, 0.006),
    ("cdn_hit_rate", "percent", _delivered, 0.004),
    ("instances", "count", _instances, 0.05),
)
