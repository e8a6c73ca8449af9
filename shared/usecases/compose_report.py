"""A report from what is on record: everything is read once, and each section is made so that none can spoil another."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.domain import findings
from shared.domain.budgets import Budget
from shared.domain.chart_data import Mark
from shared.domain.configuration import Configuration
from shared.domain.figures import Figure, Gap, Span
from shared.domain.forecasts import LEAST_WEEKS, WEEK_DAYS, Forecast, forecast
from shared.domain.metrics import Metric, Statistic
from shared.domain.periods import Period, PeriodKind
from shared.domain.report_plans import ChartPlan, Part, ReportPlan, SectionPlan
from shared.domain.reports import Edition, Report, Section, Sentence, Table
from shared.domain.series import HOUR, value_over
from shared.domain.success import SUCCESS_METRICS
from shared.ports.store import StateStore
from shared.ports.warehouse import Warehouse
from shared.usecases.budgets import read_budgets
from shared.usecases.chart_reading import Beside, Shares, chart, read_shares
from shared.usecases.figure_reading import OURS, Asked, Readings, complete_until, figure, read
from shared.usecases.maintenance_tables import maintenance_part
from shared.usecases.marks import changes_of, incidents_of, marks
from shared.usecases.report_tables import incident_part, lost_in, release_part, security_part
from shared.usecases.success import own_readings
from shared.usecases.success_tables import alert_part, success_part

log = logging.getLogger(__name__)

FORECAST_WEEKS = 10
FORECAST_DAYS = {PeriodKind.DAY: 7, PeriodKind.WEEK: 7, PeriodKind.MONTH: 30}
Made = tuple[tuple[Sentence, ...], tuple[Table, ...]]


@dataclass(frozen=True, slots=True)
class Material:
    """Everything one report is made of; `edition` is decided by how complete it is."""

    plan: ReportPlan
    period: Period
    now: datetime
    config: Configuration
    store: StateStore
    warehouse: Warehouse
    readings: Readings
    shares: Shares = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    budgets: Mapping[str, Budget] = field(default_factory=dict)

    def figure(self, name: str) -> Figure:
        """The figure of the metric."""
        return figure(self.config.metrics[name], self.readings, self.config)

    @property
    def is_complete(self) -> bool:
        """True when nothing that belongs into its figures can still come; what has no source is not waited for."""
        reached = (complete_until(one, self.readings, self.config) for one in _waited_for(self.plan, self.config))
        return all(at is not None and at >= self.period.end for at in reached)


def gather(
    plan: ReportPlan, period: Period, *, config: Configuration, store: StateStore, warehouse: Warehouse, now: datetime
) -> Material:
    """Read what the report needs: figures in one query, shares, marks, budgets and our own records."""
    asked = Asked(period.span, period.before.span, HOUR)
    metrics = [config.metrics[name] for name in _metrics_of(plan)]
    ours = any(metric.source in OURS for metric in metrics)
    own = own_readings(asked, config=config, store=store) if ours else None
    charts = [one for section in plan.sections for one in section.charts]
    made = Material(
        plan,
        period,
        now,
        config,
        store,
        warehouse,
        read(metrics, asked, config=config, warehouse=warehouse, own=own, now=now),
        shares=read_shares(charts, asked, config=config, warehouse=warehouse),
        marks=marks(period.span, store),
    )
    if _needs_budgets(plan, charts):
        budgets = read_budgets(min(period.end, now), config=config, warehouse=warehouse, span=period.span)
        made = replace(made, budgets=budgets)
    return made


def compose(material: Material, edition: Edition) -> Report:
    """The report; a section that fails says so, and the others stand."""
    plan = material.plan
    return Report(
        plan,
        material.period,
        edition,
        material.now,
        tuple(material.figure(name) for name in plan.headline),
        tuple(_section(one, material) for one in plan.sections),
    )


def _section(plan: SectionPlan, material: Material) -> Section:
    try:
        return _made(plan, material)
    except Exception:  # whatever it is, the report is sent with the gap shown
        log.exception("a section could not be made", extra={"report": material.plan.name, "section": plan.name})
        return Section(plan.name, is_written=bool(plan.written), gap=Gap.FAILED)


def _made(plan: SectionPlan, material: Material) -> Section:
    figures = tuple(material.figure(name) for name in plan.figures)
    lines = {name: one.line for name, one in material.budgets.items()}
    beside = Beside(material.shares, material.marks, lines)
    charts = tuple(chart(one, material.readings, beside, config=material.config) for one in plan.charts)
    said = [*findings.targets(figures)]
    for one in charts:
        said += findings.leaders(one.lines[0].metric if one.lines else _ranked_metric(plan, one.name), one.ranks)
    tables: list[Table] = []
    for part in plan.parts:
        sentences, made = _PARTS[part](figures, material)
        said += sentences
        tables += made
    return Section(
        plan.name,
        figures,
        (*said, *findings.gaps(figures)),
        charts,
        tuple(tables),
        material.config.reporting.written.get(plan.written),
        is_written=bool(plan.written),
    )


def _ranked_metric(plan: SectionPlan, name: str) -> str:
    return next(one.metrics[0] if one.metrics else "" for one in plan.charts if one.name == name)


def _movers(figures: tuple[Figure, ...], material: Material) -> Made:
    del material
    return tuple(findings.movers(figures)), ()


def _incidents(figures: tuple[Figure, ...], material: Material) -> Made:
    del figures
    found = incidents_of(material.period.span, material.store)
    said = tuple(findings.incident_findings(found, material.now))
    return (*said, *lost_in(found, material.store)), incident_part(found, material.store, material.now)


def _security(figures: tuple[Figure, ...], material: Material) -> Made:
    del figures
    return security_part(incidents_of(material.period.span, material.store), material.now)


def _success(figures: tuple[Figure, ...], material: Material) -> Made:
    del figures
    return success_part(material.readings, config=material.config, store=material.store)


def _alerts(figures: tuple[Figure, ...], material: Material) -> Made:
    del figures
    return (), alert_part(material.period.span, config=material.config, store=material.store)


def _slos(figures: tuple[Figure, ...], material: Material) -> Made:
    del figures
    return tuple(findings.budget_findings(material.budgets.values())), ()


def _releases(figures: tuple[Figure, ...], material: Material) -> Made:
    del figures
    found = changes_of(material.period.span, material.store)
    return tuple(findings.release_findings(found)), release_part(found)


def _maintenance(figures: tuple[Figure, ...], material: Material) -> Made:
    del figures
    return maintenance_part(material.config.jobs, material.store, material.now)


def _forecast(figures: tuple[Figure, ...], material: Material) -> Made:
    """Of the section's first sum; asks for ten weeks of it. People of many days are no sum: the same come again."""
    sums = (one.metric for one in figures if value_over(one.metric, ()) is not None)
    metric = next((one for one in sums if one.statistic is not Statistic.PER_DAY), None)
    if metric is None:
        return (), ()
    days = FORECAST_DAYS[material.period.kind]
    weeks = weekly_sums(metric, material)
    found: Forecast | None = forecast(weeks, days)
    return (findings.forecast_finding(metric.name, found, weeks=len(weeks), needed=LEAST_WEEKS),), ()


