"""Chart -> one Vega-Lite specification, as data: what pages draw live and pictures, documents and mails draw still.

Every text on it is made here, in the reader's language and Cairo's time, so that nothing depends on a browser's locale;
every colour is a parameter and everything drawn a named data set, so that a page can change both in the same view.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.domain.chart_data import Chart, ChartKind
from shared.domain.figures import Gap
from shared.rendering.chart_colours import THEMES, Theme
from shared.rendering.chart_frame import TEXT_SIZE, Frame, Layer, Rows, colour, frame_of, text
from shared.rendering.chart_heads import head_of
from shared.rendering.chart_layers import time_data, time_layers
from shared.rendering.chart_ranked import ROW, ranked_data, ranked_frame, ranked_layers, shortlist
from shared.rendering.chart_scales import values_of
from shared.rendering.chart_tables import alt
from shared.rendering.chart_text import directed
from shared.rendering.chart_tips import with_tips
from shared.rendering.chart_words import gap_words
from shared.rendering.png import packed
from shared.rendering.vega import family, renderer

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
WIDTH, HEIGHT = 640, 280
SCALE = 2
TIMES = 28.0  # pixels of the times below the plot
LIVE_FONT = "system-ui, 'Segoe UI', 'Noto Sans Arabic', Tahoma, Arial, sans-serif"  # a page may load none of ours
ABOVE = 8.0  # pixels above the plot, where no title stands
NOTHING = 84  # pixels of an empty frame, where the height is ours to choose

Spec = dict[str, Any]


def png(chart: Chart, locale: str = "en", *, theme: Theme = "light", width: int = WIDTH, height: int = 0) -> bytes:
    """The chart as a picture of twice as many pixels."""
    drawn = renderer().vegalite_to_png(spec(chart, locale, theme=theme, width=width, height=height), scale=SCALE)
    return packed(drawn)


def svg(chart: Chart, locale: str = "en", *, theme: Theme = "light", width: int = WIDTH, height: int = 0) -> str:
    """The chart as SVG; its font is named in it and not contained."""
    return str(renderer().vegalite_to_svg(spec(chart, locale, theme=theme, width=width, height=height)))


def spec(chart: Chart, locale: str = "en", *, theme: Theme = "light", width: int = WIDTH, height: int = 0) -> Spec:
    """The picture of `width` x `height` units with its title, keys and source; height 0 is what the chart needs.

    Time runs from left to right in Arabic too, as its readers' charts do; ranked bars grow from where reading begins.
    """
    drawn = shortlist(chart) if chart.kind is ChartKind.RANKED else chart
    head = head_of(drawn, locale, width=width, theme=theme)
    room = (height or default_height(drawn, head.height + head.foot)) - head.height - below(drawn) - head.foot
    frame = framed(drawn, locale, width=width, height=room)
    made = bare(frame, theme=theme)
    made["padding"] |= {"top": head.height, "bottom": below(drawn) + head.foot}
    made["layer"] += head.layers(frame, below(drawn))
    return made


def live(chart: Chart, locale: str = "en", *, theme: Theme = "light", width: int = WIDTH, height: int = 0) -> Spec:
    """The plot alone, which the script of the pages gives the width of its place; each step says what it is (`tip`).

    The page around it has the title and the keys. Height 0 is what the chart needs.
    """
    drawn = shortlist(chart) if chart.kind is ChartKind.RANKED else chart
    room = (height or default_height(drawn, ABOVE)) - ABOVE - below(drawn)
    frame = framed(drawn, locale, width=width, height=room)
    made = bare(frame, theme=theme, font=LIVE_FONT)
    made["datasets"] = with_tips(made["datasets"], frame)
    made["usermeta"] = {"fits": True}
    return made


def framed(chart: Chart, locale: str, *, width: float, height: float) -> Frame:
    """The chart's frame in a picture of that width; `height` is the plot's."""
    frame = frame_of(chart, locale, width=width, height=height)
    return ranked_frame(frame) if chart.kind is ChartKind.RANKED and chart.ranks else frame


def bare(frame: Frame, *, theme: Theme, font: str = "") -> Spec:
    """The plot with its axes and nothing around it."""
    chart = frame.chart
    return {
        "$schema": SCHEMA,
        "description": alt(chart, frame.locale),
        "background": colour("paper"),
        "width": frame.width,
        "height": frame.height,
        "autosize": "none",
        "padding": {"left": frame.left, "right": frame.right, "top": ABOVE, "bottom": below(chart)},
        "params": [{"name": name, "value": value} for name, value in THEMES[theme].items()],
        "config": {"font": font or family(), "view": {"stroke": None}, "aria": False},
        "datasets": datasets(frame),
        "layer": list(_layers(chart, frame.locale, theme=theme)),
    }


def datasets(frame: Frame) -> Mapping[str, Rows]:
    """Everything that is drawn, by name."""
    if is_empty(frame.chart):
        return {"frame": [{"x": 0, "x2": 1, "y": 0, "y2": 1}]}
    return ranked_data(frame) if frame.chart.kind is ChartKind.RANKED else time_data(frame)


def is_empty(chart: Chart) -> bool:
    """True where there is nothing to draw; the chart then says why."""
    return not values_of(chart)


def default_height(chart: Chart, around: float) -> int:
    """The height of a picture with so much above and below the plot, where nobody asks for another."""
    if is_empty(chart):
        return int(around + NOTHING + below(chart))
    return int(around + ROW * len(chart.ranks) + below(chart)) if chart.kind is ChartKind.RANKED else HEIGHT


def below(chart: Chart) -> float:
    """Pixels below the plot: the times, where there are any."""
    return 8.0 if is_empty(chart) or chart.kind is ChartKind.RANKED else TIMES


def _layers(chart: Chart, locale: str, *, theme: Theme) -> Iterator[Layer]:
    if is_empty(chart):
        return _nothing(chart, locale)
    return ranked_layers(chart, locale) if chart.kind is ChartKind.RANKED else time_layers(chart, locale, theme=theme)


def _nothing(chart: Chart, locale: str) -> Iterator[Layer]:
    """An empty frame with the reason in its middle."""
    box = {name: {"field": name, "type": "quantitative", "axis": None} for name in ("x", "y")}
    yield {
        "data": {"name": "frame"},
        "mark": {"type": "rect", "fill": colour("hole"), "stroke": colour("grid"), "cornerRadius": 6},
        "encoding": box | {"x2": {"field": "x2"}, "y2": {"field": "y2"}},
    }
    words = text(
        "soft", TEXT_SIZE, text=directed(gap_words(chart.gap or Gap.NO_DATA, locale), locale), baseline="middle"
    )
    middle = {"x": {"value": {"expr": "width / 2"}}, "y": {"value": {"expr": "height / 2"}}}
    yield {"data": {"name": "frame"}, "mark": words, "encoding": middle}
