"""What stands around a still picture's plot: its title and span, the keys of what is drawn, and who measured it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from shared.domain.chart_data import Chart, ChartKind, MarkKind, Role
from shared.domain.figures import Gap
from shared.domain.severities import Severity
from shared.rendering.chart_colours import RELEASE, Theme, colour_of, dash_of, severity_colour
from shared.rendering.chart_frame import AXIS_SIZE, TITLE_SIZE, Frame, Layer, colour, text
from shared.rendering.chart_scales import values_of
from shared.rendering.chart_text import directed, shortened, text_width
from shared.rendering.chart_times import span_words
from shared.rendering.chart_words import chart_title, gap_words, line_label, mark_label, say, source_words

EDGE, TITLE_ROW, KEY_ROW, FOOT = 10.0, 32.0, 20.0, 18.0
SWATCH, APART = 18.0, 16.0


class Shape(StrEnum):
    """How a thing is drawn in the keys."""

    LINE = "line"
    BAR = "bar"
    BAND = "band"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Key:
    """One of the things that are drawn: how it looks (`shape` and the role of its colour) and what it is."""

    shape: Shape
    colour: str
    text: str
    dash: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A key in its row; `x` counts from where reading begins."""

    key: Key
    x: float
    row: int


@dataclass(frozen=True, slots=True)
class Head:
    """Everything around the plot of a picture of that width."""

    chart: Chart
    locale: str
    width: float
    placed: tuple[Placed, ...]

    @property
    def height(self) -> float:
        """Pixels above the plot."""
        rows = 1 + max((one.row for one in self.placed), default=-1)
        return TITLE_ROW + rows * KEY_ROW + 8

    @property
    def foot(self) -> float:
        """Pixels below the axis of time."""
        return FOOT if source_line(self.chart, self.locale) else 0.0

    def layers(self, frame: Frame, below: float) -> Iterator[Layer]:
        """The title, the span, the keys and the source, which stands so far below the plot."""
        place = _Place(self, frame)
        title = shortened(chart_title(self.chart.name, self.locale), TITLE_SIZE, self.width - 2 * EDGE)
        yield place.words(title, EDGE, 18 - self.height, text("ink", TITLE_SIZE, fontWeight=600))
        span = f"{span_words(self.chart.span, self.locale)} · {say(self.locale)['zone']}"
        if text_width(title, TITLE_SIZE) + text_width(span, AXIS_SIZE) + 3 * EDGE < self.width:
            yield place.words(span, self.width - EDGE, 18 - self.height, text("soft", AXIS_SIZE), ends=True)
        for one in self.placed:
            yield from place.key(one, TITLE_ROW + one.row * KEY_ROW + KEY_ROW / 2 - self.height)
        if source := source_line(self.chart, self.locale):
            yield place.words(source, EDGE, frame.height + below + FOOT / 2 - 2, text("soft", AXIS_SIZE - 1))


def head_of(chart: Chart, locale: str, *, width: float, theme: Theme) -> Head:
    """What stands around the chart, in as many rows as the keys need."""
    placed, x, row = [], EDGE, 0
    found = keys(chart, locale, theme)
    for key in found if len(found) > 1 else ():
        needed = SWATCH + 6 + text_width(key.text, AXIS_SIZE) + APART
        if x > EDGE and x + needed > width:
            x, row = EDGE, row + 1
        placed.append(Placed(key, x, row))
        x += needed
    return Head(chart, locale, width, tuple(placed))


def keys(chart: Chart, locale: str, theme: Theme = "light") -> list[Key]:
    """What is drawn, each kind once: lines, the period before, incidents, releases."""
    if not values_of(chart):
        return []
    if chart.kind is ChartKind.RANKED:
        before = any(rank.before is not None for rank in chart.ranks)
        return (
            [Key(Shape.BAR, "first", say(locale)["now"]), Key(Shape.RULE, "before", say(locale)["before"])]
            if before
            else []
        )
    shape = Shape.BAR if chart.kind is ChartKind.BARS else Shape.LINE
    found = dict[str, Key]()
    for line in chart.lines:
        role = "ghost" if shape == Shape.BAR and line.role is Role.BEFORE else colour_of(chart, line)
        label = line_label(line, locale)
        found.setdefault(label, Key(shape, role, label, dash_of(chart, line, theme)))
    ordered = sorted(found.values(), key=lambda key: key.colour in {"before", "ghost"})
    return [*ordered, *_mark_keys(chart, locale)]


