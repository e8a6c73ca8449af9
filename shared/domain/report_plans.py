"""What reports and dashboards are to show, as declared in reports.yaml and dashboards.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.chart_data import ChartKind
from shared.domain.periods import PeriodKind


@dataclass(frozen=True, slots=True)
class ChartPlan:
    """A chart to draw. `percentiles` make one line each; `by` is the dimension that a ranked chart tells apart.

    `slo` draws what is left of that objective's error budget in place of metrics.
    """

    name: str
    kind: ChartKind
    metrics: tuple[str, ...] = ()
    percentiles: tuple[float, ...] = ()
    by: str = ""
    slo: str = ""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A page of live tiles and charts."""

    name: str
    tiles: tuple[str, ...]
    charts: tuple[ChartPlan, ...]


class Part(StrEnum):
    """What a section computes besides its figures and charts."""

    MOVERS = "movers"  # what changed most against the period before
    INCIDENTS = "incidents"  # the period's incidents and their impact
    SECURITY = "security"  # the period's security incidents
    SUCCESS = "success"  # how well we respond
    ALERTS = "alerts"  # how useful each rule's alerts were
    SLOS = "slos"  # error budgets
    RELEASES = "releases"  # what was changed
    MAINTENANCE = "maintenance"  # what the maintenance jobs found
    FORECAST = "forecast"  # where the first figure goes, with its interval


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """A section; `written` names what the team writes itself (reports.yaml, `written:`)."""

    name: str
    figures: tuple[str, ...] = ()
    charts: tuple[ChartPlan, ...] = ()
    parts: tuple[Part, ...] = ()
    written: str = ""


class Form(StrEnum):
    """A form in which a report is made."""

    PDF = "pdf"
    HTML = "html"
    SLIDES = "pptx"


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """A report: what it says, to whom, as what and when.

    `at` is a cron line in Cairo's time. `headline` are the two metrics of its summary. `readers` are targets
    ("team:...", "person:..."); `slack` a channel of channels.yaml that gets the summary ("" = none).
    """

    name: str
    period: PeriodKind
    at: str
    forms: tuple[Form, ...]
    readers: tuple[str, ...]
    headline: tuple[str, str]
    sections: tuple[SectionPlan, ...]
    slack: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What the team wrote about something no source measures: by whom and when, in both languages (Markdown)."""

    name: str
    by: str
    on: datetime
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Objective:
    """A service level objective: percent of `metric`'s events that are good within `window`.

    For a metric of single values an event is good up to `limit` (in the metric's unit).
    """

    name: str
    metric: str
    percent: float
    window: timedelta
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Reporting:
    """All of it."""

    reports: Mapping[str, ReportPlan] = field(default_factory=dict)
    dashboards: Mapping[str, Dashboard] = field(default_factory=dict)
    objectives: Mapping[str, Objective] = field(default_factory=dict)
    written: Mapping[str, Written] = field(default_factory=dict)
    kept_for: timedelta = timedelta(days=730)
    final_after: timedelta = timedelta(days=3)
