"""Native tables on slides: columns as wide as their texts need, rows as high as they get, never more than fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from shared.rendering.chart_text import text_width
from shared.rendering.slide_deck import Deck, describe
from shared.rendering.slide_places import Box
from shared.rendering.slide_template import place
from shared.rendering.slide_text import COLOURS, Said, write

if TYPE_CHECKING:
    from pptx.slide import Slide
    from pptx.table import _Cell

Cell = tuple[Said, ...]  # its paragraphs
Row = tuple[Cell, ...]
SIZE, SMALL, TIGHT = 15.0, 12.0, 12.0
WIDE = 6  # columns, from which on texts are smaller
SIDE, ABOVE = 8.0, 5.0  # points of padding
BOLD = 1.06  # as wide as the same text that is not
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table to be: its header, its rows, and how wide each column is (points)."""

    title: str
    header: Row
    rows: tuple[Row, ...]
    widths: tuple[float, ...]

    def height(self, row: Row) -> float:
        """How high a row gets."""
        cells = zip(row, self.widths, strict=True)
        return 2 * ABOVE + max(sum(said.height(width - 2 * SIDE) for said in cell) for cell, width in cells)


def grid(title: str, columns: Sequence[str], rows: Sequence[Row], *, numeric: Sequence[bool], width: float) -> Grid:
    """The table in that width; columns of figures end at one edge."""
    size = size_of(columns)
    header = tuple(
        (Said(name, size - 2, "soft", is_bold=True, is_figure=is_figure),)
        for name, is_figure in zip(columns, numeric, strict=True)
    )
    needed = [
        max(
            _width(header[place_][0], columns[place_].split()),
            *(_width(said, [said.text]) for row in rows for said in row[place_]),
        )
        for place_ in range(len(columns))
    ]
    return Grid(title, header, tuple(rows), tuple(_shared(needed, width)))


def size_of(columns: Sequence[str]) -> float:
    """How large texts are in a table of so many columns."""
    return SIZE if len(columns) <= WIDE else TIGHT


def add_table(deck: Deck, slide: "Slide", box: Box, table: Grid, rows: Sequence[Row]) -> None:
    """Draw these rows of the table."""
    drawn = (table.header, *rows)
    heights = [table.height(row) for row in drawn]
    frame = slide.shapes.add_table(len(drawn), len(table.widths), 0, 0, 0, 0)
    place(frame, Box(box.left, box.top, sum(table.widths), sum(heights)).mirrored(deck.locale))
    describe(frame, table.title, _described(table, rows), deck.locale)
    made = frame.table
    properties = made._tbl.tblPr  # noqa: SLF001 - python-pptx knows no directions and no styles of tables
    properties.set("bandRow", "0")
    properties.find(qn("a:tableStyleId")).text = NO_STYLE
    if deck.locale == "ar":
        properties.set("rtl", "1")
    for column, width in zip(made.columns, table.widths, strict=True):
        column.width = Pt(width)
    for number, (row, height) in enumerate(zip(drawn, heights, strict=True)):
        made.rows[number].height = Pt(height)
        for at, cell in enumerate(row):
            _fill(made.cell(number, at), cell, deck.locale, is_header=number == 0)


def _width(said: Said, unbroken: Sequence[str]) -> float:
    """How wide a column has to be for these parts of a text; a header may break between its words."""
    return max((text_width(part, said.size) for part in unbroken), default=0.0) * BOLD + 2 * SIDE + 2


def _described(table: Grid, rows: Sequence[Row]) -> str:
    """The table in a line: its title and what its rows are about."""
    return f"{table.title}: " + "; ".join(row[0][0].text for row in rows)


def _shared(needed: Sequence[float], width: float) -> Iterator[float]:
    """Narrow columns get what they need, wide ones share what is left; when all fit, they share what is over."""
    if sum(needed) <= width:
        over = (width - sum(needed)) / len(needed)
        yield from (one + over for one in needed)
        return
    left, fair = width, dict[int, float]()
    for rank, place_ in enumerate(sorted(range(len(needed)), key=needed.__getitem__)):
        fair[place_] = min(needed[place_], left / (len(needed) - rank))
        left -= fair[place_]
    yield from (fair[place_] for place_ in range(len(needed)))


def _fill(cell: "_Cell", paragraphs: Cell, locale: str, *, is_header: bool) -> None:
    cell.margin_left = cell.margin_right = Pt(SIDE)
    cell.margin_top = cell.margin_bottom = Pt(ABOVE)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if is_header else MSO_ANCHOR.TOP
    write(cell.text_frame, paragraphs, locale)
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - nor borders
    rule, role = (1.5, "first") if is_header else (0.75, "grid")
    fill = f'<a:solidFill><a:srgbClr val="{COLOURS[role].removeprefix("#").upper()}"/></a:solidFill>'
    properties.insert(0, parse_xml(f'<a:lnB {nsdecls("a")} w="{Pt(rule)}">{fill}</a:lnB>'))
