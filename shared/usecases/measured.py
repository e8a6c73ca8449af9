"""The one query of an evaluation, and the series it answers with."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from shared.domain.baselines import TRAILING
from shared.domain.detection import WINDOWS
from shared.domain.histograms import Histogram
from shared.domain.metrics import Metric, Point
from shared.domain.rules import MetricRule, Mode
from shared.domain.series import Series
from shared.domain.unusual import MEMORY
from shared.errors import ByteCapError
from shared.ports.warehouse import Parameter, Warehouse

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
RECENT = timedelta(seconds=WINDOWS[-1])
BURN = timedelta(days=3)
UNUSUAL = timedelta(seconds=MEMORY)
NOTHING_KNOWN: Mapping[str, float] = MappingProxyType({})
TRAILING_HOURS = TRAILING[0] * HOUR
LEAST_BEHIND = HOUR
MOST_BEHIND = 8 * HOUR  # further behind is late, and held


@dataclass(frozen=True, slots=True)
class Measured:
    """The series by the name of their points; `over_cap` names those whose query would have read too much.

    `watermarks` are the sources' newest minutes.
    """

    series: Mapping[str, Series]
    watermarks: Mapping[str, float] = field(default_factory=dict)
    bytes_billed: int = 0
    over_cap: frozenset[str] = frozenset()


def measured(
    rules: Sequence[MetricRule],
    metrics: Mapping[str, Metric],
    *,
    known: Mapping[str, float] = NOTHING_KNOWN,
    warehouse: Warehouse,
    until: datetime,
    cap: int,
) -> Measured:
    """Everything before `until` (a whole minute) that the rules need, in one query.

    `known` are the watermarks of before, for sources further behind than the query looks. Above the byte cap every
    metric is asked for alone. Raises QueryError when the warehouse cannot answer at all.
    """
    wanted = {metrics[rule.metric].points: metrics[rule.metric] for rule in rules}
    parameters = _parameters(rules, metrics, until)
    try:
        answer = warehouse.query("evaluate", {**parameters, "metrics": sorted(wanted)}, maximum_bytes=cap)
    except ByteCapError:
        return _one_by_one(wanted, parameters, known=known, warehouse=warehouse, cap=cap)
    series, watermarks = _series(answer.rows, wanted, parameters, known)
    return Measured(series, watermarks, answer.bytes_billed)


def _one_by_one(
    wanted: Mapping[str, Metric],
    parameters: Mapping[str, Parameter],
    *,
    known: Mapping[str, float],
    warehouse: Warehouse,
    cap: int,
) -> Measured:
    series: dict[str, Series] = {}
    watermarks: dict[str, float] = {}
    billed, over = 0, set()
    for name, metric in wanted.items():
        try:
            answer = warehouse.query("evaluate", {**parameters, "metrics": [name]}, maximum_bytes=cap)
        except ByteCapError:
            over.add(name)
            continue
        billed += answer.bytes_billed
        found, reached = _series(answer.rows, {name: metric}, parameters, known)
        series |= found
        watermarks |= reached
    return Measured(series, watermarks, billed, frozenset(over))


def _parameters(rules: Iterable[MetricRule], metrics: Mapping[str, Metric], until: datetime) -> dict[str, Parameter]:
    """The spans of the query, wide enough for the source that is furthest behind and the slowest cadence."""
    rules = tuple(rules)
    hour = until.replace(minute=0)
    behind = max((metrics[rule.metric].freshness for rule in rules), default=LEAST_BEHIND)
    behind = min(max(behind, LEAST_BEHIND), MOST_BEHIND)
    recent = max([RECENT, *(rule.window for rule in rules if rule.window is not None)])
    minutes = (hour - recent).replace(minute=0)
    days = any(rule.every >= DAY for rule in rules)
    back = [BURN] if any(rule.objective is not None for rule in rules) else []
    back += [UNUSUAL] if any(rule.mode is Mode.UNUSUAL for rule in rules) else []
    return {
        "until": until,
        "minutes_since": minutes,
        "trailing_since": min(hour - TRAILING_HOURS - behind, minutes),
        "window_since": hour - behind - (DAY if days else HOUR),
        "window_until": hour + HOUR,
        "hour_since": hour - behind - HOUR,
        "hour_until": hour + HOUR,
        "counts_since": hour - max(back) if back else minutes,
    }


def _series(
    rows: Iterable[Mapping[str, Any]],
    wanted: Mapping[str, Metric],
    parameters: Mapping[str, Parameter],
    known: Mapping[str, float],
) -> tuple[dict[str, Series], dict[str, float]]:
    minutes: dict[str, list[Point]] = defaultdict(list)
    hours: dict[str, dict[datetime, Point]] = defaultdict(dict)
    watermarks = dict(known)
    for row in rows:
        if row["part"] == "watermark":
            watermarks[str(row["metric"]).removeprefix("rows.")] = row["start"].timestamp()
        elif row["part"] == "minute":
            minutes[row["metric"]].append(point(row))
        elif row["part"] == "hour":
            hours[row["metric"]][row["start"]] = point(row)
        else:
            hours[row["metric"]].setdefault(row["start"], point(row))
    since = parameters["minutes_since"]
    start = since.timestamp() if isinstance(since, datetime) else 0.0
    series = {
        name: Series(
            metric,
            since=start,
            minutes=minutes[name],
            hours=hours[name].values(),
            watermark=watermarks.get(metric.source),
        )
        for name, metric in wanted.items()
    }
    return series, watermarks


def point(row: Mapping[str, Any]) -> Point:
    """A row of points as a value."""
    buckets = row.get("buckets") or ()
    return Point(
        start=row["start"],
        length=timedelta(seconds=int(row["seconds"])),
        count=int(row["count"]),
        total=float(row["sum"]),
        bad=int(row["bad"]),
        bad_clients=int(row["bad_clients"]),
        histogram=Histogram(tuple(b["i"] for b in buckets), tuple(b["n"] for b in buckets)),
    )
