"""What fits on one slide and what goes on to the next: tables and paragraphs below each other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from shared.rendering.slide_deck import Deck
from shared.rendering.slide_places import CONTENT, Box
from shared.rendering.slide_tables import Grid, Row, add_table
from shared.rendering.slide_text import Said

APART = 14.0  # points between two blocks
HEADING_SIZE, HEADING = 15.0, 26.0  # of a table that is not the first on its slide


@dataclass(frozen=True, slots=True)
class Block:
    """Either a table or paragraphs; a table's `heading` stands above it unless the slide's title says it."""

    heading: str = ""
    table: Grid | None = None
    lines: tuple[Said, ...] = ()

    @property
    def units(self) -> Sequence[Row | Said]:
        """What a page ends between."""
        return self.table.rows if self.table else self.lines

    def height(self, unit: Row | Said, width: float) -> float:
        """How much a row or a paragraph takes."""
        if isinstance(unit, Said):
            return unit.height(width)
        return self.table.height(unit) if self.table else 0.0

    def head(self, *, is_first: bool) -> float:
        """How much stands above the units on each page."""
        heading = HEADING if self.heading and not is_first else 0.0
        return heading + (self.table.height(self.table.header) if self.table else 0.0)


@dataclass(frozen=True, slots=True)
class Piece:
    """A block's share of a slide; it begins `top` points below the beginning of the content."""

    top: float
    block: Block
    units: tuple[Row | Said, ...]


Page = list[Piece]


def laid_out(blocks: Sequence[Block], *, width: float, height: float, is_titled: bool) -> list[Page]:
    """As many pages as it takes, none of them empty.

    `is_titled`: the first table of a page gives the slide its title. A table that fits on a page is not split; what is
    higher than a page has one of its own.
    """
    pages, top = list[Page]([[]]), 0.0
    for block in blocks:
        waiting = list(block.units)
        while waiting:
            begins = top + (APART if top else 0.0)
            head = block.head(is_first=is_titled and not top)
            taken = list(_fitting(block, waiting, width, height - begins - head))
            is_kept = block.table is not None and len(waiting) == len(block.units)
            if top and (not taken or (is_kept and len(taken) < len(waiting) and _fits(block, width, height))):
                pages.append([])
                top = 0.0
                continue
            taken = taken or waiting[:1]
            pages[-1].append(Piece(begins, block, tuple(taken)))
            top = begins + head + sum(block.height(unit, width) for unit in taken)
            del waiting[: len(taken)]
            if waiting:
                pages.append([])
                top = 0.0
    return [page for page in pages if page]


def add_page(
    deck: Deck, page: Page, *, title: str, notes: Iterable[str], eyebrow: str = "", is_titled: bool = False
) -> None:
    """A slide of these pieces; its first paragraphs stand in the layout's own place for text, for outlines."""
    texts = [piece for piece in page if piece.block.table is None]
    first = (_place(texts[0]), _lines(texts[0])) if texts else None
    slide = deck.slide(title, eyebrow=eyebrow, notes=notes, text=first)
    for piece in page:
        box, table = _place(piece), piece.block.table
        if table is not None:
            if piece.block.heading and not (is_titled and piece is page[0]):
                heading = Said(piece.block.heading, HEADING_SIZE, "first", is_bold=True)
                deck.text(slide, replace(box, height=HEADING), [heading], piece.block.heading)
                box = box.below(HEADING)
            add_table(deck, slide, box, table, [unit for unit in piece.units if not isinstance(unit, Said)])
        elif piece is not texts[0]:
            deck.text(slide, box, _lines(piece), "Text")


def _place(piece: Piece) -> Box:
    return CONTENT.below(piece.top)


def _lines(piece: Piece) -> list[Said]:
    return [unit for unit in piece.units if isinstance(unit, Said)]


def _fits(block: Block, width: float, height: float) -> bool:
    return block.head(is_first=True) + sum(block.height(unit, width) for unit in block.units) <= height


def _fitting(block: Block, units: Sequence[Row | Said], width: float, height: float) -> Iterator[Row | Said]:
    for unit in units:
        height -= block.height(unit, width)
        if height < 0:
            return
        yield unit
