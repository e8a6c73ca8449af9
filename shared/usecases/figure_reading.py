"""Points of many metrics over a span and the one it is compared with, in one query, and the figures they come to."""

import logging
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from math import ceil
from typing import Any

from shared.domain.configuration import Configuration
from shared.domain.figures import Figure, Gap, Span
from shared.domain.metrics import Metric, Point, Statistic
from shared.domain.periods import days_of
from shared.domain.series import value_over
from shared.errors import ByteCapError, QueryError
from shared.ports.warehouse import Parameter, Warehouse
from shared.usecases.measured import point

log = logging.getLogger(__name__)

OWN = "incidents"  # the source whose points are our own records, not the warehouse's
OURS = frozenset({OWN, "jobs"})  # which own records make points of
A_DAY = timedelta(days=1)
HELD_FOR = timedelta(days=60)  # so long the newest value of what is only measured now and then still holds
REACHES = timedelta(days=3)  # a source that is further behind is as good as silent
NOBODY = "-"

Points = Mapping[str, Sequence[Point]]
Steps = list[tuple[datetime, float | None]]
Worth = Callable[[Sequence[Point]], float | None]  # what a step's points are worth, in the metric's unit


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be read: the span, the one it is compared with, and the length of a step in seconds.

    Steps are aligned to 1970 UTC, so whole hours fit the days of Egypt, whose clock is whole hours from UTC.
    """

    span: Span
    compared: Span
    step: int

    def starts(self, span: Span, *, by_day: bool) -> list[datetime]:
        """Where the steps of a span begin, or its days in Egypt."""
        if by_day:
            return [max(day.start, span.since) for day in days_of(span)]
        first = datetime.fromtimestamp(int(span.since.timestamp()) // self.step * self.step, UTC)
        length = timedelta(seconds=self.step)
        return [first + number * length for number in range(ceil((span.until - first) / length))]


@dataclass(frozen=True, slots=True)
class Readings:
    """The points of either span by the name of their points, and how far each source has come.

    `held` are the newest points before the spans. `failed` names the points that could not be read.
    """

    asked: Asked
    now: Points = field(default_factory=dict)
    before: Points = field(default_factory=dict)
    held: Points = field(default_factory=dict)
    held_before: Points = field(default_factory=dict)
    watermarks: Mapping[str, datetime] = field(default_factory=dict)
    failed: frozenset[str] = frozenset()
    bytes_billed: int = 0


def read(
    metrics: Iterable[Metric],
    asked: Asked,
    *,
    config: Configuration,
    warehouse: Warehouse,
    own: Readings | None = None,
    now: datetime,
) -> Readings:
    """One query for all metrics; where it fails each is asked for alone, so that one cannot hide the others.

    `own` are points made of our own records (see `own_points`); they take the place of the warehouse's.
    """
    named = {metric.points: metric for metric in metrics if metric.source not in {"", OWN}}
    found, billed, failed = _rows(named, asked, config, warehouse, now)
    parts: dict[str, dict[str, list[Point]]] = defaultdict(lambda: defaultdict(list))
    reached: dict[str, datetime] = {}
    for row in found:
        if row["part"] == "watermark":
            reached[str(row["metric"]).removeprefix("rows.")] = row["start"]
        else:
            parts[row["part"]][row["metric"]].append(point(row))
    ours = own or Readings(asked)
    return Readings(
        asked,
        now={**parts["now"], **ours.now},
        before={**parts["before"], **ours.before},
        held=parts["held"],
        held_before=parts["held_before"],
        watermarks={**reached, OWN: now},
        failed=failed,
        bytes_billed=billed,
    )


def figure(metric: Metric, readings: Readings, config: Configuration) -> Figure:
    """What the metric came to; with a gap where it is not there, or not whole yet."""
    asked = readings.asked
    reached = complete_until(metric, readings, config)
    made = Figure(metric, asked.span, compared=asked.compared, complete_until=reached)
    points = _with_held(metric, readings.now, readings.held)
    value, count = _value(metric, points, asked.span), sum(one.count for one in points)
    before = _value(metric, _with_held(metric, readings.before, readings.held_before), asked.compared)
    is_silent = metric.source in config.sources and metric.freshness and metric.source not in readings.watermarks
    if metric.source == "":
        return replace(made, gap=Gap.NO_SOURCE)
    if metric.points in readings.failed:
        return replace(made, gap=Gap.FAILED)
    if value is None or (not count and (is_silent or not _is_count(metric))):
        return replace(made, before=before, gap=Gap.NO_DATA)
    late = Gap.LATE if reached is not None and reached < asked.span.until else None
    return replace(made, value=value, count=count, before=before, gap=late)


def complete_until(metric: Metric, readings: Readings, config: Configuration) -> datetime | None:
    """Before this instant nothing can come any more: how far the source is, less what it is known to bring late.

    What is measured only now and then is complete as it stands; None where nothing is known.
    """
    source = config.sources.get(metric.source)
    if source is None or not metric.freshness:
        return readings.asked.span.until
    reached = readings.watermarks.get(metric.source)
    return None if reached is None else reached - source.overlap


def steps(metric: Metric, readings: Readings, *, before: bool = False, by_day: bool = False) -> Steps:
    """The metric's value in each step of the span, oldest first; those of the span before moved to the same place."""
    return steps_of(metric, readings, partial(value_over, metric), before=before, by_day=by_day)


