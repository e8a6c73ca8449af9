"""Rules, metrics and points for tests of the evaluation."""

import random
from datetime import UTC, datetime, timedelta

from shared.config.loader import load
from shared.config.mission_form import placed_rules
from shared.domain.evaluation import Memory, evaluate
from shared.domain.histograms import of_values
from shared.domain.metrics import Point
from shared.domain.series import Series

SHIPPED = load()
MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
NOW = datetime(2026, 5, 6, 18, 0, tzinfo=UTC)  # a Wednesday
METRICS = SHIPPED.metrics


def rule(**said):
    ((_, made),) = placed_rules([{"name": "a_rule", "channels": ["email"], "severity": "high", **said}])
    return made


def shipped(name):
    return next(one for one in SHIPPED.metric_rules if one.name == name)


def counts(at, count, bad=0, *, clients=None, length=MINUTE):
    return Point(at, length, count=count, bad=bad, bad_clients=bad if clients is None else clients)


def values(at, measured, *, length=MINUTE):
    return Point(at, length, count=len(measured), total=sum(measured), histogram=of_values(measured))


def drawn(at, count, median, *, seed=1, length=MINUTE, spread=0.35):
    dice = random.Random(f"{seed} {at}")
    return values(at, [median * dice.lognormvariate(0, spread) for _ in range(count)], length=length)


def minutes(make, *, last, until=NOW):
    """Points of the last so many minutes before `until`, made by make(at, index)."""
    start = until - last * MINUTE
    return [make(start + n * MINUTE, n) for n in range(last)]


def weekly_hours(make, *, weeks=4, until=NOW):
    """The same hour in the past weeks, the last day by the hour, and the same hour of the past days."""
    hour = (until - timedelta(seconds=1)).replace(minute=0, second=0)
    starts = {hour - n * WEEK for n in range(1, weeks + 1)} | {hour - n * DAY for n in range(1, 8)}
    starts |= {hour - n * HOUR for n in range(1, 26)}
    return [make(start) for start in sorted(starts)]


def series(metric, *, recent=(), hours=(), since=None, watermark=None, until=NOW):
    start = since or min((point.start for point in recent), default=until - 390 * MINUTE)
    seen = until - MINUTE if watermark is None else watermark
    return Series(
        METRICS[metric], since=start.timestamp(), minutes=recent, hours=hours, watermark=seen and seen.timestamp()
    )


def play(made, spans, *, memory=None, step=MINUTE, start=NOW):
    """Evaluate a rule minute by minute over the series that `spans(now)` makes; what was said, and the last decision."""
    memory, said, now, decision = memory or Memory(), [], start, None
    for made_series in spans:
        decision = evaluate(made, made_series, memory, now=now)
        memory = decision.memory
        said.append(str(decision.say))
        now += step
    return said, decision
