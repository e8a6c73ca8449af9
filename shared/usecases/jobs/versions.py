"""How versions are ordered: Python's by PEP 440, npm's by Semantic Versioning 2.0.0."""

import re
from collections.abc import Mapping
from typing import Any

from shared.domain.advisories import Ordered
from shared.domain.pinned import NPM, PYPI

_SEMVER = re.compile(r"v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?")
_LAST = (1,)  # a version without a pre-release comes after those with one


def python(text: str) -> Any:  # noqa: ANN401 - packaging's Version, which is imported late
    """Raises ValueError for what is no version."""
    from packaging.version import Version  # noqa: PLC0415 - a cold start does without it

    return Version(text)


def semantic(text: str) -> tuple[Any, ...]:
    """A key that orders as section 11 of the specification says; raises ValueError for what is no version."""
    found = _SEMVER.fullmatch(text if text != "0" else "0.0.0")
    if found is None:
        raise ValueError(f"{text!r} is no semantic version")
    release = tuple(int(part) for part in found.groups()[:3])
    return (*release, _LAST if found[4] is None else (0, tuple(_identifier(part) for part in found[4].split("."))))


ORDERED: Mapping[str, Ordered] = {PYPI: python, NPM: semantic}


def _identifier(part: str) -> tuple[int, int, str]:
    return (0, int(part), "") if part.isdigit() else (1, 0, part)
