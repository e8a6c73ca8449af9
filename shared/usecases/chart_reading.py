"""The charts of a page or a report: lines from points that were read once, bars from shares, marks beside them."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from shared.domain.chart_data import Chart, ChartKind, Line, Mark, Rank, Role
from shared.domain.configuration import Configuration
from shared.domain.figures import Gap, Span
from shared.domain.histograms import merged
from shared.domain.metrics import Kind, Metric, Point, Statistic
from shared.domain.periods import days_of
from shared.domain.report_plans import ChartPlan
from shared.domain.rules import Unit
from shared.domain.series import HOUR, value_over
from shared.errors import ByteCapError, QueryError
from shared.ports.warehouse import Parameter, Warehouse
from shared.usecases.figure_reading import Asked, Readings, figure, steps, steps_of

log = logging.getLogger(__name__)

A_DAY = timedelta(days=1)
BARS_BY_DAY, LINES_BY_DAY = timedelta(days=2), timedelta(days=10)
BARS_BY_HOUR, AN_HOUR, A_QUARTER = timedelta(hours=6), 3_600, 900
EPOCH = datetime.fromtimestamp(0, UTC)

Shares = Mapping[tuple[str, str], tuple[Rank, ...]]  # (metric, dimension) -> what it comes to, the largest first


@dataclass(frozen=True, slots=True)
class Beside:
    """What a chart shows that is no metric: shares by dimension, marks, and what is left of error budgets by SLO.

    `with_before` draws the span that it is compared with, too.
    """

    shares: Shares = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    budgets: Mapping[str, Line] = field(default_factory=dict)
    with_before: bool = False


def chart(plan: ChartPlan, readings: Readings, beside: Beside, *, config: Configuration) -> Chart:
    """The chart; with a gap, and empty, where nothing can be drawn."""
    if plan.slo:
        return _budget(plan, readings, beside, config)
    metrics, by_day = [config.metrics[name] for name in plan.metrics], is_by_day(plan.kind, readings.asked.span)
    readings = _in_bars(readings) if plan.kind is ChartKind.BARS else readings
    figures = [figure(metric, readings, config) for metric in metrics]
    gaps = [one.gap for one in figures if one.gap is not None]
    made = Chart(
        plan.name,
        plan.kind,
        metrics[0].unit,
        readings.asked.span,
        int(A_DAY.total_seconds()) if by_day else readings.asked.step,
        target=metrics[0].target if len(metrics) == 1 and metrics[0].statistic is not Statistic.SUM else None,
        source=" ".join(dict.fromkeys(metric.source for metric in metrics)),
        gap=gaps[0] if len(gaps) == len(metrics) else None,
        marks=beside.marks,
    )
    if plan.kind is ChartKind.RANKED:
        return _ranked(made, plan, beside)
    lines = [
        line
        for metric in metrics
        for line in _lines(metric, plan, readings, with_before=beside.with_before, by_day=by_day)
    ]
    return replace(made, lines=tuple(lines))


def is_by_day(kind: ChartKind, span: Span) -> bool:
    """True where a step is a day in Egypt: bars over more than two days, lines over more than ten."""
    return span.until - span.since > (BARS_BY_DAY if kind is ChartKind.BARS else LINES_BY_DAY)


def read_shares(plans: Iterable[ChartPlan], asked: Asked, *, config: Configuration, warehouse: Warehouse) -> Shares:
    """What each value of a dimension comes to, for the ranked charts; nothing where it could not be read."""
    wanted = sorted({(metric, plan.by) for plan in plans if plan.by for metric in plan.metrics})
    if not wanted:
        return {}
    parameters: dict[str, Parameter] = {
        "metrics": sorted({config.metrics[metric].points for metric, _ in wanted}),
        "since": asked.span.since,
        "until": asked.span.until,
        "before_since": asked.compared.since,
        "before_until": asked.compared.until,
    }
    try:
        answer = warehouse.query("read_shares", parameters, maximum_bytes=config.limits.query_bytes)
    except (ByteCapError, QueryError):
        log.exception("shares could not be read")
        return {}
    return {(metric, by): _ranks(config.metrics[metric], by, answer.rows) for metric, by in wanted}


def _in_bars(readings: Readings) -> Readings:
    """The same in steps that make bars: quarters of an hour, or hours over more than six of them."""
    asked = readings.asked
    least = AN_HOUR if asked.span.until - asked.span.since > BARS_BY_HOUR else A_QUARTER
    return replace(readings, asked=replace(asked, step=max(asked.step, least)))


def _lines(metric: Metric, plan: ChartPlan, readings: Readings, *, with_before: bool, by_day: bool) -> Iterator[Line]:
    for percent in plan.percentiles or (None,):
        for role in (Role.NOW, Role.BEFORE) if with_before else (Role.NOW,):
            is_before = role is Role.BEFORE
            if percent is None:
                points = steps(metric, readings, before=is_before, by_day=by_day)
            else:
                worth = partial(_percentile, percent)
                points = steps_of(metric, readings, worth, before=is_before, by_day=by_day)
            cut = _is_cut(metric, readings.asked, by_day=by_day)
            yield Line(metric.name, tuple(points[1:] if cut else points), role, percent)


def _is_cut(metric: Metric, asked: Asked, *, by_day: bool) -> bool:
    """Whether the span holds only the end of its first step: what is counted would look small there."""
    if metric.kind is not Kind.COUNT:
        return False
    if by_day:
        return next(days_of(asked.span)).start < asked.span.since
    return asked.starts(asked.span, by_day=False)[0] < asked.span.since


def _percentile(percent: float, points: Sequence[Point]) -> float | None:
    return merged(point.histogram for point in points).percentile(percent)


def _ranked(made: Chart, plan: ChartPlan, beside: Beside) -> Chart:
    ranks = beside.shares.get((plan.metrics[0], plan.by), ())
    gap = made.gap or (None if ranks else Gap.NO_DATA)
    return replace(made, ranks=ranks, marks=(), target=None, gap=gap)


def _ranks(metric: Metric, by: str, rows: Iterable[Mapping[str, Any]]) -> tuple[Rank, ...]:
    found: dict[str, dict[str, Point]] = {"now": {}, "before": {}}
    for row in rows:
        name = dict(part.partition("=")[::2] for part in str(row["dimensions"]).split(",")).get(by)
        if row["metric"] == metric.points and name is not None:
            found[row["part"]][name] = Point(EPOCH, count=row["count"], total=row["sum"], bad=row["bad"])
    before = {name: value_over(metric, [point]) for name, point in found["before"].items()}
    values = ((name, value_over(metric, [point])) for name, point in found["now"].items())
    ranks = (Rank(name, value, before.get(name)) for name, value in values if value is not None)
    return tuple(sorted(ranks, key=lambda rank: (-rank.value, rank.name)))


def _budget(plan: ChartPlan, readings: Readings, beside: Beside, config: Configuration) -> Chart:
    line = beside.budgets.get(plan.slo)
    objective = config.reporting.objectives[plan.slo]
    known = line is not None and any(value is not None for _, value in line.points)
    return Chart(
        plan.name,
        plan.kind,
        Unit.PERCENT,
        readings.asked.span,
        int(A_DAY.total_seconds()) if is_by_day(ChartKind.LINE, readings.asked.span) else HOUR,
        lines=(line,) if line is not None and known else (),
        marks=beside.marks,
        source=config.metrics[objective.metric].source,
        gap=None if known else Gap.NO_DATA,
    )
