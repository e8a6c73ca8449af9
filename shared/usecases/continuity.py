"""Reviews of the continuity plan: who looked through it and when, on the audited record."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.configuration import Configuration
from shared.domain.permissions import Permission, may
from shared.errors import RefusedError
from shared.ports.platform import Clock
from shared.ports.store import Create, Query, StateStore
from shared.usecases.audited import Act, audit_writes
from shared.usecases.commits import committed
from shared.usecases.records import CONTINUITY, body_of, instant, value_of

REVIEWED = "continuity plan reviewed"
MOST_WORDS = 2_000  # of a note, in characters


@dataclass(frozen=True, slots=True)
class Review:
    """`by` is a person's id; `note` says what was looked at and what has to change.

    The note stays beside the audited record, which holds no free text.
    """

    at: datetime
    by: str
    note: str = ""


def record_review(by: str, note: str, *, config: Configuration, store: StateStore, clock: Clock) -> Review:
    """Put on record that the plan was reviewed now. Raises RefusedError for whoever may not, and an endless note."""
    if not may(by, Permission.ACT, config.directory):
        raise RefusedError(f"{by!r} may not: a review is made by somebody of the directory, observers excepted")
    if len(note) > MOST_WORDS:
        raise RefusedError(f"a note has {MOST_WORDS} characters at most")
    review = Review(clock.now(), by, note.strip())
    name = f"{instant(review.at)}-{by}"

    def attempt() -> None:
        kept = Create(CONTINUITY, name, body_of(review))
        store.commit([kept, *audit_writes(store, Act(review.at, by, REVIEWED, name))])

    committed(attempt)
    return review


def continuity_reviews(store: StateStore, *, limit: int = 20) -> list[Review]:
    """The reviews, the newest first."""
    rows = store.find(Query(CONTINUITY, order_by="at", newest_first=True, limit=limit))
    return [value_of(row, Review) for row in rows]


def last_continuity_review(store: StateStore) -> datetime | None:
    """When the plan was last reviewed; None where it never was."""
    return next((one.at for one in continuity_reviews(store, limit=1)), None)
