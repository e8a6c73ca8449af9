"""The frame of a chart: the room its texts leave for the plot, its axes, and pieces of Vega-Lite that all layers share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.domain.chart_data import Chart
from shared.rendering.chart_scales import Ladder, ladder
from shared.rendering.chart_text import text_width
from shared.rendering.chart_times import minutes_since

Layer = dict[str, Any]
Rows = list[dict[str, Any]]

AXIS_SIZE, TEXT_SIZE, TITLE_SIZE = 11, 12, 14
GAP, ROUND = 8, 8  # between a text and the plot; paddings come in such steps, so that new figures rarely move anything


@dataclass(frozen=True, slots=True)
class Frame:
    """A chart with its axes and the pixels of its plot."""

    chart: Chart
    locale: str
    ladder: Ladder
    left: float
    right: float
    width: float
    height: float

    @property
    def end(self) -> datetime:
        """Where the axis of time ends: a forecast goes beyond the span."""
        step = timedelta(seconds=self.chart.step_seconds)
        last = max((line.points[-1][0] for line in self.chart.lines if line.points), default=self.chart.span.since)
        return max(self.chart.span.until, last + step if last >= self.chart.span.until else last)

    @property
    def minutes(self) -> float:
        """The length of the axis of time."""
        return minutes_since(self.chart.span.since, self.end)

    def minute(self, at: datetime) -> float:
        """Where an instant lies on it, no further out than its ends."""
        return min(max(0.0, minutes_since(self.chart.span.since, at)), self.minutes)


def frame_of(chart: Chart, locale: str, *, width: float, height: float) -> Frame:
    """The frame in a picture of that width around a plot of that height."""
    steps = ladder(chart, locale)
    texts = (text_width(level.text, AXIS_SIZE) for level in steps.levels)
    left = _rounded(max(texts, default=0.0) + GAP)
    right = 28.0  # half of the last time's text
    return Frame(chart, locale, steps, left, right, width - left - right, height)


def layer(data: str, mark: Layer, encoding: Mapping[str, Any], *filters: str) -> Layer:
    """A layer of a named data set."""
    made: Layer = {"data": {"name": data}, "mark": mark, "encoding": dict(encoding)}
    return made | ({"transform": [{"filter": one} for one in filters]} if filters else {})


def along(field: str, *, reverse: bool = False) -> Layer:
    """A place on the horizontal axis."""
    scale = {"nice": False, "zero": False} | ({"reverse": True} if reverse else {})
    return {"field": field, "type": "quantitative", "axis": None, "scale": scale}


def up(field: str, *, reverse: bool = False) -> Layer:
    """A place on the vertical axis."""
    return along(field, reverse=reverse)


def colour(role: str) -> Layer:
    """A colour of the theme, which a live chart may change."""
    return {"expr": role}


def text(role: str, size: int = AXIS_SIZE, **properties: Any) -> Layer:  # noqa: ANN401 - properties of a mark
    """A text mark."""
    return {"type": "text", "color": colour(role), "fontSize": size, **properties}


def halo(mark: Layer) -> Layer:
    """What lies behind a text so that it reads on lines."""
    return mark | {"stroke": colour("paper"), "strokeWidth": 4, "strokeJoin": "round"}


def haloed(data: str, mark: Layer, encoding: Mapping[str, Any], *filters: str) -> Sequence[Layer]:
    """A text that reads on lines."""
    return layer(data, halo(mark), encoding, *filters), layer(data, mark, encoding, *filters)


def _rounded(pixels: float) -> float:
    return -(-pixels // ROUND) * ROUND
