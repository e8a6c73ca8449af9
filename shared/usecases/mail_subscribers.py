"""Mails to those who asked for them: each once, and rather not at all than twice."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from shared.domain.configuration import Configuration
from shared.domain.signals import digest
from shared.domain.status import Post
from shared.domain.subscriptions import StatusMail, Sub, Subscription
from shared.errors import (
    ConflictError,
    NotYetError,
    PermanentFailureError,
    TemporaryFailureError,
    UnknownOutcomeError,
)
from shared.ports.messages import EmailBody, Notifier, Outgoing
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Create, Delete, Query, StateStore
from shared.usecases.records import instant, value_of
from shared.usecases.status_state import MAILS, POSTS
from shared.usecases.subscriptions import SUBSCRIPTIONS, subscription

SENT = "status_mails"
REMEMBERED = timedelta(days=30)
PAGE = 100


class Fate(StrEnum):
    """What became of one mail."""

    SENT = "sent"
    BEFORE = "sent before, or perhaps"
    UNKNOWN = "perhaps sent"
    LATER = "to be tried again"
    REFUSED = "refused for good"


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the page is read, and where subscriptions are confirmed and ended."""

    status_url: str
    subscriptions_url: str


@dataclass(frozen=True, slots=True)
class Ports:
    """What mails are made and sent with."""

    config: Configuration
    store: StateStore
    mailer: Notifier
    publisher: Publisher
    clock: Clock


def mail(wanted: StatusMail, *, doors: Doors, ports: Ports) -> None:
    """Write what is wanted; raises NotYetError when some of it has to be tried again."""
    if wanted.confirm:
        mail_link(wanted.confirm, doors=doors, ports=ports)
    else:
        mail_update(wanted.post, wanted.update, wanted.after, doors=doors, ports=ports)


def mail_link(name: str, *, doors: Doors, ports: Ports) -> None:
    """Send the link by which an address confirms; raises NotYetError when it has to be tried again."""
    kept = subscription(name, ports.store)
    if kept is None or kept.state is Sub.CONFIRMED:
        return
    from shared.rendering.status_mails import confirm_mail  # noqa: PLC0415 - templates are paid for here alone

    link = f"{doors.subscriptions_url}/confirm/{kept.handle}?lang={kept.locale}"
    body = confirm_mail(site=ports.config.status.name, locale=kept.locale, link=link)
    _again_if_needed([_send_once(kept, instant(kept.asked_at), lambda: body, ports)])


def mail_update(post: str, number: int, after: str, *, doors: Doors, ports: Ports, page: int = PAGE) -> int:
    """Send one update of a post to a page of subscribers, and have the next page sent; returns how many were written.

    Raises NotYetError when some have to be tried again: those who have it are known and get no second one.
    """
    document = ports.store.get(POSTS, post)
    if document is None:
        return 0
    kept, readers = value_of(document, Post), _readers(after, ports.store, page)
    if len(readers) == page and readers[-1].confirmed_at is not None:
        onward = {"post": post, "update": number, "after": instant(readers[-1].confirmed_at)}
        if onward["after"] != after:
            ports.publisher.publish(MAILS, msgspec.json.encode(onward))
    fates = [
        _send_once(reader, f"{post}-{number}", lambda reader=reader: _mail(kept, number, reader, doors, ports), ports)  # type: ignore[misc]
        for reader in readers
    ]
    _again_if_needed(fates)
    return fates.count(Fate.SENT)


def _readers(after: str, store: StateStore, page: int) -> list[Subscription]:
    query = Query(SUBSCRIPTIONS, equal={"state": Sub.CONFIRMED}, order_by="confirmed_at", low=after or None, limit=page)
    return [value_of(row, Subscription) for row in store.find(query)]


def _mail(post: Post, number: int, reader: Subscription, doors: Doors, ports: Ports) -> EmailBody:
    from shared.rendering.status_mails import update_mail  # noqa: PLC0415 - as above

    return update_mail(
        post,
        post.updates[number],
        components=ports.config.status.components,
        locale=reader.locale,
        status_url=doors.status_url,
        off_url=f"{doors.subscriptions_url}/off/{reader.handle}?lang={reader.locale}",
    )


def _send_once(reader: Subscription, what: str, body: Callable[[], EmailBody], ports: Ports) -> Fate:
    """Claim, then send. Only a refusal that is sure gives the claim back."""
    claim = digest("status mail", reader.id, what)
    if not _claimed(claim, ports.store, ports.clock.now()):
        return Fate.BEFORE
    try:
        ports.mailer.send(Outgoing(claim, reader.email, body()))
    except TemporaryFailureError:
        ports.store.commit([Delete(SENT, claim)])
        return Fate.LATER
    except UnknownOutcomeError:
        return Fate.UNKNOWN
    except PermanentFailureError as error:
        if error.channel_broken:
            ports.store.commit([Delete(SENT, claim)])
            return Fate.LATER
        if error.address_gone:
            ports.store.commit([Delete(SUBSCRIPTIONS, reader.id)])
        return Fate.REFUSED
    return Fate.SENT


def _claimed(claim: str, store: StateStore, now: datetime) -> bool:
    with suppress(ConflictError):
        store.commit([Create(SENT, claim, {"at": instant(now), "expires_at": instant(now + REMEMBERED)})])
        return True
    return False


def _again_if_needed(fates: Iterable[Fate]) -> None:
    if Fate.LATER in fates:
        raise NotYetError("the mail server takes nothing at the moment")
