"""The shapes of dashboards.yaml, reports.yaml, slos.yaml and written.yaml."""

from datetime import date
from typing import Annotated

from msgspec import Meta, field

from shared.config.wire import Duration, Name, Strict, Text
from shared.domain.chart_data import ChartKind
from shared.domain.periods import PeriodKind
from shared.domain.report_plans import Form, Part

_READER = "^(person|team):[a-z][a-z0-9_]*$"
_CRON = r"^[0-9*/,-]+( [0-9A-Za-z*/,#L-]+){4}$"
HOW_TO_WRITE = {
    _READER: "team:management or person:nour; each is told by e-mail",
    _CRON: 'five fields such as "0 9 * * *" (daily at 9:00), in Cairo\'s time',
}

Reader = Annotated[str, Meta(pattern=_READER, description=HOW_TO_WRITE[_READER])]
Cron = Annotated[str, Meta(pattern=_CRON, description=HOW_TO_WRITE[_CRON])]
Percentile = Annotated[float, Meta(gt=0, lt=100)]


class ChartWire(Strict):
    """A chart: metrics of one unit, or what is left of an objective's error budget."""

    kind: ChartKind = ChartKind.LINE
    metrics: tuple[Name, ...] = ()
    percentiles: tuple[Percentile, ...] = ()
    by: str = ""
    slo: str = ""


class DashboardWire(Strict):
    """A live page."""

    tiles: Annotated[tuple[Name, ...], Meta(min_length=1)]
    charts: tuple[Name, ...] = ()


class DashboardsFile(Strict):
    """dashboards.yaml: every chart there is, and which of them each dashboard shows."""

    charts: dict[Name, ChartWire]
    dashboards: dict[Name, DashboardWire]


class SectionWire(Strict):
    """A section of a report."""

    name: Name
    figures: tuple[Name, ...] = ()
    charts: tuple[Name, ...] = ()
    parts: tuple[Part, ...] = ()
    written: str = ""


class ReportWire(Strict):
    """A report: about what, when, as what, to whom."""

    period: PeriodKind
    at: Cron
    forms: Annotated[tuple[Form, ...], Meta(min_length=1)]
    readers: Annotated[tuple[Reader, ...], Meta(min_length=1)]
    headline: tuple[Name, Name]
    sections: Annotated[tuple[SectionWire, ...], Meta(min_length=1)]
    slack: str = ""


class ReportsFile(Strict):
    """reports.yaml: the reports, how long they are kept, and how long the final edition waits for late data."""

    reports: dict[Name, ReportWire]
    kept_for: Duration = "730d"
    final_after: Duration = "3d"


class ObjectiveWire(Strict):
    """What is promised: percent of a metric's events that are good, over a window of days."""

    metric: Name
    percent: Annotated[float, Meta(gt=0, lt=100)]
    window: Duration = "30d"
    limit: Text | None = None


class SlosFile(Strict):
    """slos.yaml: the service level objectives whose error budgets are watched."""

    objectives: dict[Name, ObjectiveWire]


class WrittenWire(Strict):
    """What the team writes where no source measures anything."""

    by: Text
    on: date
    en: Text
    ar: Text


class WrittenFile(Strict):
    """written.yaml: competitive analysis, road map and whatever else a report takes from people."""

    written: dict[Name, WrittenWire] = field(default_factory=dict)
