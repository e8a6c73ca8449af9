"""Input nobody can read: kept whole, out of line, with its reason; told once, quietly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from shared.domain.redaction import redact
from shared.domain.signals import bounded, digest, own_signal
from shared.ports.objects import ObjectStore
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Document, Put, Query, StateStore, Write
from shared.usecases.outbox import publish_outbox, signal_write
from shared.usecases.records import DEAD_LETTERS, RECEIPTS, Handled, instant, receipt

PREVIEW = 500
UNPARSED = "unparsed_event"
TITLES = {UNPARSED: "Unparsed event kept by", "dead_letters": "Dead letters not empty:"}
REASON_LIMIT = 300
KEPT_FOR = timedelta(days=30)
KEPT_HEADERS = ("content-type", "ce-")


@dataclass(frozen=True, slots=True)
class Delivery:
    """An HTTP request as it arrived at a function."""

    function: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """The same bytes to the same function are the same dead letter."""
        return digest(self.function, self.body.hex())


def quarantine(
    delivery: Delivery,
    reason: str,
    *,
    store: StateStore,
    objects: ObjectStore,
    publisher: Publisher,
    clock: Clock,
    alarm: str = UNPARSED,
) -> str:
    """Keep the delivery in the dead letters and raise one incident about them; returns the letter's id.

    `alarm` is "unparsed_event" for input nobody can read, "dead_letters" for messages that failed too often.
    """
    now = clock.now()
    name = f"dead-letters/{delivery.id}"
    objects.create(name, delivery.body, content_type="application/octet-stream")
    headers = {k.lower(): redact(v) for k, v in delivery.headers.items() if k.lower().startswith(KEPT_HEADERS)}
    letter = {
        "function": delivery.function,
        "reason": bounded(redact(reason), REASON_LIMIT),
        "received_at": instant(now),
        "size": len(delivery.body),
        "preview": bounded(redact(delivery.body[: 4 * PREVIEW].decode("utf-8", "replace")), PREVIEW),
        "headers": headers,
        "object": name,
        "state": "kept",
    }
    notice = own_signal(
        alarm,
        subject=delivery.function,
        title=f"{TITLES[alarm]} {delivery.function}",
        summary=f"{letter['reason']}. See `soukmon dead-letters show {delivery.id}`.",
        at=now,
        unique=delivery.id,
    )
    handled = receipt(Handled("dead_letter", str(letter["reason"])), now=now, kept_for=KEPT_FOR)
    writes: list[Write] = [
        Put(DEAD_LETTERS, delivery.id, letter),
        Put(RECEIPTS, f"dead-{delivery.id}", handled),
        signal_write(notice),
    ]
    store.commit(writes)
    publish_outbox(store, publisher, writes)
    return delivery.id


def dead_letters(store: StateStore) -> list[Document]:
    """The kept letters, newest first."""
    return store.find(Query(DEAD_LETTERS, order_by="received_at", newest_first=True))


def redrivable(name: str, *, store: StateStore, objects: ObjectStore) -> Delivery | None:
    """The delivery to send again, or None when there is no such letter (or its body is gone)."""
    letter = store.get(DEAD_LETTERS, name)
    body = objects.read(str(letter.body["object"])) if letter else None
    if letter is None or body is None:
        return None
    return Delivery(str(letter.body["function"]), cast("dict[str, str]", letter.body["headers"]), body)
