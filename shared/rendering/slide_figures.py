"""Figures on slides: the two that matter as large numbers, those of a section as a table; states are words, too."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from shared.domain.figures import Standing, Trend
from shared.rendering.report_figures import FigureRow
from shared.rendering.report_view import SectionView
from shared.rendering.slide_deck import Deck
from shared.rendering.slide_places import Box
from shared.rendering.slide_tables import SIZE, SMALL, Cell, Grid, Row, grid
from shared.rendering.slide_text import Said, lines_of

if TYPE_CHECKING:
    from pptx.slide import Slide

STATES = {Standing.MET: "third", Standing.MISSED: "critical"}
TRENDS = {Trend.BETTER: "third", Trend.WORSE: "critical"}
NUMBER, LONG_NUMBER = 54.0, 30.0
GAP, INSIDE = 24.0, 18.0  # points between two cards, and within one
COLUMNS = ("figure", "value", "target", "state", "change", "source")
NUMERIC = (False, True, False, False, False, False)


def figures_grid(section: SectionView, words: Mapping[str, str], width: float) -> Grid:
    """A section's figures with their targets, states, changes and sources."""
    rows = [_row(row) for row in section.figures]
    return grid(section.heading, [words[name] for name in COLUMNS], rows, numeric=NUMERIC, width=width)


def add_card(  # noqa: PLR0917 - which of how many
    deck: Deck, slide: "Slide", row_box: Box, number: int, of: int, row: FigureRow, words: Mapping[str, str]
) -> None:
    """One large figure beside others of its kind."""
    width = (row_box.width - (of - 1) * GAP) / of
    box = Box(row_box.left + number * (width + GAP), row_box.top, width, row_box.height)
    deck.panel(slide, box, row.metric)
    room = width - 2 * INSIDE
    large = NUMBER if lines_of(row.value, NUMBER, room, is_bold=True) == 1 else LONG_NUMBER
    paragraphs = [
        Said(row.name, 16, "soft", is_bold=True),
        Said(row.value, large, "ink" if row.is_known else "soft", is_bold=True, before=2),
        Said(_stands(row, words), 15, STATES.get(row.standing, "soft"), is_bold=True, before=2),
        *([Said(row.gap, 14, "high", before=4)] if row.gap and row.is_known else []),
        Said(_changed(row, words), 14, TRENDS.get(row.trend, "soft"), before=4),
    ]
    inside = Box(box.left + INSIDE, box.top + INSIDE - 4, room, box.height - INSIDE)
    deck.text(slide, inside, [one for one in paragraphs if one.text], row.name)


def _stands(row: FigureRow, words: Mapping[str, str]) -> str:
    if row.standing is Standing.NO_TARGET:
        return row.state
    return f"{row.state} · {words['target']}: {row.target}"


def _changed(row: FigureRow, words: Mapping[str, str]) -> str:
    before = words["before"].format(value=row.before) if row.before else ""
    return " · ".join(part for part in (row.change, before) if part)


def _row(row: FigureRow) -> Row:
    return (
        (Said(row.name, SIZE, is_bold=True),),
        _value(row),
        (Said(row.target, SIZE),),
        (Said(row.state, SIZE, STATES.get(row.standing, "soft"), is_bold=True),),
        (Said(row.change, SIZE, TRENDS.get(row.trend, "soft")),),
        (Said(row.source, SMALL, "soft"),),
    )


def _value(row: FigureRow) -> Cell:
    if not row.is_known:
        return (Said(row.value, SMALL, "soft", is_figure=True),)
    late = (Said(row.gap, SMALL, "high", is_figure=True),) if row.gap else ()
    return (Said(row.value, SIZE, is_bold=True, is_figure=True), *late)
