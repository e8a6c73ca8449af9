"""What a lock file pins: names in their normal form, and exact versions."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PYPI, NPM = "PyPI", "npm"  # as OSV names the ecosystems
_LINE = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*==\s*([^\s;\\,#]+)")
_WITHIN = "node_modules/"


@dataclass(frozen=True, slots=True, order=True)
class Pin:
    """One package at one version."""

    ecosystem: str
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock file's text, and where it was found."""

    where: str
    ecosystem: str
    text: str


def normalised(name: str) -> str:
    """A Python package's name as it is compared (the packaging specification "Names and normalization", PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins_of(lock: Lock) -> frozenset[Pin]:
    """Everything that the lock pins. Raises ValueError for a text that is no lock file."""
    found = _python(lock.text) if lock.ecosystem == PYPI else _npm(lock.text)
    return frozenset(Pin(lock.ecosystem, name, version) for name, version in found)


def _python(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if found := _LINE.match(line):
            yield normalised(found[1]), found[2]


def _npm(text: str) -> Iterator[tuple[str, str]]:
    """The packages of a package-lock.json that are shipped: of versions 2 and 3 ("packages"), or 1 ("dependencies")."""
    document = json.loads(text)
    if not isinstance(document, dict):
        raise ValueError("a package-lock.json is an object")  # noqa: TRY004 - of the text, not of a type
    if "packages" in document:
        for path, entry in document["packages"].items():
            if path and _is_shipped(entry):
                yield str(entry.get("name") or path.rpartition(_WITHIN)[2]), str(entry["version"])
        return
    yield from _nested(document.get("dependencies") or {})


def _nested(entries: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, entry in entries.items():
        if _is_shipped(entry):
            yield name, str(entry["version"])
        yield from _nested(entry.get("dependencies") or {})


def _is_shipped(entry: dict[str, Any]) -> bool:
    """Not for development alone, and not a link to another folder of the same repository."""
    return not entry.get("dev") and not entry.get("devOptional") and not entry.get("link") and "version" in entry
