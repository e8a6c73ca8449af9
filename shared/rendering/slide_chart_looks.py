"""How native charts look: the colours, lines, axes and texts that every other form of a chart has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from pptx.enum.chart import XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from shared.domain.chart_data import Chart
from shared.rendering.chart_tables import Values
from shared.rendering.slide_formats import Axis, label_format
from shared.rendering.slide_text import colour, localized

if TYPE_CHECKING:
    from pptx.chart.axis import _BaseAxis
    from pptx.chart.chart import Chart as Drawn
    from pptx.chart.series import LineSeries

TEXT_SIZE = 13.0
DOT = 5  # points


@dataclass(frozen=True, slots=True)
class Series:
    """What is drawn as one: its name, its raw figures (None: nothing is known), and how it looks.

    `role` is its colour's, `is_line` makes it a line also where the chart has bars.
    """

    name: str
    values: Values
    role: str
    width: float = 2.25
    is_dashed: bool = False
    is_line: bool = False


def dress(drawn: "Drawn", series: Sequence[Series]) -> None:
    """Colours, lines and the legend; of bars, the past and the target are lines over them."""
    drawn.has_title = False
    drawn.has_legend = len(series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    if drawn.plots[0]._element.tag == qn("c:lineChart"):  # noqa: SLF001 - a chart of two kinds has no type
        for line, one in zip(drawn.plots[0].series, series, strict=True):
            _line(line, one)
        return
    _over_bars(drawn, [one.is_line for one in series])
    ordered = sorted(series, key=lambda one: one.is_line)
    for bars, one in zip(chain.from_iterable(plot.series for plot in drawn.plots), ordered, strict=True):
        if one.is_line:
            _line(bars, one)
            continue
        bars.format.fill.solid()
        bars.format.fill.fore_color.rgb = colour(one.role)
        bars.invert_if_negative = False
    drawn.plots[0].gap_width, drawn.plots[0].overlap = 45, 0


def time_axes(drawn: "Drawn", axis: Axis, *, every: int) -> None:
    """Figures upwards in round steps; every so many names of steps along."""
    figures, times = drawn.value_axis, drawn.category_axis
    figures.minimum_scale, figures.major_unit = axis.low, axis.step
    if axis.high is not None:
        figures.maximum_scale = axis.high
    figures.tick_labels.number_format, figures.tick_labels.number_format_is_linked = axis.format, False
    figures.major_gridlines.format.line.color.rgb = colour("grid")
    figures.format.line.fill.background()
    figures.major_tick_mark = XL_TICK_MARK.NONE
    _names(times)
    times.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    last = times._element.find(qn("c:noMultiLvlLbl"))  # noqa: SLF001 - python-pptx draws every name
    for tag in ("tickLblSkip", "tickMarkSkip"):
        last.addprevious(parse_xml(f'<c:{tag} {nsdecls("c")} val="{every}"/>'))


def ranked_axes(drawn: "Drawn", chart: Chart, locale: str) -> None:
    """The longest bar on top, each with its figure at its end; bars grow in the direction of reading."""
    figures, names = drawn.value_axis, drawn.category_axis
    names.reverse_order = True
    _names(names)
    names.major_tick_mark = XL_TICK_MARK.NONE
    figures.reverse_order = locale == "ar"
    figures.minimum_scale = min(0.0, *(rank.value for rank in chart.ranks))
    figures.has_major_gridlines, figures.visible = False, False
    labels = drawn.plots[0].series[0].data_labels
    labels.show_value, labels.position = True, XL_LABEL_POSITION.OUTSIDE_END
    labels.number_format, labels.number_format_is_linked = label_format(chart, locale), False


def texts(drawn: "Drawn", locale: str) -> None:
    """The font of every text, its language and its direction."""
    drawn.font.size = Pt(TEXT_SIZE)
    drawn.font.color.rgb = colour("soft")
    space = drawn._chartSpace  # noqa: SLF001 - python-pptx knows neither languages nor directions
    for properties in space.xpath(".//c:txPr//a:defRPr | .//c:txPr//a:endParaRPr"):
        localized(properties, locale)
    if locale == "ar":
        for paragraph in space.xpath(".//c:txPr//a:pPr"):
            paragraph.set("rtl", "1")


def lonely(values: Values) -> Iterator[int]:
    """Where a value stands between two gaps: no line goes there, so it has to be a dot."""
    around = (None, *values, None)
    for place, value in enumerate(values):
        if value is not None and around[place] is None and around[place + 2] is None:
            yield place


def _line(series: "LineSeries", one: Series) -> None:
    series.smooth = False
    line = series.format.line
    line.color.rgb, line.width = colour(one.role), Pt(one.width)
    if one.is_dashed:
        line.dash_style = MSO_LINE_DASH_STYLE.DASH
    for place in lonely(one.values):
        marker = series.points[place].marker
        marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, DOT
        marker.format.fill.solid()
        marker.format.fill.fore_color.rgb = colour(one.role)


def _names(axis: "_BaseAxis") -> None:
    axis.format.line.color.rgb = colour("frame")
    axis.tick_labels.font.size = Pt(TEXT_SIZE)


def _over_bars(drawn: "Drawn", are_lines: Sequence[bool]) -> None:
    """Move those series from the bars into lines on the same axes, which python-pptx does not make."""
    bars = drawn.plots[0]._element  # noqa: SLF001
    moved = [one for one, is_line in zip(bars.findall(qn("c:ser")), are_lines, strict=True) if is_line]
    if not moved:
        return
    lines = parse_xml(f'<c:lineChart {nsdecls("c")}><c:grouping val="standard"/><c:varyColors val="0"/></c:lineChart>')
    for series in moved:
        series.find(qn("c:cat")).addprevious(
            parse_xml(f'<c:marker {nsdecls("c")}><c:symbol val="none"/></c:marker>'),
        )
        for inverted in series.findall(qn("c:invertIfNegative")):
            series.remove(inverted)
        lines.append(series)
    lines.append(parse_xml(f'<c:marker {nsdecls("c")} val="1"/>'))
    for axis in bars.findall(qn("c:axId")):
        lines.append(parse_xml(f'<c:axId {nsdecls("c")} val="{axis.get("val")}"/>'))
    bars.addnext(lines)
