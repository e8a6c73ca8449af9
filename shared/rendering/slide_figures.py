"""Figures on slides: the two that matter as large numbers, those of a section as a table; states are words, too."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from shared.domain.figures import Standing, Trend
from shared.rendering.report_figures import FigureRow
from shared.rendering.report_view import SectionView
from shared.rendering.slide_deck import Deck, Ground
from shared.rendering.slide_places import Box
from shared.rendering.slide_tables import SIZE, SMALL, Cell, Grid, Row, grid
from shared.rendering.slide_text import Said, lines_of

if TYPE_CHECKING:
    from pptx.slide import Slide

STATES = {Standing.MET: "third", Standing.MISSED: "critical"}
TRENDS = {Trend.BETTER: "third", Trend.WORSE: "critical"}
NUMBERS, UNKNOWN = (54.0, 48.0, 42.0, 36.0, 30.0, 24.0), 24.0  # points
GAP, CARD = 24.0, Ground("hole", 20.0)
COLUMNS = ("figure", "value", "target", "state", "change", "source")
NUMERIC = (False, True, False, False, False, False)


def figures_grid(section: SectionView, words: Mapping[str, str], width: float) -> Grid:
    """A section's figures with their targets, states, changes and sources."""
    rows = [_row(row) for row in section.figures]
    return grid(section.heading, [words[name] for name in COLUMNS], rows, numeric=NUMERIC, width=width)


def add_cards(deck: Deck, slide: "Slide", box: Box, rows: Sequence[FigureRow], words: Mapping[str, str]) -> None:
    """Large figures beside each other, all of one size."""
    width = (box.width - (len(rows) - 1) * GAP) / len(rows)
    size = _number_size(rows, width - 2 * CARD.inset)
    for number, row in enumerate(rows):
        place = Box(box.left + number * (width + GAP), box.top, width, box.height)
        deck.text(slide, place, _card(row, size, words), row.name, CARD)


def _card(row: FigureRow, size: float, words: Mapping[str, str]) -> Iterator[Said]:
    yield Said(row.name, 16, "soft", is_bold=True)
    yield Said(row.value, size if row.is_known else UNKNOWN, "ink" if row.is_known else "soft", is_bold=True, before=2)
    yield Said(_stands(row, words), 15, STATES.get(row.standing, "soft"), is_bold=True, before=2)
    if changed := _changed(row, words):
        yield Said(changed, 14, TRENDS.get(row.trend, "soft"), before=5)
    if row.gap and row.is_known:
        yield Said(row.gap, 14, "high", before=5)


def _number_size(rows: Sequence[FigureRow], room: float) -> float:
    """The largest at which every number stays on its line."""
    known = [row.value for row in rows if row.is_known]
    fitting = (size for size in NUMBERS if all(lines_of(text, size, room, is_bold=True) == 1 for text in known))
    return next(fitting, NUMBERS[-1])


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
