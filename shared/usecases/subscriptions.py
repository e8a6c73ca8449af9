"""Mails about the status page: asked for, confirmed by the address itself, and ended with one click."""

import secrets
from datetime import datetime

import msgspec

from shared.domain.signals import digest
from shared.domain.subscriptions import LINK_LIFETIME, MOST_ASKS, Answer, Sub, Subscription, asked, confirmed
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Create, Delete, Query, Replace, StateStore, Write
from shared.usecases.commits import committed
from shared.usecases.records import body_of, instant, value_of
from shared.usecases.status_state import MAILS

SUBSCRIPTIONS = "subscriptions"
ASKS = "subscription_asks"
HOUR = "%Y-%m-%dT%H"


def ask(email: str, locale: str, *, origin: str, store: StateStore, publisher: Publisher, clock: Clock) -> Answer:
    """Have a link sent to the address. The answer, and the time it takes, are the same whether it is known or not."""
    now = clock.now()
    if not email:
        return Answer.NO_ADDRESS
    if not committed(lambda: _may_ask(origin, store, now)):
        return Answer.TOO_MANY
    name = digest("subscription", email.lower(), size=16)
    handle = secrets.token_urlsafe(24)
    fresh = Subscription(name, email, locale, handle, Sub.PENDING, now, expires_at=now + LINK_LIFETIME)
    committed(lambda: _asked(fresh, store))
    publisher.publish(MAILS, msgspec.json.encode({"confirm": name}))
    return Answer.SENT


def confirm(handle: str, *, posted: bool, store: StateStore, clock: Clock) -> Answer:
    """A look shows the button, pressing it confirms: mail scanners look at links and press nothing."""
    found = _of(handle, store)
    if found is None or confirmed(found[0], clock.now()) is None:
        return Answer.GONE
    return committed(lambda: _confirmed(handle, store, clock.now())) if posted else Answer.CONFIRM


def end(handle: str, *, posted: bool, store: StateStore) -> Answer:
    """Ending it twice, or with a link nobody knows, is answered as the first time was.

    A mail reader's one click (RFC 8058) posts without a look.
    """
    if not posted:
        return Answer.OFF
    found = _of(handle, store)
    if found is not None:
        store.commit([Delete(SUBSCRIPTIONS, found[0].id)])
    return Answer.ENDED


def subscription(name: str, store: StateStore) -> Subscription | None:
    """The subscription of that name."""
    document = store.get(SUBSCRIPTIONS, name)
    return value_of(document, Subscription) if document else None


def _asked(fresh: Subscription, store: StateStore) -> None:
    document = store.get(SUBSCRIPTIONS, fresh.id)
    before = value_of(document, Subscription) if document else None
    _, kept = asked(before, fresh)
    if kept is not None:
        store.commit([_write(kept, document.version if document else None)])


def _confirmed(handle: str, store: StateStore, now: datetime) -> Answer:
    found = _of(handle, store)
    kept = confirmed(found[0], now) if found else None
    if found is None or kept is None:
        return Answer.GONE
    if kept != found[0]:
        store.commit([_write(kept, found[1])])
    return Answer.CONFIRMED


def _write(kept: Subscription, version: str | None) -> Write:
    body = body_of(kept)
    if version is None:
        return Create(SUBSCRIPTIONS, kept.id, body)
    return Replace(SUBSCRIPTIONS, kept.id, body, version)


def _of(handle: str, store: StateStore) -> tuple[Subscription, str] | None:
    rows = store.find(Query(SUBSCRIPTIONS, equal={"handle": handle}, limit=1))
    return (value_of(rows[0], Subscription), rows[0].version) if rows else None


def _may_ask(origin: str, store: StateStore, now: datetime) -> bool:
    """True for the first few wishes of an hour; the origin is kept as a digest alone, and not for long."""
    name = digest("origin", origin, now.strftime(HOUR), size=16)
    document = store.get(ASKS, name)
    count = int(document.body["count"]) if document else 0
    if count >= MOST_ASKS:
        return False
    body = {"count": count + 1, "expires_at": instant(now + LINK_LIFETIME)}
    store.commit([Replace(ASKS, name, body, document.version) if document else Create(ASKS, name, body)])
    return True
