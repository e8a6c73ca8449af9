"""What fits on one slide and what goes on to the next: rows of a table first, then paragraphs below it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.rendering.slide_tables import Grid, Row, pages
from shared.rendering.slide_text import Said

APART = 20.0  # points between a table and the text below it


@dataclass(frozen=True, slots=True)
class Page:
    """One slide's share; `top` is where its paragraphs begin, in points below the beginning of the content."""

    rows: tuple[Row, ...]
    top: float
    lines: tuple[Said, ...]


def laid_out(table: Grid | None, lines: Sequence[Said], *, width: float, height: float) -> list[Page]:
    """As many pages as it takes, none of them empty; a single paragraph higher than a page has one of its own."""
    found = [Page(rows, _below(table, rows), ()) for rows in pages(table, height, height)] if table else []
    waiting = list(lines)
    while waiting:
        page = found.pop() if found and not found[-1].lines else Page((), 0.0, ())
        fits = list(_fitting(waiting, width, height - page.top))
        if page.rows and not fits:
            found += [page, Page((), 0.0, tuple(_fitting(waiting, width, height)) or (waiting[0],))]
        else:
            fits = fits or waiting[:1]
            found.append(Page(page.rows, page.top, tuple(fits)))
        del waiting[: len(found[-1].lines)]
    return found


def _below(table: Grid, rows: Sequence[Row]) -> float:
    return sum(table.height(row) for row in (table.header, *rows)) + APART


def _fitting(lines: Sequence[Said], width: float, height: float) -> Iterator[Said]:
    for line in lines:
        height -= line.height(width)
        if height < 0:
            return
        yield line
