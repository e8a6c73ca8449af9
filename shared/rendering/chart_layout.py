"""Where everything of a small chart goes: its scale, its bounds, its hours, and labels that do not touch."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from shared.domain.evidence import STEP, Evidence
from shared.domain.oncall import CAIRO
from shared.rendering.evidence import baseline_words, limit_words, scale_for, value_words, vocabulary
from shared.rendering.figures import Scale

WIDTH, HEIGHT = 320, 106
STEP_MINUTES = STEP / timedelta(minutes=1)
ROW, LETTER = 15.0, 6.5  # pixels of a line of text, and of one letter at most
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A point: minutes since the start, its value in the plot's scale, and whether it lies beyond the limit."""

    at: float
    value: float | None
    is_breach: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """What of the evidence is drawn, all of it in the figures of one scale."""

    scale: Scale
    start: datetime
    minutes: float
    points: tuple[Drawn, ...]
    value: float | None
    limit: float | None
    baseline: float | None
    low: float
    high: float

    def height_of(self, value: float) -> float:
        """Pixels below the plot's upper edge."""
        return HEIGHT * (self.high - value) / (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Label:
    """A text beside the plot; `name` is "value", "limit" or "baseline", `y` the pixels below the upper edge."""

    name: str
    y: float
    text: str


def plot_of(evidence: Evidence) -> Plot:
    """The plot's figures; without points it is an empty plot of one step."""
    known = (evidence.value, evidence.limit, evidence.baseline, *(value for _, value in evidence.points))
    figures = [value for value in known if value is not None]
    scale = scale_for(evidence)
    points = _drawn(evidence, scale)
    low, high = _bounds([figure / scale.divisor for figure in figures])
    return Plot(
        scale=scale,
        start=evidence.points[0][0] if evidence.points else evidence.complete_until,
        minutes=(points[-1].at if points else 0.0) + STEP_MINUTES,
        points=points,
        value=_scaled(evidence.value, scale),
        limit=_scaled(evidence.limit, scale),
        baseline=_scaled(evidence.baseline, scale),
        low=low,
        high=high,
    )


def hours(plot: Plot) -> list[tuple[float, str]]:
    """The whole hours: minutes since the start, and what a clock in Cairo shows then."""
    first = plot.start.replace(minute=0, second=0, microsecond=0)
    instants = (first + HOUR * hour for hour in range(int(plot.minutes // 60) + 2))
    ticks = (((at - plot.start) / timedelta(minutes=1), at) for at in instants)
    zone = ZoneInfo(CAIRO)
    return [(minute, f"{at.astimezone(zone):%H:%M}") for minute, at in ticks if 0 <= minute <= plot.minutes]


def labels(evidence: Evidence, plot: Plot, locale: str) -> list[Label]:
    """The value, the limit and the baseline at their heights, moved apart where they would touch."""
    say = vocabulary(locale)
    named = (
        ("value", plot.value, value_words(evidence, locale)),
        ("limit", plot.limit, f"{say['limit'].lower()} {limit_words(evidence, locale)}"),
        ("baseline", plot.baseline, f"{say['usual']} {baseline_words(evidence, locale)}"),
    )
    found = [Label(name, plot.height_of(value), text) for name, value, text in named if value is not None]
    return _spread(sorted(found, key=lambda label: label.y))


def gap_notes(plot: Plot, text: str) -> list[tuple[float, float]]:
    """Where the gaps that are wide enough for the text take it: minutes since the start, pixels below the edge."""
    lines = [plot.height_of(value) for value in (plot.limit, plot.baseline) if value is not None]
    y = max((ROW / 2, HEIGHT / 2, HEIGHT - ROW / 2), key=lambda y: min((abs(y - line) for line in lines), default=0.0))
    needed = len(text) * LETTER * plot.minutes / WIDTH
    gaps = (list(members) for missing, members in groupby(plot.points, key=lambda p: p.value is None) if missing)
    spans = ((members[0].at, members[-1].at + STEP_MINUTES) for members in gaps)
    return [((start + end) / 2, y) for start, end in spans if end - start >= needed]


def _spread(wanted: Sequence[Label]) -> list[Label]:
    """The labels a row apart and not below the plot: pushed down from the top, then up from the bottom."""
    down: list[Label] = []
    for label in wanted:
        down.append(replace(label, y=max(label.y, down[-1].y + ROW) if down else label.y))
    up: list[Label] = []
    for label in reversed(down):
        up.append(replace(label, y=min(label.y, up[-1].y - ROW if up else HEIGHT)))
    return up[::-1]


def _drawn(evidence: Evidence, scale: Scale) -> tuple[Drawn, ...]:
    return tuple(
        Drawn(
            (at - evidence.points[0][0]) / timedelta(minutes=1),
            _scaled(value, scale),
            is_breach=value is not None and evidence.is_breach(value),
        )
        for at, value in evidence.points
    )


def _scaled(value: float | None, scale: Scale) -> float | None:
    return None if value is None else value / scale.divisor


def _bounds(figures: Sequence[float]) -> tuple[float, float]:
    """From zero, unless everything lies far from it: between 99.2 and 99.9 % the line would be flat."""
    low, high = min(figures, default=0.0), max(figures, default=1.0)
    if 0 <= low <= high / 2:
        low = 0.0
    room = (high - low) / 10 or abs(high) / 10 or 1.0
    return (low - room if low else 0.0), high + room
