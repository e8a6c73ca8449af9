"""What the backup jobs reach, and how each of our own backups is looked at: there, young, whole, and as it was read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from shared.domain.backup_format import BrokenBackupError, Row, decoded, samples
from shared.domain.backups import (
    BROKEN,
    USUAL_OF,
    WRITE_AGAIN,
    BackupRules,
    Kept,
    Manifest,
    Seen,
    Watched,
    faults_of,
    vanished,
)
from shared.domain.configuration import Configuration
from shared.domain.jobs import Finding, Run
from shared.ports.objects import Archive, OtherBackups
from shared.ports.platform import Clock
from shared.ports.store import Freezing, Query, Scratch, StateStore
from shared.ports.warehouse import Warehouse
from shared.usecases.backups import manifest_of, names_of_backups, rows_of

ConfigurationFiles = Mapping[str, str]  # by name: their text


@dataclass(frozen=True, slots=True)
class Copied:
    """An object store of ours whose objects (those under the prefix) are copied into the archive, each once."""

    name: str
    store: Archive
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Keeper:
    """What is backed up, where to, and where it is restored to for a try.

    `files` reads the configuration's files, and `loaded` is what the loader makes of such files (ConfigurationError).
    """

    config: Configuration
    store: StateStore
    freezing: Freezing
    collections: tuple[str, ...]
    archive: Archive
    scratch: Scratch
    warehouse: Warehouse
    clock: Clock
    files: Callable[[], ConfigurationFiles]
    loaded: Callable[[ConfigurationFiles], Configuration]
    others: OtherBackups
    copied: tuple[Copied, ...] = ()
    beside: tuple[Watched, ...] = ()  # watched backups that every installation of this kind has

    @property
    def rules(self) -> BackupRules:
        """What backups.yaml says."""
        return self.config.backups

    @property
    def watched(self) -> tuple[Watched, ...]:
        """What others back up: of every installation of this kind, and as backups.yaml says."""
        return (*self.beside, *self.rules.watched)


@dataclass(slots=True)
class Looked:
    """What came of looking at a kind of backup: the newest one's manifest, where it can be read, and all findings."""

    manifest: Manifest | None = None
    findings: list[Finding] = field(default_factory=list)
    evidence: dict[str, str | float | None] = field(default_factory=dict)


def look_at(kept: Kept, keeper: Keeper, run: Run, *, live: StateStore | None = None) -> Looked:
    """Everything that can be wrong with the backups of a kind; `live` is what sampled documents are held against."""
    looked = Looked()
    known = list(_known(kept, keeper, looked.findings))
    seen = [Seen(one.name, one.taken_at, one.documents) for one in known]
    looked.findings += faults_of(kept, seen, keeper.clock.now(), max_age=keeper.rules.max_age)
    if not known:
        return looked
    newest = looked.manifest = known[-1]
    looked.evidence = {"backup": newest.name, "documents": newest.documents, "bytes": newest.size}
    try:
        for _ in rows_of(keeper.archive, newest):
            pass  # each part is held against the manifest
        if live is not None:
            looked.findings += _unlike(live, keeper, newest, run, looked.evidence)
    except BrokenBackupError as error:
        looked.findings.append(_broken(kept, newest.name, str(error)))
    if live is not None and len(known) > 1:
        looked.findings += _gone(kept, known[-2], newest, live)
    return looked


def sampled(keeper: Keeper, manifest: Manifest, run: Run) -> Iterator[tuple[str, Row]]:
    """Some documents with their collections; which ones, the run's id decides. Raises BrokenBackupError."""
    at_hand: dict[str, list[Row]] = {}
    for part, number in samples(manifest, keeper.rules.sample, run.id):
        if part.name not in at_hand:
            at_hand = {part.name: decoded(part, keeper.archive.read(part.name))}
        yield part.collection, at_hand[part.name][number]


def _known(kept: Kept, keeper: Keeper, findings: list[Finding]) -> Iterator[Manifest]:
    """The last backups whose manifests can be read, the oldest first."""
    for name in names_of_backups(keeper.archive, kept)[-USUAL_OF - 1 :]:
        try:
            yield manifest_of(keeper.archive, name)
        except BrokenBackupError as error:
            findings.append(_broken(name, name, str(error)))


def _unlike(
    live: StateStore, keeper: Keeper, manifest: Manifest, run: Run, evidence: dict[str, str | float | None]
) -> Iterator[Finding]:
    """Documents that have not been written since, and read otherwise in the backup."""
    unlike: dict[str, int] = {}
    read = compared = 0
    for collection, row in sampled(keeper, manifest, run):
        read += 1
        found = live.get(collection, row.id)
        if found is None or found.version != row.version:
            continue  # written or deleted since
        compared += 1
        if found.body != row.body:
            unlike[collection] = unlike.get(collection, 0) + 1
    evidence |= {"read_back": read, "compared": compared}
    for collection, count in unlike.items():
        yield _broken(Kept.STATE, manifest.name, f"{count} of {collection} do not read as they stand in the store")


def _gone(kept: Kept, before: Manifest, newest: Manifest, live: StateStore) -> Iterator[Finding]:
    """Collections that are in the store, and were in the backup before, but are not in this one."""
    for collection in vanished(before, newest):
        if live.find(Query(collection, after="", limit=1)):
            yield _broken(kept, newest.name, f"it holds nothing of {collection}, which the one before did")


def _broken(subject: str, name: str, how: str) -> Finding:
    return Finding(subject, f"the backup {name} is broken: {how}", fix=WRITE_AGAIN, alert=BROKEN)
