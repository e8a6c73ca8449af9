"""Charts as data, without words: what is drawn in pages, pictures, documents and slides alike."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.figures import Gap, Span
from shared.domain.rules import Unit


class ChartKind(StrEnum):
    """How a chart is drawn."""

    LINE = "line"  # lines over time
    BARS = "bars"  # one bar to each step of time
    RANKED = "ranked"  # bars by what they stand for, the longest first


class Role(StrEnum):
    """What a line stands for beside its metric's value now."""

    NOW = "now"
    BEFORE = "before"  # the span it is compared with, moved to the same place
    BUDGET = "budget"  # percent of an error budget that is left
    FORECAST = "forecast"


class MarkKind(StrEnum):
    """What else happened at a time."""

    INCIDENT = "incident"
    RELEASE = "release"
    WINDOW = "window"


Points = tuple[tuple[datetime, float | None], ...]  # the start of each step, oldest first; None where nothing is known


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a metric (or an SLO's name) in a role, one of its percentiles where that is set."""

    metric: str
    points: Points
    role: Role = Role.NOW
    percentile: float | None = None


@dataclass(frozen=True, slots=True)
class Rank:
    """One bar of a ranked chart; `name` is as the source writes it."""

    name: str
    value: float
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Something beside the figures; `text` is from outside, `id` an incident's own."""

    kind: MarkKind
    at: datetime
    until: datetime | None = None
    text: str = ""
    id: str = ""
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart over a span. `step_seconds` is the length of a step; `target` is drawn as a line where there is one.

    `source` says who measured it; with a `gap` it is empty and says why.
    """

    name: str
    kind: ChartKind
    unit: Unit
    span: Span
    step_seconds: int
    lines: tuple[Line, ...] = ()
    ranks: tuple[Rank, ...] = ()
    marks: tuple[Mark, ...] = ()
    target: float | None = None
    source: str = ""
    gap: Gap | None = None
