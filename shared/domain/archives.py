"""Archives: entries as gzip-compressed lines of JSON in bounded parts, and a manifest by which every byte is provable.

The same entries make the same bytes (keys sorted, gzip without a time), and a part's name holds its hash: what a run
that was cut off has written is found again, and no attempt can stand in another's way.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime

SCHEMA = 1
MOST_ENTRIES = 5_000  # in one part
MOST_BYTES = 8_000_000  # of a part, uncompressed; one entry is never split
NO_TIME = 0  # gzip would write the present instant into its header (RFC 1952, MTIME)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to keep: its own name, its instant (text that sorts), the version that was read ("" where none is)."""

    id: str
    at: str
    body: Mapping[str, object]
    version: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One object of an archive: how many bytes it has, and how many when unpacked."""

    object: str
    sha256: str
    entries: int
    bytes: int
    unpacked: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive consists of. `facts` are more that whoever made it wants on record; instants are texts."""

    name: str
    made_by: str
    entries: int = 0
    first: str = ""
    last: str = ""
    parts: tuple[Part, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    schema: int = SCHEMA

    @property
    def unpacked(self) -> int:
        """The bytes of all its lines."""
        return sum(part.unpacked for part in self.parts)


class BrokenArchiveError(Exception):
    """An archive is not what its manifest says; the text says where and how."""


def packed(
    name: str, entries: Iterable[Entry], *, most: int = MOST_ENTRIES
) -> Iterator[tuple[Part, bytes, list[Entry]]]:
    """The parts in order, each with its bytes and the entries in it; only one part is in memory at a time."""
    for number, batch in enumerate(_batches(entries, most), start=1):
        plain = b"".join(_line(entry) for entry in batch)
        data = gzip.compress(plain, mtime=NO_TIME)
        digest = hashlib.sha256(data).hexdigest()
        where = f"{name}/part-{number:04d}-{digest[:16]}.ndjson.gz"
        yield Part(where, digest, len(batch), len(data), len(plain)), data, batch


def written(manifest: Manifest) -> bytes:
    """The manifest as JSON, its keys sorted."""
    return json.dumps(asdict(manifest), sort_keys=True, indent=1, ensure_ascii=False).encode() + b"\n"


def manifest_of(data: bytes | None, *, sha256: str = "") -> Manifest:
    """The manifest in these bytes, which have this hash if one is given. Raises BrokenArchiveError."""
    if data is None:
        raise BrokenArchiveError("the manifest is missing")
    if sha256 and hashlib.sha256(data).hexdigest() != sha256:
        raise BrokenArchiveError("the manifest is not the one that was written")
    try:
        found = json.loads(data)
        parts = tuple(Part(**part) for part in found.pop("parts"))
        manifest = Manifest(**found, parts=parts)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BrokenArchiveError("the manifest cannot be read") from error
    if manifest.schema != SCHEMA:
        raise BrokenArchiveError(f"the manifest has schema {manifest.schema}, which nobody here can read")
    return manifest


def read_back(manifest: Manifest, read: Callable[[str], bytes | None]) -> Iterator[Entry]:
    """Every entry, each part against its hash, sizes and counts; to be read to its end. Raises BrokenArchiveError."""
    count, first, last = 0, "", ""
    for part in manifest.parts:
        for entry in _entries(part, read(part.object)):
            count, first, last = count + 1, first or entry.at, max(last, entry.at)
            yield entry
    if (count, first, last) != (manifest.entries, manifest.first, manifest.last):
        raise BrokenArchiveError(f"it holds {count} entries from {first} to {last}, the manifest says otherwise")


def day_name(kind: str, day: date) -> str:
    """The archive of a day, by the day's own date: "error-logs/2026/03/09"."""
    return f"{kind}/{day:%Y/%m/%d}"


def manifest_name(name: str) -> str:
    """The object that an archive's manifest is kept in."""
    return f"{name}/manifest.json"


def text_of(at: datetime) -> str:
    """An instant as texts of archives have it: fixed width, UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _entries(part: Part, data: bytes | None) -> Sequence[Entry]:
    if data is None:
        raise BrokenArchiveError(f"{part.object} is missing")
    if len(data) != part.bytes:
        raise BrokenArchiveError(f"{part.object} has {len(data)} bytes, not {part.bytes}")
    if hashlib.sha256(data).hexdigest() != part.sha256:
        raise BrokenArchiveError(f"{part.object} was altered: its checksum is another")
    try:
        plain = gzip.decompress(data)
        found = [Entry(**json.loads(line)) for line in plain.splitlines()]
    except (OSError, EOFError, zlib.error, ValueError, TypeError) as error:
        raise BrokenArchiveError(f"{part.object} cannot be unpacked") from error
    if (len(found), len(plain)) != (part.entries, part.unpacked):
        raise BrokenArchiveError(f"{part.object} holds {len(found)} entries, not {part.entries}")
    return found


def _batches(entries: Iterable[Entry], most: int) -> Iterator[list[Entry]]:
    batch, size = list[Entry](), 0
    for entry in entries:
        length = len(_line(entry))
        if batch and (len(batch) >= most or size + length > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += length
    if batch:
        yield batch


def _line(entry: Entry) -> bytes:
    return json.dumps(asdict(entry), sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"
