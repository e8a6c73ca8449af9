"""The next instant at which the minute's tick has anything to do: what the store's own indexes say is due."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from shared.domain.configuration import Configuration
from shared.domain.drafts import Draft
from shared.domain.maintenance_notices import AHEAD, LIST_AFTER, POST_MORTEM_AFTER
from shared.ports.store import Query, StateStore
from shared.usecases.procedure_scene import over_at
from shared.usecases.records import (
    DRAFTS,
    INCIDENTS,
    NOTIFICATIONS,
    OUTBOX,
    PROCEDURES,
    TASKS,
    WINDOWS,
    read_incident,
    value_of,
)  # fmt: skip

MINUTE = timedelta(minutes=1)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
FIELDS = (
    (INCIDENTS, "due_at"),
    (INCIDENTS, "promise_at"),
    (INCIDENTS, "warn_at"),
    (NOTIFICATIONS, "due_at"),
    (OUTBOX, "due_at"),
    (PROCEDURES, "next_at"),
    (TASKS, "remind_at"),
    ("breaches", "due_at"),
    ("containments", "look_at"),
)

OPEN_DRAFTS = Query(DRAFTS, {"is_open": "yes"}, order_by="created_at")


def next_due(store: StateStore, config: Configuration, after: datetime) -> datetime | None:
    """The full minute after `after` at which a tick would find something; None when nothing will ever be due."""
    found = min(_instants(store, config, after), default=None)
    return None if found is None else max(_minute(found), _minute(after + timedelta(microseconds=1)))


def _minute(at: datetime) -> datetime:
    return EPOCH + -((EPOCH - at) // MINUTE) * MINUTE


def _instants(store: StateStore, config: Configuration, after: datetime) -> Iterator[datetime]:
    for collection, field in FIELDS:
        for row in store.find(Query(collection, order_by=field, limit=1)):
            yield datetime.fromisoformat(str(row.body[field]))
    query = Query(INCIDENTS, equal={"may_close": "yes"}, order_by="resolved_at", limit=1)
    for row in store.find(query):
        yield datetime.fromisoformat(str(row.body["resolved_at"])) + config.limits.close_after
    yield from _of_windows(store, after)
    if any(_is_overtaken(value_of(row, Draft), store) for row in store.find(OPEN_DRAFTS)):
        yield after


def _is_overtaken(draft: Draft, store: StateStore) -> bool:
    found = read_incident(store, draft.incident)
    return found is not None and not draft.fits.is_true(is_open=over_at(found[0], store) is None)


def _of_windows(store: StateStore, after: datetime) -> Iterator[datetime]:
    for row in store.find(Query(WINDOWS, {"is_open": "yes"}, order_by="end")):
        start, end = (datetime.fromisoformat(str(row.body[name])) for name in ("start", "end"))
        yield from (at for at in (*(start - ahead for ahead in AHEAD.values()), end) if at > after)
    for row in store.find(Query(WINDOWS, {"owes": "yes"}, order_by="end")):
        end = datetime.fromisoformat(str(row.body["end"]))
        yield from (at for at in (end + LIST_AFTER, end + POST_MORTEM_AFTER) if at > after)
