"""A report as a value, before any words: sections of figures, charts, tables and findings, all from one reading."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.chart_data import Chart
from shared.domain.figures import Figure, Gap
from shared.domain.periods import Period
from shared.domain.report_plans import ReportPlan, Written
from shared.domain.rules import Unit


class Edition(StrEnum):
    """A report of late data is provisional; when all is there (or waited for long enough) comes the one final."""

    PROVISIONAL = "provisional"
    FINAL = "final"


class Finding(StrEnum):
    """What a computed sentence says; its facts are named after it."""

    MOVED = "moved"  # metric, value, before, change: against the period before
    MISSED = "missed"  # metric, value, target, unit, at_least
    ALL_MET = "all_met"  # count: that many targets, all met
    NO_INCIDENTS = "no_incidents"  # nothing
    INCIDENTS = "incidents"  # count, critical, high, longest (seconds)
    SECURITY = "security"  # count, critical, high, longest: of security incidents alone
    LOST = "lost"  # orders, revenue, currency: what incidents cost; unknown: of so many nobody knows
    BUDGET = "budget"  # slo, left (percent of the budget), spent
    FORECAST = "forecast"  # metric, value, low, high, days: the next so many days
    NO_FORECAST = "no_forecast"  # metric, days (known), needed
    GAP = "gap"  # metric, gap: it cannot be said
    LEADS = "leads"  # metric, name, share: where most of it comes from
    RELEASES = "releases"  # count, services
    MAINTENANCE = "maintenance"  # count, failed, warned, skipped, not_run: of the maintenance jobs
    BEST_DAY = "best_day"  # metric, day (datetime), value
    NONE = "none"  # nothing to report in this section


Fact = str | float | int | datetime | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A finding with its facts; words are made of it in each language, figures never change on the way."""

    finding: Finding
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Amount:
    """A value in a table cell with its unit; None is "n/a". Unless it equals `apart_from` it does not read like it."""

    value: float | None
    unit: Unit
    apart_from: float | None = None


Cell = str | int | Amount | datetime | timedelta | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `name` and `columns` are keys of the words. Texts in cells are from outside or ids.

    `more` rows like these were left out, because nobody would read them: the reader is told how many.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """One section; a `gap` says that a part of it could not be made."""

    name: str
    figures: tuple[Figure, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    written: Written | None = None
    is_written: bool = False  # the team writes it; without `written` it says that nobody has yet
    gap: Gap | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One report over one period. `headline` are the two figures of its summary."""

    plan: ReportPlan
    period: Period
    edition: Edition
    made_at: datetime
    headline: tuple[Figure, ...]
    sections: tuple[Section, ...]

    @property
    def name(self) -> str:
        """The report's name."""
        return self.plan.name

    @property
    def id(self) -> str:
        """The name it is archived under: "performance_report-2026-11-29-final"."""
        return f"{self.plan.name}-{self.period.name}-{self.edition}"
