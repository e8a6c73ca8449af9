"""Backups: what one is made of, how old and how small it may be, and what is wrong with it, by name.

A backup is parts of documents and a manifest that is written last: without its manifest it is none. The manifest holds
each part's count and SHA-256, and its own; what cannot be read back exactly as it was written is broken.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from shared.domain.jobs import Finding, Verdict

BROKEN = "backup_broken"  # the alert: missing, too old, empty, or not as it was written
USUAL_OF = 7  # backups before the newest that say how large one usually is
FEWEST = 3  # so many have to be known before their median says anything
WARNS_BELOW, FAILS_BELOW = 0.5, 0.1  # of the usual size
WRITE_AGAIN = "soukmon jobs run backup_verification"
ASK_ITS_OWNER = "whoever makes this backup has to make a good one"


class Kept(StrEnum):
    """What we back up ourselves, by the name under which it is kept."""

    STATE = "state"
    POINTS = "points"
    CONFIGURATION = "configuration"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a backup: which collection's documents, how many, the SHA-256 of its bytes, and how many those are."""

    name: str
    collection: str
    documents: int
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `taken_at` is the instant as of which it was read, `newest` that of its newest document."""

    name: str
    taken_at: datetime
    parts: tuple[Part, ...] = ()
    newest: datetime | None = None

    @property
    def documents(self) -> int:
        """How many there are in all."""
        return sum(one.documents for one in self.parts)

    @property
    def size(self) -> int:
        """Bytes, as they are kept."""
        return sum(one.size for one in self.parts)

    @property
    def counts(self) -> dict[str, int]:
        """How many documents there are of each collection."""
        found: dict[str, int] = {}
        for one in self.parts:
            found[one.collection] = found.get(one.collection, 0) + one.documents
        return found


class Source(StrEnum):
    """What somebody else backs up, and we look at."""

    FIRESTORE_SCHEDULE = "firestore_schedule"  # backups that Firestore makes by itself
    FIRESTORE_EXPORT = "firestore_export"  # managed exports in a bucket
    BUCKET_COPY = "bucket_copy"  # a second bucket with the objects of a first
    BIGQUERY_SNAPSHOT = "bigquery_snapshot"  # snapshots of tables in a dataset


@dataclass(frozen=True, slots=True)
class Watched:
    """A backup that somebody else makes: of what (a database, bucket or dataset), where it is kept, how old at most."""

    name: str
    source: Source
    of: str
    where: str = ""
    max_age: timedelta = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Objectives:
    """What a recovery may take, and how much of the newest may be missing after it."""

    restored_within: timedelta = timedelta(hours=1)
    lost_at_most: timedelta = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class BackupRules:
    """backups.yaml: how old our own backups may be, how many documents are read back, and what others make."""

    max_age: timedelta = timedelta(hours=26)
    sample: int = 25
    objectives: Objectives = Objectives()
    watched: tuple[Watched, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A backup that is there: when it was taken, and how large it is (documents or bytes; None where nobody says)."""

    name: str
    taken_at: datetime
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """An object in a bucket: its checksum as the service computed it, and when it was written."""

    checksum: str
    size: int
    written_at: datetime


def faults_of(
    subject: str, seen: Sequence[Seen], now: datetime, *, max_age: timedelta, fix: str = WRITE_AGAIN
) -> Iterator[Finding]:
    """Missing, too old, empty, or much smaller than usual; `seen` may come in any order."""
    ordered = sorted(seen, key=lambda one: one.taken_at)
    if not ordered:
        yield Finding(subject, f"there is no backup of {subject}", fix=fix, alert=BROKEN)
        return
    newest, usual = ordered[-1], _usual(ordered[:-1])
    age = now - newest.taken_at
    if age > max_age:
        what = f"the newest backup of {subject} is {hours(age)} old; at most {hours(max_age)} are allowed"
        yield Finding(subject, what, fix=fix, alert=BROKEN)
    if newest.size == 0:
        yield Finding(subject, f"the newest backup of {subject} is empty", fix=fix, alert=BROKEN)
    elif newest.size is not None and usual and newest.size < WARNS_BELOW * usual:
        share = newest.size / usual
        what = f"the newest backup of {subject} is {share:.0%} of the usual size"
        verdict = Verdict.FAIL if share < FAILS_BELOW else Verdict.WARN
        yield Finding(subject, what, verdict, "look at what has been deleted since the one before", BROKEN)


def faults_of_copy(
    one: Watched, there: Mapping[str, Stored], kept: Mapping[str, Stored], now: datetime
) -> Iterator[Finding]:
    """Objects that are old enough to have been copied, and were not, or otherwise."""
    due = {name: found for name, found in there.items() if now - found.written_at > one.max_age}
    missing = sum(1 for name in due if name not in kept)
    unlike = sum(1 for name, found in due.items() if name in kept and kept[name].checksum != found.checksum)
    if there and not kept:
        yield Finding(one.name, f"the copy of {one.of} in {one.where} is empty", fix=ASK_ITS_OWNER, alert=BROKEN)
    elif missing or unlike:
        what = f"{one.where} lacks {missing} of {len(due)} objects of {one.of}, and holds {unlike} otherwise"
        yield Finding(one.name, what, fix=ASK_ITS_OWNER, alert=BROKEN)


def vanished(before: Manifest, now: Manifest) -> tuple[str, ...]:
    """Collections that the backup before held documents of, and this one does not."""
    return tuple(sorted(before.counts.keys() - now.counts.keys()))


def hours(length: timedelta) -> str:
    """A length in words, as precise as anybody needs."""
    return f"{length / timedelta(hours=1):.1f} h" if length >= timedelta(hours=1) else f"{length.total_seconds():.0f} s"


def _usual(seen: Sequence[Seen]) -> float:
    sizes = [one.size for one in seen[-USUAL_OF:] if one.size]
    return float(median(sizes)) if len(sizes) >= FEWEST else 0.0
