"""What is left of every objective's error budget, from one query over the longest window."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from shared.domain.budgets import Budget, Step, budget, hourly, whole_hour
from shared.domain.chart_data import ChartKind
from shared.domain.configuration import Configuration
from shared.domain.figures import Gap, Span
from shared.domain.report_plans import Objective
from shared.domain.series import HOUR
from shared.ports.warehouse import Warehouse
from shared.usecases.chart_reading import is_by_day
from shared.usecases.figure_reading import Asked, Readings, read


def read_budgets(
    until: datetime, *, config: Configuration, warehouse: Warehouse, span: Span | None = None
) -> Mapping[str, Budget]:
    """The budgets at `until` by the names of their objectives; one that cannot be read has a gap.

    The lines are of the span (else of the longest window), by the hour, or by the day where other lines are, and end at
    `until`. As each point looks back over a window of its own, the query reads the span and a window before it.
    """
    objectives = config.reporting.objectives
    if not objectives:
        return {}
    longest = max(one.window for one in objectives.values())
    shown = span or Span(until - longest, until)
    since = whole_hour(min(shown.since, until) - longest)
    asked = Asked(Span(since, until), Span(since, since), HOUR)
    metrics = [config.metrics[one.metric] for one in objectives.values()]
    readings = read(metrics, asked, config=config, warehouse=warehouse, now=until)
    steps = _steps(asked, shown, until)
    return {name: _budget(one, readings, steps, config) for name, one in objectives.items()}


def _budget(objective: Objective, readings: Readings, steps: list[Step], config: Configuration) -> Budget:
    metric = config.metrics[objective.metric]
    hours = hourly(objective, readings.now.get(metric.points, ()))
    made = budget(objective, hours, until=readings.asked.span.until, steps=steps)
    if not metric.source:
        return replace(made, gap=Gap.NO_SOURCE)
    return replace(made, gap=Gap.FAILED) if metric.points in readings.failed else made


def _steps(asked: Asked, shown: Span, until: datetime) -> list[Step]:
    """The steps of what is shown; the last one ends with it."""
    end = min(shown.until, until)
    starts = asked.starts(shown, by_day=is_by_day(ChartKind.LINE, shown))
    return [Step(start, following) for start, following in pairwise([*(one for one in starts if one < end), end])]
