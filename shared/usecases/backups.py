"""Backups are written by parts, can be listed, and are read back whole, into memory or into a store."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from shared.domain.backup_format import (
    Row,
    decoded,
    encoded,
    newest_of,
    part_of,
    sealed,
    unpacked,
    unsealed,
)
from shared.domain.backups import Manifest, Part
from shared.errors import ConflictError
from shared.ports.objects import Archive
from shared.ports.store import Put, Query, StateStore

PAGE = 1_000  # documents in a part
BATCH = 400  # writes in a commit; Firestore takes 500 (https://firebase.google.com/docs/firestore/quotas)
STAMP = "%Y%m%dT%H%M%S%fZ"

Pages = Callable[[str], Sequence[Row]]  # the rows after the one of this id, in order; none at the end


def name_of(kept: str, at: datetime) -> str:
    """A backup's name; names sort as their instants do."""
    return f"{kept}/{at.strftime(STAMP)}"


def write_backup(archive: Archive, name: str, at: datetime, sources: Mapping[str, Pages]) -> Manifest:
    """Write all parts, and the manifest when everything is there; whatever an interrupted run wrote is gone on with.

    So `sources` have to say the same under one name, whenever they are asked: they are those of one instant.
    """
    parts: list[Part] = []
    newest: list[datetime] = []
    for collection, pages in sources.items():
        for file, rows, data in _parts(archive, f"{name}/{collection}", pages):
            parts.append(part_of(file, collection, rows, data))
            newest += [found] if (found := newest_of(rows, at)) else []
    manifest = Manifest(name, at, tuple(parts), max(newest, default=None))
    archive.create(_manifest(name), sealed(manifest), content_type="application/json")
    return manifest


def state_sources(store: StateStore, collections: Sequence[str]) -> dict[str, Pages]:
    """Every document of the collections."""
    return {name: _of_collection(store, name) for name in collections}


def listed(rows: Sequence[Row]) -> Pages:
    """Rows that are at hand, in the order of their ids."""
    return lambda after: [row for row in rows if row.id > after][:PAGE]


def names_of_backups(archive: Archive, kept: str) -> list[str]:
    """The backups that have been written to their end, the oldest first."""
    prefix = f"manifests/{kept}/"
    return [found.removeprefix("manifests/").removesuffix(".json") for found in archive.names(prefix)]


def manifest_of(archive: Archive, name: str) -> Manifest:
    """What the backup says it holds. Raises BrokenBackupError."""
    return unsealed(name, archive.read(_manifest(name)))


def rows_of(archive: Archive, manifest: Manifest) -> Iterator[tuple[Part, list[Row]]]:
    """The parts with their rows, each held against the manifest. Raises BrokenBackupError."""
    for part in manifest.parts:
        yield part, decoded(part, archive.read(part.name))


def restore(archive: Archive, manifest: Manifest, into: StateStore) -> int:
    """Put every document into the store; how many. Raises BrokenBackupError, with what came before it restored."""
    count = 0
    for part, rows in rows_of(archive, manifest):
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            into.commit([Put(part.collection, row.id, row.body) for row in batch])
            count += len(batch)
    return count


def _parts(archive: Archive, prefix: str, pages: Pages) -> Iterator[tuple[str, Sequence[Row], bytes]]:
    after, number = "", 0
    while True:
        file = f"{prefix}-{number:05}.ndjson.gz"
        data = archive.read(file)
        rows = pages(after) if data is None else unpacked(file, data)
        if not rows:
            return
        if data is None:
            data = encoded(rows)
            if not archive.create(file, data, content_type="application/gzip"):
                raise ConflictError(f"somebody else is writing {file}")
        yield file, rows, data
        after, number = rows[-1].id, number + 1


def _of_collection(store: StateStore, collection: str) -> Pages:
    def pages(after: str) -> Sequence[Row]:
        found = store.find(Query(collection, after=after, limit=PAGE))
        return [Row(one.id, one.version, one.body) for one in found]

    return pages


def _manifest(name: str) -> str:
    return f"manifests/{name}.json"
