"""Evidence -> a small chart: one Vega-Lite specification, as data, drawn as SVG or PNG without a browser."""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from shared.domain.evidence import Evidence
from shared.rendering.chart_layout import HEIGHT as PLOT_HEIGHT
from shared.rendering.chart_layout import STEP_MINUTES, Label, Plot, gap_notes, hours, labels, plot_of
from shared.rendering.chart_layout import WIDTH as PLOT_WIDTH
from shared.rendering.chart_text import directed
from shared.rendering.evidence import metric_name, sentence, vocabulary
from shared.rendering.png import packed
from shared.rendering.vega import family, renderer

SCALE = 2
LEFT, RIGHT, TOP, BOTTOM = 48, 112, 30, 24
LARGE = 10_000
BLUE, RED, GREY, INK, PALE, ROSE = "#1f5fbf", "#b3261e", "#5b6472", "#1f2430", "#eceef2", "#fbe0dd"
COLOURS = {"value": BLUE, "limit": RED, "baseline": GREY}

Spec = dict[str, Any]


def png(evidence: Evidence, locale: str = "en") -> bytes:
    """The chart as a picture of 960 x 320 pixels; white behind, so that it reads on dark screens too."""
    return packed(renderer().vegalite_to_png(spec(evidence, locale), scale=SCALE))


def svg(evidence: Evidence, locale: str = "en") -> str:
    """The chart as SVG of 480 x 160 units."""
    return str(renderer().vegalite_to_svg(spec(evidence, locale)))


def spec(evidence: Evidence, locale: str = "en") -> Spec:
    """The Vega-Lite specification; time runs from left to right in Arabic too, as its readers' charts do."""
    plot = plot_of(evidence)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": sentence(evidence, locale),
        "background": "white",
        "width": PLOT_WIDTH,
        "height": PLOT_HEIGHT,
        "autosize": "none",
        "padding": {"left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM},
        "config": {"font": family(), "view": {"stroke": None}},
        "layer": [
            *_bands(plot),
            *_rules(plot, locale),
            *_gap_texts(plot, locale),
            _line(plot, locale),
            _lonely(plot, locale),
            *(_beside(label, locale) for label in labels(evidence, plot, locale)),
            _title(evidence, locale),
        ],
    }


def _bands(plot: Plot) -> Iterator[Spec]:
    """Rose where the limit is broken, grey where nothing was measured."""
    spans = []
    for colour, members in groupby(plot.points, key=lambda p: PALE if p.value is None else ROSE if p.is_breach else ""):
        inside = list(members)
        if colour:
            spans.append({"from": inside[0].at, "to": inside[-1].at + STEP_MINUTES, "colour": colour})
    if spans:
        painted = {"field": "colour", "type": "nominal", "scale": None}
        encoding = {"x": _x("from", plot), "x2": {"field": "to"}, "color": painted}
        yield {"data": {"values": spans}, "mark": "rect", "encoding": encoding}


def _gap_texts(plot: Plot, locale: str) -> Iterator[Spec]:
    text = vocabulary(locale)["no_data"]
    for at, y in gap_notes(plot, text):
        mark = {"type": "text", "color": GREY, "fontSize": 11, "text": directed(text, locale)}
        yield {"data": {"values": [{"at": at}]}, "mark": mark, "encoding": {"x": _x("at", plot), "y": {"value": y}}}


def _rules(plot: Plot, locale: str) -> Iterator[Spec]:
    for value, name, dash in ((plot.baseline, "baseline", [4, 3]), (plot.limit, "limit", [1, 0])):
        if value is not None:
            mark = {"type": "rule", "color": COLOURS[name], "strokeDash": dash, "strokeWidth": 1.5}
            yield {"data": {"values": [{"value": value}]}, "mark": mark, "encoding": {"y": _y("value", plot, locale)}}


def _line(plot: Plot, locale: str) -> Spec:
    """The values, broken where there are none."""
    middle = STEP_MINUTES / 2
    return {
        "data": {"values": [{"at": point.at + middle, "value": point.value} for point in plot.points]},
        "mark": {"type": "line", "color": BLUE, "strokeWidth": 2, "invalid": "break-paths-show-domains"},
        "encoding": {"x": _x("at", plot), "y": _y("value", plot, locale)},
    }


def _lonely(plot: Plot, locale: str) -> Spec:
    """Values between two gaps make no line: they are dots."""
    values = [None, *(point.value for point in plot.points), None]
    lonely = [
        {"at": point.at + STEP_MINUTES / 2, "value": point.value}
        for point, before, after in zip(plot.points, values, values[2:], strict=False)
        if point.value is not None and before is None and after is None
    ]
    encoding = {"x": _x("at", plot), "y": _y("value", plot, locale)}
    mark = {"type": "point", "filled": True, "color": BLUE, "size": 16, "opacity": 1}
    return {"data": {"values": lonely}, "mark": mark, "encoding": encoding}


def _beside(label: Label, locale: str) -> Spec:
    weight = 600 if label.name == "value" else 400
    colour = COLOURS[label.name]
    mark = {
        "type": "text",
        "align": "left",
        "baseline": "middle",
        "color": colour,
        "fontSize": 12,
        "fontWeight": weight,
    }
    place = {"x": {"value": PLOT_WIDTH + 6}, "y": {"value": label.y}}
    return _text(label.text, mark, place, locale)


def _title(evidence: Evidence, locale: str) -> Spec:
    side = "right" if locale == "ar" else "left"
    mark = {"type": "text", "align": side, "baseline": "top", "color": INK, "fontSize": 13, "fontWeight": 600}
    place = {"x": {"value": PLOT_WIDTH + RIGHT - 10 if locale == "ar" else 10 - LEFT}, "y": {"value": 9 - TOP}}
    text = f"{metric_name(evidence.metric, locale)} · {vocabulary(locale)['history']}"
    return _text(text, mark, place, locale)


def _text(text: str, mark: Spec, place: Spec, locale: str) -> Spec:
    return {"data": {"values": [{}]}, "mark": {**mark, "text": directed(text, locale)}, "encoding": place}


def _time_axis(plot: Plot) -> Spec:
    ticks = hours(plot)
    return {
        "title": None,
        "values": [minute for minute, _ in ticks],
        "labelExpr": f"{json.dumps({f'{minute:g}': text for minute, text in ticks})}[datum.value]",
        "labelColor": GREY,
        "labelFontSize": 11,
        "labelFlush": False,
        "grid": False,
        "domainColor": GREY,
        "tickColor": GREY,
    }


def _value_axis(plot: Plot, locale: str) -> Spec:
    before, after = directed(plot.scale.suffixed("|", locale), locale).split("|")
    form = "~s" if plot.high >= LARGE else ",~r"
    return {
        "title": None,
        "tickCount": 3,
        "labelExpr": f"{json.dumps(before)} + format(datum.value, '{form}') + {json.dumps(after)}",
        "labelColor": GREY,
        "labelFontSize": 11,
        "gridColor": PALE,
        "domain": False,
        "ticks": False,
    }


def _x(field: str, plot: Plot) -> Spec:
    scale = {"domain": [0, plot.minutes], "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": _time_axis(plot)}


def _y(field: str, plot: Plot, locale: str) -> Spec:
    scale = {"domain": [plot.low, plot.high], "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": _value_axis(plot, locale)}
