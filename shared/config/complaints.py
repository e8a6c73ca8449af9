"""The decoder's complaints as faults: the exact path, what is wrong, and what to write instead."""

import re
from typing import Any, get_origin

import msgspec

from shared.config import shapes
from shared.config.faults import Fault, Path
from shared.config.files import HOW_TO_WRITE
from shared.config.placeholders import is_placeholder
from shared.config.suggesting import nearest, one_of

_COMPLAINT = re.compile(r"(?P<text>.*?)(?: - at (?P<key>`key` in )?`\$(?P<path>.*)`)?", re.DOTALL)
_PART = re.compile(r"\.(?P<key>[^.\[]+)|\[(?P<index>\d+)\]|\[\.\.\.\]")
_PLAIN_FIXES = {
    "float` > 0": "write a positive number, and say which way with increase or decrease",
    "array` of length >= 1": "name at least one",
    "RFC3339 encoded date": "write it like 2026-01-04, or with a time like 2026-01-04T09:00:00+02:00",
    "timezone component": "write it with its offset, like 2026-01-04T09:00:00+02:00",
}
_BOUND = re.compile(r"(?:int|float)` (?P<sign>[<>]=?) (?P<number>-?[0-9.]+)")
_BOUNDS = {">=": "of at least", "<=": "of at most", ">": "above", "<": "below"}
_QUOTED = re.compile(r"`([^`]*)`")


def explained(complaint: str, data: Any, shape: Any) -> Fault:  # noqa: ANN401 - any file, any shape
    """The fault behind a msgspec.ValidationError's text."""
    found = _COMPLAINT.fullmatch(complaint)
    text = found["text"] if found else complaint
    path = _path(found["path"] or "", data, shape) if found else ()
    name = next(iter(_QUOTED.findall(text)), "")
    if text.startswith("Object contains unknown field"):
        return _unknown_key(name, path, shape)
    if text.startswith("Object missing required field"):
        return Fault(path, f"{name} is missing", f"write {name}: {_example((*path, name), shape)} there")
    if found and found["key"]:
        key = next(shapes.misfits(_at(data, path), shapes.shape_at(shape, path), keys=True))
        choices = shapes.allowed(shapes.key_shape(shapes.shape_at(shape, path)))
        return Fault((*path, key), f"{key!r} does not fit as a name", _fix(text, key, choices))
    value = _at(data, path)
    return Fault(path, _what(text, value), _fix(text, value, shapes.allowed(shapes.shape_at(shape, path))))


def _path(rest: str, data: Any, shape: Any) -> Path:  # noqa: ANN401
    """The decoder leaves out the keys of mappings ("[...]"): they are found by trying each value."""
    path: Path = ()
    for part in _PART.finditer(rest):
        if part["key"]:
            path = (*path, part["key"])
        elif part["index"]:
            path = (*path, int(part["index"]))
        else:
            path = (*path, next(shapes.misfits(_at(data, path), shapes.shape_at(shape, path), keys=False)))
    return path


def _at(data: Any, path: Path) -> Any:  # noqa: ANN401
    for part in path:
        data = data[part]
    return data


def _unknown_key(name: str, path: Path, shape: Any) -> Fault:  # noqa: ANN401
    known = shapes.allowed(shapes.shape_at(shape, path))
    near = nearest(name, known)
    fix = f"did you mean {near}? write {near} instead" if near else f"leave it out (known here: {', '.join(known)})"
    return Fault((*path, name), f"{name} is not a known key", fix)


def _example(path: Path, shape: Any) -> str:  # noqa: ANN401
    """What a key is given, as far as its shape says it: the first choice (in brackets for a list), or dots."""
    wanted = shapes.shape_at(shape, path)
    if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
        return "{" + f"{shapes.allowed(wanted)[0]}: ..." + "}"
    if get_origin(wanted) is tuple:
        return f"[{', '.join(shapes.allowed(shapes.shape_at(shape, (*path, 0)))[:2]) or '...'}]"
    return next(iter(shapes.allowed(wanted)), "...")


def _what(text: str, value: Any) -> str:  # noqa: ANN401
    if is_placeholder(value):
        return f"{value!r} is a placeholder"
    if isinstance(value, str | int | float):
        return f"{value!r} does not fit"
    return "it is empty" if value in ([], "") else text[:1].lower() + text[1:].replace("`", "")


def _fix(text: str, value: Any, choices: list[str]) -> str:  # noqa: ANN401
    how = next((how for pattern, how in HOW_TO_WRITE.items() if repr(pattern) in text), None)
    if how is not None:
        return f"write {how} instead"
    if choices:
        return one_of(choices, str(value))
    if text.startswith("Expected `str") and isinstance(value, int | float):
        return "put it in quotes, so that it stays text as written"
    plain = next((fix for words, fix in _PLAIN_FIXES.items() if words in text), None)
    bound = _BOUND.search(text)
    if plain is None and bound is not None:
        return f"write a number {_BOUNDS[bound['sign']]} {float(bound['number']):g}"
    return plain or "write what is expected there: " + text.removeprefix("Expected ").replace("`", "")
