"""dashboards.yaml, reports.yaml, slos.yaml and written.yaml put together, and what does not fit in them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from shared.config.cron import checked
from shared.config.durations import duration
from shared.config.faults import Fault, Finding, Level, Path
from shared.config.quantities import in_unit, quantity
from shared.config.reports_wire import (
    ChartWire,
    DashboardsFile,
    ObjectiveWire,
    ReportsFile,
    ReportWire,
    SectionWire,
    SlosFile,
    WrittenFile,
)
from shared.config.suggesting import one_of
from shared.domain.chart_data import ChartKind
from shared.domain.configuration import Configuration
from shared.domain.metrics import Kind, Metric
from shared.domain.report_plans import (
    ChartPlan,
    Dashboard,
    Objective,
    Reporting,
    ReportPlan,
    SectionPlan,
    Written,
)

DASHBOARDS, REPORTS, SLOS = "dashboards.yaml", "reports.yaml", "slos.yaml"


def objectives(file: SlosFile, metrics: Mapping[str, Metric]) -> dict[str, Objective]:
    """The objectives by name. Raises Fault."""
    return {name: _objective(name, wire, metrics) for name, wire in file.objectives.items()}


def dashboards(file: DashboardsFile) -> dict[str, Dashboard]:
    """The dashboards by name. Raises Fault."""
    made = charts(file)
    return {
        name: Dashboard(
            name,
            wire.tiles,
            tuple(
                _named(one, made, ("dashboards", name, "charts", n), DASHBOARDS) for n, one in enumerate(wire.charts)
            ),
        )
        for name, wire in file.dashboards.items()
    }


def charts(file: DashboardsFile) -> dict[str, ChartPlan]:
    """Every chart there is. Raises Fault."""
    return {name: _chart(name, wire) for name, wire in file.charts.items()}


def with_reports(made: Reporting, file: ReportsFile, known: Mapping[str, ChartPlan]) -> Reporting:
    """The same with the file's reports, which draw charts that are known. Raises Fault."""
    reports = {name: _report(name, wire, known) for name, wire in file.reports.items()}
    return replace(made, reports=reports, kept_for=duration(file.kept_for), final_after=duration(file.final_after))


def written(file: WrittenFile) -> dict[str, Written]:
    """What the team wrote, by name."""
    return {
        name: Written(name, wire.by, datetime.combine(wire.on, time(), UTC), {"en": wire.en, "ar": wire.ar})
        for name, wire in file.written.items()
    }


def _objective(name: str, wire: ObjectiveWire, metrics: Mapping[str, Metric]) -> Objective:
    place: Path = ("objectives", name)
    metric = metrics.get(wire.metric)
    if metric is None:
        raise Fault((*place, "metric"), f"there is no metric {wire.metric}", one_of(metrics, wire.metric))
    if metric.kind is Kind.COUNT or (metric.kind is Kind.VALUE) is (wire.limit is None):
        fix = "shares have no limit, single values need one, and what is only counted has no objective"
        raise Fault(place, f"{wire.metric} is a {metric.kind}", fix)
    limit = None if wire.limit is None else _limit(wire.limit, metric, (*place, "limit"))
    return Objective(name, wire.metric, wire.percent, duration(wire.window), limit)


def _limit(text: str, metric: Metric, place: Path) -> float:
    number = text.rstrip("%KMGiBmsechourtn ").strip()
    found = quantity(number, text.removeprefix(number).strip())
    if found is None:
        raise Fault(place, f"{text!r} is no quantity", 'write something like "1000ms"')
    return in_unit(found, metric.unit)


def _chart(name: str, wire: ChartWire) -> ChartPlan:
    place: Path = ("charts", name)
    if bool(wire.metrics) is bool(wire.slo):
        raise Fault(place, "a chart is of metrics or of an objective", "write metrics: or slo:, not both")
    if (wire.kind is ChartKind.RANKED) is not bool(wire.by):
        raise Fault(place, "ranked charts, and no others, are by a dimension", "write kind: ranked with by: region")
    if wire.percentiles and len(wire.metrics) != 1:
        raise Fault((*place, "percentiles"), "percentiles are of one metric", "name exactly one metric")
    return ChartPlan(name, wire.kind, wire.metrics, wire.percentiles, wire.by, wire.slo)