def steps_of(metric: Metric, readings: Readings, worth: Worth, *, before: bool = False, by_day: bool = False) -> Steps:
    """What `worth` makes of the points of each step, or of each day of Egypt."""
    asked = readings.asked
    span = asked.compared if before else asked.span
    points = (readings.before if before else readings.now).get(metric.points, ())
    held = (readings.held_before if before else readings.held).get(metric.points, ())
    starts, shown = asked.starts(span, by_day=by_day), asked.starts(asked.span, by_day=by_day)
    inside: dict[datetime, list[Point]] = defaultdict(list)
    for one in points:
        inside[starts[max(0, bisect_right(starts, one.start) - 1)]].append(one)
    keeps, reached = metric.statistic is Statistic.LAST, readings.watermarks.get(metric.source)
    last = worth(held) if keeps and held else None
    made = []
    for start, at in zip(starts, shown, strict=False):
        is_known = before or inside[start] or (reached is not None and start <= reached)
        value = worth(inside[start]) if is_known else None
        last = value if value is not None else last
        made.append((at, last if keeps else value))
    return made


def _rows(
    named: Mapping[str, Metric], asked: Asked, config: Configuration, warehouse: Warehouse, now: datetime
) -> tuple[list[Mapping[str, Any]], int, frozenset[str]]:
    cap = config.limits.query_bytes
    try:
        answer = warehouse.query("read_figures", _parameters(named, asked, now), maximum_bytes=cap)
    except (ByteCapError, QueryError) as error:
        if len(named) <= 1:
            log.warning("figures could not be read", extra={"points": sorted(named), "reason": str(error)})
            return [], 0, frozenset(named)
        parts = [_rows({name: metric}, asked, config, warehouse, now) for name, metric in named.items()]
        failed = frozenset[str]().union(*(one[2] for one in parts))
        return [row for one in parts for row in one[0]], sum(one[1] for one in parts), failed
    return list(answer.rows), answer.bytes_billed, frozenset()


def _parameters(named: Mapping[str, Metric], asked: Asked, now: datetime) -> dict[str, Parameter]:
    held = sorted(name for name, metric in named.items() if metric.statistic is Statistic.LAST)
    return {
        "metrics": sorted(named) or [NOBODY],
        "since": asked.span.since,
        "until": asked.span.until,
        "before_since": asked.compared.since,
        "before_until": asked.compared.until,
        "seconds": asked.step,
        "newest_of": held or [NOBODY],
        "newest_since": asked.compared.since - HELD_FOR,
        "reached_since": max(asked.span.until, now - REACHES) - REACHES,
        "reached_until": now,
    }


def _value(metric: Metric, points: Sequence[Point], span: Span) -> float | None:
    value = value_over(metric, points)
    if value is not None and metric.statistic is Statistic.PER_DAY:
        return value / max(1.0, (span.until - span.since) / A_DAY)
    return value


def _with_held(metric: Metric, points: Points, held: Points) -> Sequence[Point]:
    found = points.get(metric.points, ())
    return found or (held.get(metric.points, ()) if metric.statistic is Statistic.LAST else ())


def _is_count(metric: Metric) -> bool:
    return value_over(metric, ()) is not None
