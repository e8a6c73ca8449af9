"""A live page as a value, before any words: its tiles, its charts, what happened and what is open."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.chart_data import Chart, Mark, Points
from shared.domain.figures import Figure, Span
from shared.domain.incidents import Incident

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Reach(StrEnum):
    """How far back a live page looks."""

    HOURS = "3h"
    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"

    @property
    def length(self) -> timedelta:
        """From the beginning to now."""
        return {"3h": 3 * HOUR, "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY}[self]

    @property
    def step(self) -> timedelta:
        """How closely it is read."""
        return {"3h": timedelta(minutes=1), "24h": timedelta(minutes=15)}.get(self, HOUR)

    @property
    def glance(self) -> timedelta:
        """Steps that are few enough to be read as a table or seen in a small line."""
        steps = {"3h": timedelta(minutes=5), "24h": timedelta(minutes=30), "7d": 4 * HOUR}
        return steps.get(self, DAY)

    @property
    def back(self) -> timedelta:
        """How far before it lies what it is compared with."""
        return 30 * DAY if self is Reach.MONTH else 7 * DAY


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure. `course` is its way through the span; `is_late`: its source is further behind than it may be.

    With `has_rules` there may be incidents about it.
    """

    figure: Figure
    course: Points = ()
    is_late: bool = False
    has_rules: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart, and the same in steps that are few enough to be read as a table."""

    chart: Chart
    table: Chart


@dataclass(frozen=True, slots=True)
class Board:
    """One dashboard at one moment. `live` is who is here now: the newest half hour (at least a step) that was counted.

    `open_incidents` are the most urgent of `open_count`.
    """

    name: str
    reach: Reach
    with_before: bool
    made_at: datetime
    span: Span
    compared: Span
    tiles: tuple[Tile, ...] = ()
    live: Tile | None = None
    drawings: tuple[Drawing, ...] = ()
    marks: tuple[Mark, ...] = ()
    open_incidents: tuple[Incident, ...] = ()
    open_count: int = 0

    def drawing(self, name: str) -> Drawing | None:
        """The chart of that name with its table, if the page has it."""
        return next((one for one in self.drawings if one.chart.name == name), None)
