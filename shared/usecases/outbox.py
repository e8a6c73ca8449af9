"""Messages that must go out after a commit, and the sweep that sends those a crash held back."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from shared.domain.notifications import LedgerState, Notification
from shared.domain.signals import Signal
from shared.errors import ConflictError
from shared.ports.platform import Publisher
from shared.ports.store import Delete, Document, Put, Query, Replace, StateStore, Write
from shared.usecases.records import LOOKS, NOTIFICATIONS, OUTBOX, body_of, instant, outbox_write, value_of

SIGNALS = "signals"
NOTIFICATIONS_TOPIC = "notifications"
NEXT_LOOK = timedelta(minutes=2)
BATCH = 500


def signal_write(signal: Signal) -> Write:
    """A signal of our own, to be published with the decision that made it."""
    return outbox_write(signal.event_id, SIGNALS, body_of(signal), due_at=signal.received_at)


def publish_signal(publisher: Publisher, signal: Signal) -> None:
    """Put a signal on its topic."""
    publisher.publish(SIGNALS, msgspec.json.encode(body_of(signal)))


def publish_planned(publisher: Publisher, rows: Iterable[Notification], now: datetime) -> int:
    """Publish the rows that are due at once; the others wait for the minute tick."""
    ready = [row for row in rows if row.due_at is not None and row.due_at <= now]
    for row in ready:
        publisher.publish(NOTIFICATIONS_TOPIC, msgspec.json.encode({"notification": row.id}))
    return len(ready)


def publish_outbox(store: StateStore, publisher: Publisher, writes: Iterable[Write]) -> None:
    """Publish the outbox rows of a commit that has just succeeded; looks at an impact wait for the tick."""
    for write in writes:
        if isinstance(write, Put) and write.collection == OUTBOX and write.body["topic"] != LOOKS:
            _publish_row(store, publisher, write.id, write.body)


def sweep(store: StateStore, publisher: Publisher, now: datetime) -> int:
    """Publish everything that is due and was never confirmed, messages to people first; returns how much there was."""
    rows = store.find(Query(NOTIFICATIONS, order_by="due_at", high=instant(now), limit=BATCH))
    told = sum(_republish(store, publisher, row, now) for row in rows)
    due = store.find(Query(OUTBOX, order_by="due_at", high=instant(now), limit=BATCH))
    for row in due:
        _publish_row(store, publisher, row.id, row.body)
    return len(due) + told


def _republish(store: StateStore, publisher: Publisher, document: Document, now: datetime) -> int:
    row = value_of(document, Notification)
    if row.state.is_final or row.state is LedgerState.SENT:
        return 0
    publisher.publish(NOTIFICATIONS_TOPIC, msgspec.json.encode({"notification": row.id}))
    try:  # the next look is later; whoever changed the row meanwhile has set its own
        body = {**document.body, "due_at": instant(now + NEXT_LOOK)}
        store.commit([Replace(NOTIFICATIONS, row.id, body, document.version)])
    except ConflictError:
        return 1
    return 1


def _publish_row(store: StateStore, publisher: Publisher, name: str, body: dict[str, object]) -> None:
    publisher.publish(str(body["topic"]), msgspec.json.encode(body["data"]))
    store.commit([Delete(OUTBOX, name)])
