"""Retention: how long records are kept, what a legal hold keeps longer, and what may be removed now.

The record itself (incidents with their chained lines, audited acts, seals, what was sealed) is no class and is never
removed: a chain with a gap proves nothing any more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

FINAL_STATES = frozenset({"delivered", "read", "failed_permanent", "superseded"})


class Kept(StrEnum):
    """The kinds of documents that may be removed when they are old: their collections' names."""

    DEAD_LETTERS = "dead_letters"
    JOB_RUNS = "job_runs"
    NOTIFICATIONS = "notifications"
    RECEIPTS = "receipts"


# The field with the instant a document's age counts from; each is indexed.
AGE: Mapping[Kept, str] = {
    Kept.DEAD_LETTERS: "received_at",
    Kept.JOB_RUNS: "started_at",
    Kept.NOTIFICATIONS: "planned_at",
    Kept.RECEIPTS: "at",
}


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """How long documents of a kind are kept, and whether they go into a verified archive before they are removed."""

    kind: Kept
    kept_for: timedelta
    archive_first: bool = True


@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing of `kind` ("" for every kind) that has to do with `subject` ("" for anything) is removed.

    `subject` is an incident's id or a document's own. `why` and `by` say who answers for it.
    """

    id: str
    kind: str
    subject: str
    why: str
    by: str
    placed_at: datetime
    released_at: datetime | None = None

    def covers(self, kind: Kept, name: str, body: Mapping[str, object]) -> bool:
        """True while it keeps this document."""
        if self.released_at is not None or self.kind not in {"", kind}:
            return False
        return self.subject in {"", name, body.get("incident")}


def is_expired(kept: RetentionClass, body: Mapping[str, object], cutoff: str) -> bool:
    """True for what is older than the cutoff (`now` less `kept_for`, as text) and of no use to anybody any more."""
    age = body.get(AGE[kept.kind])
    if not isinstance(age, str) or not age or age > cutoff:
        return False
    match kept.kind:
        case Kept.JOB_RUNS:  # the newest run of a job says what is open: what still is stays
            return body.get("finished_at") is not None and not body.get("open")
        case Kept.NOTIFICATIONS:
            return body.get("state") in FINAL_STATES or body.get("due_at") is None
    return True


def is_held(holds: Iterable[Hold], kind: Kept, name: str, body: Mapping[str, object]) -> bool:
    """True when some hold keeps the document."""
    return any(hold.covers(kind, name, body) for hold in holds)


def released(hold: Hold, now: datetime) -> Hold:
    """The hold as over; it stays on record."""
    return replace(hold, released_at=now)
