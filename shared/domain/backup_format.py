"""How a backup is written: documents as lines of JSON, gzipped by parts, under a manifest that names itself by hash.

Every reading checks everything: a byte that changed, a part that is short, gone or has another count, and a manifest
that was altered are each refused with the reason.
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from shared.domain.backups import Manifest, Part

FORMAT = 1
TEXT_OF_AN_INSTANT = len("2026-03-10T00:00:00.000000Z")


class BrokenBackupError(Exception):
    """A backup that is not as it was written; the text says which part and how, and holds nothing of its content."""


@dataclass(frozen=True, slots=True)
class Row:
    """A document as it is kept: its version tells later whether it has changed since."""

    id: str
    version: str
    body: dict[str, Any]


def encoded(rows: Sequence[Row]) -> bytes:
    """The same rows are the same bytes, whenever and wherever they are written."""
    lines = (json.dumps(asdict(row), ensure_ascii=False, separators=(",", ":"), sort_keys=True) for row in rows)
    return gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0)


def decoded(part: Part, data: bytes | None) -> list[Row]:
    """The rows of a part; raises BrokenBackupError where it is not what the manifest says."""
    if data is None:
        raise BrokenBackupError(f"{part.name} is missing")
    if sha256(data).hexdigest() != part.sha256:
        raise BrokenBackupError(f"{part.name} is not what was written: {_how(data)}")
    rows = unpacked(part.name, data)
    if len(rows) != part.documents:
        raise BrokenBackupError(f"{part.name} holds {len(rows)} documents, and its manifest says {part.documents}")
    return rows


def unpacked(name: str, data: bytes) -> list[Row]:
    """The rows of a part's bytes; raises BrokenBackupError where they are none."""
    try:
        *lines, rest = gzip.decompress(data).decode().split("\n")  # splitlines() would part a text at U+2028
        return [_row(json.loads(line)) for line in (*lines, *([rest] if rest else []))]
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise BrokenBackupError(f"{name} cannot be read ({type(error).__name__})") from error


def part_of(name: str, collection: str, rows: Sequence[Row], data: bytes) -> Part:
    """What the manifest says of a part that was written."""
    return Part(name, collection, len(rows), sha256(data).hexdigest(), len(data))


def newest_of(rows: Sequence[Row], taken_at: datetime) -> datetime | None:
    """The newest instant that any document names, and that was not in the future when it was read."""
    found = (at for row in rows for value in row.body.values() if (at := _instant(value)) and at <= taken_at)
    return max(found, default=None)


def sealed(manifest: Manifest) -> bytes:
    """The manifest as it is written, with the hash of what it says."""
    says = {
        "format": FORMAT,
        "name": manifest.name,
        "taken_at": manifest.taken_at.isoformat(),
        "newest": manifest.newest.isoformat() if manifest.newest else None,
        "documents": manifest.documents,
        "parts": [asdict(part) for part in manifest.parts],
    }
    return json.dumps({**says, "sha256": _hash(says)}, indent=1, sort_keys=True).encode()


def unsealed(name: str, data: bytes | None) -> Manifest:
    """The manifest; raises BrokenBackupError when it was altered, is of another backup or contradicts itself."""
    if data is None:
        raise BrokenBackupError(f"{name} has no manifest")
    try:
        says = dict(json.loads(data))
        is_as_written = says.pop("sha256") == _hash(says)
        found = _manifest(says)
        told = says["documents"]
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenBackupError(f"the manifest of {name} cannot be read ({type(error).__name__})") from error
    if not is_as_written or found.name != name:
        raise BrokenBackupError(f"the manifest of {name} was altered")
    if found.documents != told:
        raise BrokenBackupError(f"the manifest of {name} says {told} documents, and its parts {found.documents}")
    return found


def _manifest(says: dict[str, Any]) -> Manifest:
    newest = datetime.fromisoformat(says["newest"]) if says["newest"] else None
    parts = tuple(Part(**one) for one in says["parts"])
    return Manifest(str(says["name"]), datetime.fromisoformat(says["taken_at"]), parts, newest)


def _hash(says: dict[str, Any]) -> str:
    return sha256(json.dumps(says, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _row(line: dict[str, Any]) -> Row:
    return Row(str(line["id"]), str(line["version"]), dict(line["body"]))


def _how(data: bytes) -> str:
    try:
        gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return "it cannot be unpacked"
    return "its checksum differs"


def _instant(value: object) -> datetime | None:
    """An instant of ours: a text of fixed width, in UTC."""
    if not isinstance(value, str) or len(value) != TEXT_OF_AN_INSTANT or not value.endswith("Z"):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def samples(manifest: Manifest, wanted: int, seed: str) -> Iterator[tuple[Part, int]]:
    """So many places (part, line) of a backup, in order, chosen by the seed: another run chooses others."""
    from random import Random  # noqa: PLC0415 - a cold start does without it

    chosen = Random(seed).sample(range(manifest.documents), min(wanted, manifest.documents))  # noqa: S311 - no secret
    start = 0
    for part in manifest.parts:
        yield from ((part, number - start) for number in sorted(chosen) if start <= number < start + part.documents)
        start += part.documents
