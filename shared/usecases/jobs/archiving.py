"""Archives made, read back and looked at again: the manifest is written last."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.domain.archives import (
    BrokenArchiveError,
    Entry,
    Manifest,
    manifest_name,
    manifest_of,
    packed,
    read_back,
    written,
)
from shared.domain.jobs import Finding
from shared.ports.objects import ObjectStore
from shared.ports.store import Body, Put, Query, StateStore
from shared.usecases.records import ARCHIVES, instant

ARCHIVE_BROKEN = "archive_broken"
SOUND, BROKEN = "sound", "broken"
SAMPLE = 5  # older archives that are read again each night, those first that were not for longest
MOST_BROKEN = 100
FIX = "see the runbook: find the bytes again before anything else is removed"


@dataclass(frozen=True, slots=True)
class Made:
    """An archive that was read back and found sound: by entry, the version of what it keeps."""

    manifest: Manifest
    sha256: str
    versions: Mapping[str, str]


def archive(
    name: str, entries: Iterable[Entry], *, objects: ObjectStore, made_by: str, facts: Mapping[str, str] | None = None
) -> Made:
    """The archive of this name, made unless it stands already, and read back in both cases.

    Raises BrokenArchiveError when what was read back is not what was to be kept.
    """
    if objects.read(manifest_name(name)) is None:
        parts, first, last = [], "", ""
        for part, data, batch in packed(name, entries):
            objects.create(part.object, data, content_type="application/gzip")  # False: an earlier run has written it
            parts.append(part)
            first, last = first or batch[0].at, max(last, *(entry.at for entry in batch))
        count = sum(part.entries for part in parts)
        manifest = Manifest(name, made_by, count, first, last, tuple(parts), facts or {})
        for _ in read_back(manifest, objects.read):  # a part that stood already may be another than we would write
            pass
        objects.create(manifest_name(name), written(manifest), content_type="application/json")
    return verified(name, objects=objects)


def verified(name: str, *, objects: ObjectStore, sha256: str = "") -> Made:
    """The archive as it lies there, read to its last byte. Raises BrokenArchiveError."""
    data = objects.read(manifest_name(name))
    manifest = manifest_of(data, sha256=sha256)
    if manifest.name != name:
        raise BrokenArchiveError(f"the manifest is that of {manifest.name}")
    versions = {entry.id: entry.version for entry in read_back(manifest, objects.read)}
    return Made(manifest, hashlib.sha256(data or b"").hexdigest(), versions)


def noted(made: Made, now: datetime) -> Put:
    """The write that remembers an archive, so that later nights look at it again."""
    return _row(made.manifest.name, made.sha256, SOUND, now)


def is_noted(store: StateStore, name: str) -> bool:
    """True when there is an archive of this name, and it was sound when it was read last."""
    found = store.get(ARCHIVES, row_id(name))
    return found is not None and found.body["state"] == SOUND


def noted_broken(name: str, now: datetime) -> Put:
    """The write that keeps an archive that could not be made in mind, until it is whole."""
    return _row(name, "", BROKEN, now)


def look_again(*, store: StateStore, objects: ObjectStore, now: datetime, is_dry: bool) -> tuple[int, list[Finding]]:
    """Read older archives again: all that were broken the last time, and a few that were not looked at for longest.

    How many were looked at, and what is wrong. One that is broken keeps its turn: it is told until it is whole.
    """
    broken = store.find(Query(ARCHIVES, equal={"state": BROKEN}, order_by="verified_at", limit=MOST_BROKEN))
    sound = store.find(Query(ARCHIVES, equal={"state": SOUND}, order_by="verified_at", limit=SAMPLE))
    findings, writes = [], []
    for row in (*broken, *sound):
        name, sha256 = str(row.body["name"]), str(row.body["sha256"])
        try:
            verified(name, objects=objects, sha256=sha256)
        except BrokenArchiveError as error:
            findings.append(broken_finding(name, error))
            writes.append(_row(name, sha256, BROKEN, now))
        else:
            writes.append(_row(name, sha256, SOUND, now))
    if writes and not is_dry:
        store.commit(writes)
    return len(writes), findings


def broken_finding(name: str, error: BrokenArchiveError) -> Finding:
    """The alert about an archive that cannot be relied on."""
    return Finding(f"archives/{name}", f"the archive {name} is broken: {error}", fix=FIX, alert=ARCHIVE_BROKEN)


def row_id(name: str) -> str:
    """The document that remembers the archive."""
    return name.replace("/", "_")


def _row(name: str, sha256: str, state: str, now: datetime) -> Put:
    body: Body = {"name": name, "sha256": sha256, "state": state, "verified_at": instant(now)}
    return Put(ARCHIVES, row_id(name), body)
