"""What the team wrote into a report: paragraphs and lists, with who wrote them and when."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shared.domain.report_plans import Written
from shared.rendering.escaping import isolated, one_line
from shared.rendering.report_times import day_words
from shared.rendering.report_words import report_words

_APART = re.compile(r"\n[ \t]*\n")
_MARK = "- "


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph (one line) or a list (a line for each item)."""

    is_list: bool
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenView:
    """The text in one language and who answers for it: "Written by Nour Hassan, 1 March 2026"."""

    passages: tuple[Passage, ...]
    by: str


def written_view(written: Written, locale: str) -> WrittenView:
    """The text as it was written; nothing in it is markup but the marks of list items."""
    name = isolated(one_line(written.by)) if locale == "ar" else one_line(written.by)
    by = report_words(locale)["written_by"].format(name=name, day=day_words(written.on.date(), locale))
    return WrittenView(tuple(passages(written.texts.get(locale) or written.texts["en"])), by)


def passages(text: str) -> Iterator[Passage]:
    """Paragraphs stand between empty lines; lines that begin with "- " are items of a list."""
    for block in _APART.split(text):
        words: list[str] = []
        items: list[str] = []
        for line in (one for one in block.splitlines() if one.strip()):
            if line.lstrip().startswith(_MARK):
                yield from _paragraph(words)
                words = []
                items.append(line.lstrip().removeprefix(_MARK))
            elif items and line[:1].isspace():
                items[-1] = f"{items[-1]} {line.strip()}"
            else:
                yield from _list(items)
                items = []
                words.append(line)
        yield from _paragraph(words)
        yield from _list(items)


def _paragraph(words: list[str]) -> Iterator[Passage]:
    if words:
        yield Passage(is_list=False, lines=(one_line(" ".join(words)),))


def _list(items: list[str]) -> Iterator[Passage]:
    if items:
        yield Passage(is_list=True, lines=tuple(one_line(item) for item in items))