def _report(name: str, wire: ReportWire, known: Mapping[str, ChartPlan]) -> ReportPlan:
    place: Path = ("reports", name)
    checked(wire.at, (*place, "at"))
    sections = tuple(_section(one, known, (*place, "sections", n)) for n, one in enumerate(wire.sections))
    return ReportPlan(name, wire.period, wire.at, wire.forms, wire.readers, wire.headline, sections, wire.slack)


def _section(wire: SectionWire, known: Mapping[str, ChartPlan], place: Path) -> SectionPlan:
    drawn = tuple(_named(one, known, (*place, "charts", n), DASHBOARDS) for n, one in enumerate(wire.charts))
    return SectionPlan(wire.name, wire.figures, drawn, wire.parts, wire.written)


def _named(name: str, known: Mapping[str, ChartPlan], place: Path, file: str) -> ChartPlan:
    if name not in known:
        raise Fault(place, f"there is no chart {name}", f"{one_of(known, name)} ({file}, charts:)")
    return known[name]


@dataclass(frozen=True, slots=True)
class _Use:
    """A name that some file uses, and where."""

    file: str
    path: Path
    name: str


def reporting_findings(configuration: Configuration) -> Iterator[Finding]:
    """Metrics, objectives, people and channels that are nowhere else."""
    reporting = configuration.reporting
    yield from _unknown(_metrics_used(configuration), configuration.metrics, "metric")
    for chart in _all_charts(configuration):
        if chart.slo and chart.slo not in reporting.objectives:
            what, fix = f"there is no objective {chart.slo}", one_of(reporting.objectives, chart.slo)
            yield Finding(Level.ERROR, DASHBOARDS, ("charts", chart.name, "slo"), what, fix)
        units = {configuration.metrics[one].unit for one in chart.metrics if one in configuration.metrics}
        if len(units) > 1:
            what, fix = f"its metrics are in {' and '.join(sorted(units))}", "draw each unit in a chart of its own"
            yield Finding(Level.ERROR, DASHBOARDS, ("charts", chart.name, "metrics"), what, fix)
    for name, plan in reporting.reports.items():
        if plan.slack and plan.slack not in configuration.slack_channels:
            what, fix = f"there is no Slack channel {plan.slack}", one_of(configuration.slack_channels, plan.slack)
            yield Finding(Level.ERROR, REPORTS, ("reports", name, "slack"), what, fix)
        for index, target in enumerate(plan.readers):
            kind, _, reader = target.partition(":")
            known: Collection[str] = configuration.directory.teams if kind == "team" else configuration.directory.people
            if reader not in known:
                what, fix = f"there is no {kind} {reader}", one_of(known, reader)
                yield Finding(Level.ERROR, REPORTS, ("reports", name, "readers", index), what, fix)


def _all_charts(configuration: Configuration) -> Iterator[ChartPlan]:
    seen: set[str] = set()
    reporting = configuration.reporting
    plans = [chart for page in reporting.dashboards.values() for chart in page.charts]
    plans += [chart for one in reporting.reports.values() for section in one.sections for chart in section.charts]
    for chart in plans:
        if chart.name not in seen:
            seen.add(chart.name)
            yield chart


def _metrics_used(configuration: Configuration) -> Iterator[_Use]:
    for chart in _all_charts(configuration):
        for index, metric in enumerate(chart.metrics):
            yield _Use(DASHBOARDS, ("charts", chart.name, "metrics", index), metric)
    for name, page in configuration.reporting.dashboards.items():
        for index, metric in enumerate(page.tiles):
            yield _Use(DASHBOARDS, ("dashboards", name, "tiles", index), metric)
    for name, plan in configuration.reporting.reports.items():
        for index, metric in enumerate(plan.headline):
            yield _Use(REPORTS, ("reports", name, "headline", index), metric)
        for number, section in enumerate(plan.sections):
            for index, metric in enumerate(section.figures):
                yield _Use(REPORTS, ("reports", name, "sections", number, "figures", index), metric)


def _unknown(uses: Iterator[_Use], known: Collection[str], what: str) -> Iterator[Finding]:
    for use in uses:
        if use.name not in known:
            yield Finding(Level.ERROR, use.file, use.path, f"there is no {what} {use.name}", one_of(known, use.name))
