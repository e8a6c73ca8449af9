"""A report's charts as its page needs them: still, alive, as a table, and the keys that switch lines off and on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from shared.domain.chart_data import Chart, ChartKind
from shared.rendering.chart_heads import Key, keys, source_line
from shared.rendering.chart_ranked import shortlist
from shared.rendering.chart_specs import live, svg
from shared.rendering.chart_tables import rows, sheet
from shared.rendering.chart_times import span_words
from shared.rendering.chart_words import line_label, say
from shared.rendering.report_view import ChartView


@dataclass(frozen=True, slots=True)
class Legend:
    """What one key stands for; `lines` are the numbers of the lines it switches, none where it switches nothing."""

    key: Key
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DataTable:
    """A chart's figures; `order` is what each cell is sorted by, None where nothing is known or the text counts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    order: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """One chart of the page: `still` is safe SVG of ours, `spec` what the charts' script draws."""

    title: str
    alt: str
    caption: str
    span: str
    source: str
    still: Markup
    spec: dict[str, Any]
    legend: tuple[Legend, ...]
    table: DataTable


def drawing(shown: ChartView, locale: str) -> Drawing:
    """The chart; raises ValueError where there is nothing to draw."""
    if shown.gap:
        raise ValueError(f"nothing to draw: {shown.gap}")
    chart = shown.chart
    return Drawing(
        title=shown.title,
        alt=shown.alt,
        caption=shown.caption,
        span=f"{span_words(chart.span, locale)} · {say(locale)['zone']}",
        source=source_line(chart, locale),
        still=Markup(svg(chart, locale, theme="print")),  # noqa: S704 - the renderer escapes every text
        spec=live(chart, locale),
        legend=tuple(_legend(chart, locale)),
        table=_table(chart, locale),
    )


def _legend(chart: Chart, locale: str) -> Iterator[Legend]:
    drawn = shortlist(chart) if chart.kind is ChartKind.RANKED else chart
    found = keys(drawn, locale)
    for key in found if len(found) > 1 else ():
        yield Legend(key, tuple(n for n, line in enumerate(drawn.lines) if line_label(line, locale) == key.text))


def _table(chart: Chart, locale: str) -> DataTable:
    """Steps are sorted by when they were, and ranked bars by their names."""
    header, *body = rows(chart, locale)
    by_time = chart.kind is not ChartKind.RANKED
    order = (
        (float(number) if by_time else None, *values) for number, (_, values) in enumerate(sheet(chart, locale).rows)
    )
    return DataTable(header, tuple(body), tuple(order))
