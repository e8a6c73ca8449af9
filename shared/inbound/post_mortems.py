"""Markdown that somebody edited -> the sections of a post-mortem; nothing that was written is dropped silently."""

import re

from shared.domain.post_mortems import Edited, Section
from shared.rendering.post_mortem_markdown import END_OF_RECORD, FROM_RECORD
from shared.rendering.post_mortem_words import AR, EN

_HEADER = re.compile(r"<!-- post-mortem (?P<incident>\S+) revision (?P<revision>\d{1,9}) -->")
_HEADINGS: dict[str, Section | None] = {
    **{say[section]: section for say in (EN, AR) for section in Section},
    **{say[name]: None for say in (EN, AR) for name in ("times", "timeline")},
}
LONGEST = 1_000_000


def edited(text: str) -> Edited:
    """What was written under each heading of a post-mortem.

    Raises ValueError, one line, where the file is none of ours or something stands where it would be lost.
    """
    if len(text) > LONGEST:
        raise ValueError("the file is longer than a million characters")
    lines = text.lstrip("\ufeff").splitlines()
    header = _HEADER.fullmatch(lines[0].strip()) if lines else None
    if header is None:
        raise ValueError("line 1: the mark of a post-mortem is missing; begin with what soukmon post-mortem wrote")
    return Edited(header["incident"], int(header["revision"]), _sections(lines))


def _sections(lines: list[str]) -> dict[Section, str]:
    written: dict[Section, list[str]] = {}
    here: Section | None = None
    is_marked = False
    for number, line in enumerate(lines[1:], start=2):
        mark = line.strip()
        if mark in {FROM_RECORD, END_OF_RECORD}:
            if is_marked is (mark == FROM_RECORD):
                raise ValueError(f"line {number}: {mark} is one too many")
            is_marked = mark == FROM_RECORD
        elif is_marked or (here is None and mark.startswith("# ")):
            continue
        elif mark.removeprefix("## ") in _HEADINGS and mark.startswith("## "):
            here = _HEADINGS[mark.removeprefix("## ")]
        elif here is not None:
            written.setdefault(here, []).append(line)
        elif mark:
            raise ValueError(f"line {number}: {mark[:40]!r} stands outside of the sections and would be lost")
    if is_marked:
        raise ValueError(f"{END_OF_RECORD} is missing")
    return {section: "\n".join(text).strip() for section, text in written.items()}
