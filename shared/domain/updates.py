"""Updates of a lock file: what changes, how far, and the lock with the changes in it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.pinned import normalised

_HEAD = re.compile(
    r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?P<extras>\[[^\]]*\])?==(?P<version>[^\s;\\,#]+)(?P<rest>.*)$"
)
_HASH = re.compile(r"^\s+--hash=")


class Size(StrEnum):
    """Which number of a version moves: the last, the middle or the first one."""

    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"


@dataclass(frozen=True, slots=True)
class Offered:
    """A version that an index offers; `hashes` are the SHA-256 of its files, `python` what it asks of Python."""

    version: str
    uploaded_at: datetime
    hashes: tuple[str, ...] = ()
    python: str = ""
    yanked: bool = False


@dataclass(frozen=True, slots=True)
class Details:
    """What a version says of itself: requirements as PEP 508 writes them, and links by their names."""

    requires: tuple[str, ...] = ()
    links: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One pin moved. `fixes` are the vulnerabilities that it ends."""

    name: str
    before: str
    after: str
    size: Size
    hashes: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()
    link: str = ""


def size_of(before: Sequence[int], after: Sequence[int]) -> Size:
    """By the numbers of the two releases, missing ones being 0."""
    padded = [(*release, 0, 0, 0)[:2] for release in (before, after)]
    if padded[0][0] != padded[1][0]:
        return Size.MAJOR
    return Size.MINOR if padded[0][1] != padded[1][1] else Size.PATCH


def changelog_of(links: Mapping[str, str]) -> str:
    """Where its changes are written down, by the names that packages use; else its home, else ""."""
    labels = {re.sub(r"[^a-z]", "", label.lower()): url for label, url in links.items() if url.startswith("https://")}
    wanted = (
        "changelog",
        "changes",
        "releasenotes",
        "whatsnew",
        "history",
        "releases",
        "source",
        "repository",
        "homepage",
    )
    return next((labels[name] for name in wanted if name in labels), "")


def merged(texts: Iterable[str]) -> str:
    """One lock out of several: each pinned line once, with the hashes that follow it, in the order of names."""
    found: dict[str, list[str]] = {}
    for text in texts:
        for head, hashes in _blocks(text):
            found.setdefault(head, [head, *hashes])
    return "".join(f"{line}\n" for head in sorted(found) for line in found[head])


def relocked(text: str, changes: Iterable[Change]) -> str:
    """The lock with these pins moved, and their files' hashes in place of the old ones; all else stays as it is."""
    wanted = {(change.name, change.before): change for change in changes}
    lines: list[str] = []
    skipping = False
    for line in text.splitlines():
        if skipping and _HASH.match(line):
            continue
        skipping = False
        head = _HEAD.match(line)
        change = wanted.get((normalised(head["name"]), head["version"])) if head else None
        if head is None or change is None:
            lines.append(line)
            continue
        skipping = True
        lines.append(f"{head['name']}{head['extras'] or ''}=={change.after}{head['rest']}")
        if head["rest"].rstrip().endswith("\\"):
            last = len(change.hashes) - 1
            lines += [f"    --hash=sha256:{one}" + (" \\" if n < last else "") for n, one in enumerate(change.hashes)]
    return "".join(f"{line}\n" for line in lines)


def hashes_of(text: str) -> Mapping[tuple[str, str], frozenset[str]]:
    """(name, version) -> the SHA-256 of the files that the lock accepts; none where it names none."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for head, lines in _blocks(text):
        match = _HEAD.match(head)
        if match is not None:
            sums = frozenset(one for line in lines for one in re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
            found[normalised(match["name"]), match["version"]] = sums
    return found


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    head, hashes = "", list[str]()
    for line in text.splitlines():
        if _HASH.match(line):
            hashes.append(line)
            continue
        if head:
            yield head, hashes
        head, hashes = (line, []) if _HEAD.match(line) else ("", [])
    if head:
        yield head, hashes
