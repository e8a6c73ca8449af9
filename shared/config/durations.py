"""Durations as people write them: "15m", "1w", and the mission's own "immediate", "hourly", "after 30 minutes"."""

import re
from datetime import timedelta

_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_WORDS = {
    "immediate": timedelta(0),
    "immediately": timedelta(0),
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
}
_LONG = "seconds?|minutes?|hours?|days?|weeks?"
_NAMED = "|".join(_WORDS)
PATTERN = rf"^({_NAMED}|((after|every) )?[0-9]{{1,6}}(\.[0-9]{{1,3}})? ?(ms|s|m|min|h|d|w|{_LONG}))$"
HOW_TO_WRITE = 'a duration such as "15m", "4h", "1w", "immediate", "hourly" or "after 30 minutes"'
_SHAPE = re.compile(r"(?:after |every )?(?P<number>[0-9.]+) ?(?P<unit>[a-z]+)")


def duration(text: str) -> timedelta:
    """The length of time of a text that fits PATTERN, as the decoder makes sure; raises ValueError otherwise."""
    if text in _WORDS:
        return _WORDS[text]
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    unit = found["unit"]
    return float(found["number"]) * _UNITS[unit if unit in _UNITS else unit[0]]


def spelled(length: timedelta) -> str:
    """The shortest exact spelling: 90 minutes are "90m", 24 hours "1d", nothing at all "0s"."""
    if not length:
        return "0s"
    unit = next(name for name in reversed(_UNITS) if not length % _UNITS[name])
    return f"{length // _UNITS[unit]}{unit}"