def weekly_sums(metric: Metric, material: Material) -> list[float]:
    """The whole weeks up to the period's end, oldest first, from the first in which anything was measured."""
    end = material.period.end
    span = Span(end - FORECAST_WEEKS * timedelta(days=WEEK_DAYS), end)
    asked = Asked(span, Span(span.since, span.since), HOUR)
    found = read([metric], asked, config=material.config, warehouse=material.warehouse, now=material.now)
    points = found.now.get(metric.points, ())
    if not points:
        return []
    first = points[0].start
    bounds = [span.since + number * timedelta(days=WEEK_DAYS) for number in range(FORECAST_WEEKS)]
    whole = [start for start in bounds if start >= first - timedelta(hours=1)]
    inside = ([one for one in points if start <= one.start < start + timedelta(days=WEEK_DAYS)] for start in whole)
    return [value_over(metric, week) or 0.0 for week in inside]


_PARTS: Mapping[Part, Callable[[tuple[Figure, ...], Material], Made]] = {
    Part.MOVERS: _movers,
    Part.INCIDENTS: _incidents,
    Part.SECURITY: _security,
    Part.SUCCESS: _success,
    Part.ALERTS: _alerts,
    Part.SLOS: _slos,
    Part.RELEASES: _releases,
    Part.MAINTENANCE: _maintenance,
    Part.FORECAST: _forecast,
}


def _metrics_of(plan: ReportPlan) -> Iterator[str]:
    """The names of all metrics of the report, each once, in order."""
    named = [*plan.headline]
    for section in plan.sections:
        named += [*section.figures, *(metric for one in section.charts for metric in one.metrics)]
        named += SUCCESS_METRICS if Part.SUCCESS in section.parts else ()
    yield from dict.fromkeys(named)


def _waited_for(plan: ReportPlan, config: Configuration) -> list[Metric]:
    return [config.metrics[name] for name in _metrics_of(plan) if config.metrics[name].source in config.sources]


def _needs_budgets(plan: ReportPlan, charts: list[ChartPlan]) -> bool:
    return any(one.slo for one in charts) or any(Part.SLOS in section.parts for section in plan.sections)
