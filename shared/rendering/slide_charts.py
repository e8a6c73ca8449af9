"""Native charts on slides: the raw figures in a workbook behind each, so that who presents them can edit them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from xlsxwriter import Workbook

from shared.domain.chart_data import Chart, ChartKind, Line, Role
from shared.rendering.chart_colours import colour_of
from shared.rendering.chart_ranked import shortlist
from shared.rendering.chart_scales import values_of
from shared.rendering.chart_tables import Values, sheet
from shared.rendering.chart_text import text_width
from shared.rendering.chart_words import say
from shared.rendering.figures import amount, scale_of
from shared.rendering.slide_chart_looks import TEXT_SIZE, Series, dress, ranked_axes, texts, time_axes
from shared.rendering.slide_deck import Deck, describe
from shared.rendering.slide_formats import axis_of
from shared.rendering.slide_places import Box
from shared.rendering.slide_template import place
from shared.rendering.slide_text import directed

if TYPE_CHECKING:
    from pptx.slide import Slide

APART, AXIS_ROOM = 24.0, 80.0  # points between two names on the axis of time; beside it, for the axis of figures
A_DAY = 86_400
OVER_A_DAY = (1, 2, 7, 14, 28, 91, 182, 364)  # names of days: all, every other, one to each week...
KINDS = {
    ChartKind.LINE: XL_CHART_TYPE.LINE,
    ChartKind.BARS: XL_CHART_TYPE.COLUMN_CLUSTERED,
    ChartKind.RANKED: XL_CHART_TYPE.BAR_CLUSTERED,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A chart as a table of series over named categories."""

    corner: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]


def add_chart(deck: Deck, slide: "Slide", box: Box, chart: Chart, alt: str, *, made_at: datetime) -> None:
    """Draw a chart that has something to draw; `alt` says it in a sentence."""
    listed = shortlist(chart) if chart.kind is ChartKind.RANKED else chart
    shown = shown_of(listed, deck.locale)
    data = CategoryChartData()
    data.categories = shown.categories
    for one in shown.series:
        data.add_series(one.name, one.values)
    frame = slide.shapes.add_chart(KINDS[chart.kind], 0, 0, 0, 0, data)
    place(frame, box.mirrored(deck.locale))
    describe(frame, alt.partition(":")[0], alt, deck.locale)
    drawn = frame.chart
    drawn.part.chart_workbook.update_from_xlsx_blob(workbook(shown, made_at))
    dress(drawn, shown.series)
    if chart.kind is ChartKind.RANKED:
        ranked_axes(drawn, listed, deck.locale)
    else:
        time_axes(drawn, axis_of(chart, deck.locale), every=skip_of(chart, shown.categories, box.width - AXIS_ROOM))
    texts(drawn, deck.locale)


def shown_of(chart: Chart, locale: str) -> Shown:
    """The chart's own table, its target beside it."""
    table = sheet(chart, locale)
    columns = list(zip(*(values for _, values in table.rows), strict=True)) or [()] * len(table.columns)
    names = [directed(name, locale) for name in table.columns]
    if chart.kind is ChartKind.RANKED:
        roles = ("first", "before")
        series = [Series(*one) for one in zip(names, columns, roles, strict=False)]
    else:
        drawn = zip(chart.lines, names, columns, strict=True)
        series = [_series(line, name, values, chart) for line, name, values in drawn]
        series += _target(chart, len(table.rows), locale)
    return Shown(table.corner, tuple(directed(name, locale) for name, _ in table.rows), tuple(series))


def workbook(shown: Shown, made_at: datetime) -> bytes:
    """The figures behind the chart. A name from outside cannot become a formula or a link in it."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": made_at.astimezone(UTC).replace(tzinfo=None)})
        page = book.add_worksheet()
        page.write_row(0, 0, [shown.corner, *(one.name for one in shown.series)])
        page.write_column(1, 0, shown.categories)
        for number, one in enumerate(shown.series, start=1):
            page.write_column(1, number, one.values)
    return file.getvalue()


def skip_of(chart: Chart, names: Sequence[str], width: float) -> int:
    """Every so many steps have room for their names; those are midnights, and Sundays where the first day is one."""
    room = max((text_width(name, TEXT_SIZE) for name in names), default=0.0) + APART
    least = room * len(names) / width
    steps = max(1, round(A_DAY / chart.step_seconds))
    inside = [n for n in range(1, steps) if steps % n == 0]
    return next((n for n in (*inside, *(steps * days for days in OVER_A_DAY)) if n >= least), len(names))


def _series(line: Line, name: str, values: Values, chart: Chart) -> Series:
    role = colour_of(chart, line)
    if line.role is Role.BEFORE:
        return Series(name, values, role, 1.5, is_line=True)
    if line.role is Role.FORECAST:
        return Series(name, values, role, is_dashed=True, is_line=True)
    return Series(name, values, role)


def _target(chart: Chart, steps: int, locale: str) -> Iterator[Series]:
    if chart.target is None:
        return
    scale = scale_of(chart.unit, max(map(abs, values_of(chart)), default=0.0))
    name = directed(f"{say(locale)['target']} {amount(chart.target, scale, locale)}", locale)
    yield Series(name, (chart.target,) * steps, "target", 1.5, is_dashed=True, is_line=True)
