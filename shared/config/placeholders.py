"""Texts that somebody meant to replace."""

import re

_PLACEHOLDER = re.compile(
    r"x{3,}|\btbd\b|\btodo\b|change[-_ ]?me|placeholder|\byour[-_ ]|<[^@>]*>|\bfill[-_ ]?in\b",
    re.IGNORECASE,
)
# Reserved domains (RFC 2606), our own demo ids, and the run of zeros that the shipped telephone numbers share.
_DEMO = re.compile(r"\bexample\b|\.(test|invalid|localhost)\b|demo|^\+2010000000\d\d$", re.IGNORECASE)


def is_placeholder(value: object) -> bool:
    """True for what is never a real value: +20-XXX-XXXXXXX, TBD, changeme."""
    return isinstance(value, str) and bool(_PLACEHOLDER.search(value))


def is_demo(value: str) -> bool:
    """True for the examples this project ships, which reach nobody."""
    return bool(_DEMO.search(value))
