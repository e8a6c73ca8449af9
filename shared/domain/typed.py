"""What people type in a chat, read generously: lengths of time, and names of one thing among many."""

import re
from collections.abc import Iterable
from datetime import timedelta

_LENGTH = re.compile(r"(?:(?P<hours>\d{1,3})\s*h(?:ours?)?)?\s*(?:(?P<minutes>\d{1,4})\s*(?:m(?:in(?:utes?)?)?)?)?")
_DAYS = re.compile(r"(?P<number>\d{1,3})\s*(?:(?P<days>d(?:ays?)?)|w(?:eeks?)?)")
LEAST_OF_AN_ID = 3


def length(text: str) -> timedelta | None:
    """What "30m", "2h", "1h30m" or "45" (minutes) stand for, in any digits; None for anything else."""
    found = _LENGTH.fullmatch(text.strip().lower())
    if found is None or not (found["hours"] or found["minutes"]):
        return None
    return timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))


def long_length(text: str) -> timedelta | None:
    """As `length`, and also "3d" and "2w"."""
    found = _DAYS.fullmatch(text.strip().lower())
    if found is None:
        return length(text)
    return timedelta(days=int(found["number"]) * (1 if found["days"] else 7))


def matching_ids(text: str, ids: Iterable[str]) -> tuple[str, ...]:
    """The id itself, else every id that begins or ends with the text or has a part that begins with it."""
    known, wanted = tuple(ids), text.strip().lower()
    exact = tuple(name for name in known if name.lower() == wanted)
    if exact or len(wanted) < LEAST_OF_AN_ID:
        return exact
    return tuple(name for name in known if _answers_to(name.lower(), wanted))


def _answers_to(name: str, wanted: str) -> bool:
    return name.endswith(wanted) or any(part.startswith(wanted) for part in (name, name.rpartition("-")[2]))