def _mark_keys(chart: Chart, locale: str) -> Iterator[Key]:
    kinds = {(mark.kind, mark.severity if mark.kind is MarkKind.INCIDENT else "") for mark in chart.marks}
    for severity in (Severity.CRITICAL, Severity.HIGH):
        if (MarkKind.INCIDENT, severity) in kinds:
            yield Key(Shape.BAND, severity_colour(severity), mark_label(MarkKind.INCIDENT, severity, locale))
    if (MarkKind.WINDOW, "") in kinds:
        yield Key(Shape.BAND, "before", mark_label(MarkKind.WINDOW, "", locale))
    if (MarkKind.RELEASE, "") in kinds:
        yield Key(Shape.RULE, "release", mark_label(MarkKind.RELEASE, "", locale), RELEASE)


def source_line(chart: Chart, locale: str) -> str:
    """Who measured what is drawn, and that not everything has arrived where that is so; "" where nobody is named."""
    late = gap_words(Gap.LATE, locale) if chart.gap is Gap.LATE else ""
    named = f"{say(locale)['source']}: {source_words(chart.source, locale)}" if chart.source else ""
    return " · ".join(part for part in (named, late) if part)


@dataclass(frozen=True, slots=True)
class _Place:
    """Places that count from where reading begins, in the plot's own pixels."""

    head: Head
    frame: Frame

    def words(self, words: str, x: float, y: float, mark: Layer, *, ends: bool = False) -> Layer:
        mirrored = self.head.locale == "ar"
        align = "right" if mirrored is not ends else "left"
        place = {"x": {"value": self._x(x)}, "y": {"value": y}}
        said = {"text": directed(words, self.head.locale), "align": align, "baseline": "middle"}
        return {"data": {"values": [{}]}, "mark": mark | said, "encoding": place}

    def key(self, one: Placed, y: float) -> Iterator[Layer]:
        key, (x, x2) = one.key, sorted((self._x(one.x), self._x(one.x + SWATCH)))
        mark: Layer = {"color": colour(key.colour)}
        place: Layer = {"x": {"value": x}, "x2": {"value": x2}, "y": {"value": y}}
        match key.shape:
            case Shape.LINE:
                mark |= {"type": "rule", "strokeWidth": 2 if key.colour != "before" else 1.25}
            case Shape.RULE:
                mark |= {"type": "rule", "strokeWidth": 2 if not key.dash else 1.25}
                place = {"x": {"value": (x + x2) / 2}, "y": {"value": y - 6}, "y2": {"value": y + 6}}
            case Shape.BAR:
                mark |= {"type": "rect"}
                place = {"x": {"value": x + 4}, "x2": {"value": x2 - 2}, "y": {"value": y - 5}, "y2": {"value": y + 6}}
            case Shape.BAND:
                mark |= {"type": "rect"}
                place |= {"y": {"value": y - 2}, "y2": {"value": y + 3}}
        if key.dash:
            mark["strokeDash"] = list(key.dash)
        yield {"data": {"values": [{}]}, "mark": mark, "encoding": place}
        if key.colour == "ghost":
            top = {"type": "rule", "color": colour("before"), "strokeWidth": 1.5}
            across = {"x": place["x"], "x2": place["x2"], "y": place["y"]}
            yield {"data": {"values": [{}]}, "mark": top, "encoding": across}
        yield self.words(
            key.text, one.x + SWATCH + 6, y, text("soft" if key.colour in {"before", "ghost"} else "ink", AXIS_SIZE)
        )

    def _x(self, x: float) -> float:
        return self.head.width - x - self.frame.left if self.head.locale == "ar" else x - self.frame.left
