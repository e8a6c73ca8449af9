"""A runbook's Markdown as parts to show: the little of it that our runbooks use."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

_NUMBERED = re.compile(r"\d+\.\s+")
_BULLET = re.compile(r"[*-]\s+")


@dataclass(frozen=True, slots=True)
class Part:
    """A heading ("h"), a paragraph ("p"), a numbered ("ol") or a plain list ("ul"); its lines carry no marks."""

    kind: str
    lines: tuple[str, ...]


def parts(markdown: str) -> tuple[Part, ...]:
    """The parts in order; neighbouring items of one list are one part, the title (the first "# ") is left out."""
    found = [line for line in map(_line, markdown.splitlines()) if line[1]]
    return tuple(_grouped(found))


def _grouped(lines: list[tuple[str, str]]) -> Iterator[Part]:
    for kind, group in groupby(lines, key=lambda line: line[0]):
        texts = tuple(text for _, text in group)
        yield from [Part(kind, texts)] if kind in {"ol", "ul"} else [Part(kind, (text,)) for text in texts]


def _line(line: str) -> tuple[str, str]:
    text = line.strip()
    if text.startswith("# "):
        return "h", ""
    for kind, mark in (("ol", _NUMBERED), ("ul", _BULLET)):
        if found := mark.match(text):
            return kind, _plain(text[found.end() :])
    return ("h", _plain(text.lstrip("# "))) if text.startswith("#") else ("p", _plain(text))


def _plain(text: str) -> str:
    return text.replace("**", "").replace("`", "")
