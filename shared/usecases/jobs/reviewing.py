"""A look over the state store's documents, so many a run: the next goes on where it stopped."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from shared import typed
from shared.domain.document_review import LARGE, Seen, counter_of
from shared.domain.jobs import Run
from shared.ports.audits import DocumentCounts
from shared.ports.store import Document, Put, Query, StateStore
from shared.usecases.records import body_of, instant

REVIEWS, NEWEST = "store_reviews", "newest"
EACH = 2_000  # documents of a collection in a run
PAGE = 500
KEPT_COUNTERS = 200
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Review:
    """What a run saw, and what the one before it had seen, `days` ago."""

    seen: Seen
    before: Seen
    days: float


def reviewed(store: StateStore, counts: DocumentCounts, collections: Iterable[str], run: Run) -> Review:
    """Look, compare, and (unless the run is dry) keep what was seen for the next run.

    Taken again by the same run it compares with what it compared with before, not with itself.
    """
    before, at = _before(store, run)
    seen = _looked(store, counts, collections, before)
    if not run.is_dry:
        kept = {"run": run.id, "at": instant(run.at), "seen": body_of(seen), "before": body_of(before)}
        store.commit([Put(REVIEWS, NEWEST, {**kept, "before_at": instant(at) if at else None})])
    return Review(seen, before, (run.at - at) / A_DAY if at else 0.0)


def _before(store: StateStore, run: Run) -> tuple[Seen, datetime | None]:
    found = store.get(REVIEWS, NEWEST)
    if found is None:
        return Seen(), None
    part, at = ("before", "before_at") if found.body["run"] == run.id else ("seen", "at")
    since = found.body[at]
    return typed.convert(found.body[part], Seen), None if since is None else datetime.fromisoformat(since)


def _looked(store: StateStore, counts: DocumentCounts, collections: Iterable[str], before: Seen) -> Seen:
    number: dict[str, int] = {}
    large: dict[str, int] = {}
    counters: dict[str, int] = {}
    cursors: dict[str, str] = {}
    looked_at = 0
    for collection in collections:
        number[collection] = counts.count(collection)
        rows = list(_some(store, collection, before.cursors.get(collection, "")))
        looked_at += len(rows)
        cursors[collection] = rows[-1].id if len(rows) == EACH else ""
        for row in rows:
            name, size = f"{collection}/{row.id}", len(msgspec.json.encode(row.body))
            large |= {name: size} if size >= LARGE else {}
            counters |= {name: counter} if (counter := counter_of(row.body)) else {}
    most = sorted(counters.items(), key=lambda one: (-one[1], one[0]))[:KEPT_COUNTERS]
    return Seen(number, large, dict(most), cursors, looked_at)


def _some(store: StateStore, collection: str, after: str) -> Iterator[Document]:
    for _ in range(EACH // PAGE):
        rows = store.find(Query(collection, after=after, limit=PAGE))
        yield from rows
        if len(rows) < PAGE:
            return
        after = rows[-1].id
