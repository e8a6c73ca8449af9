"""Telling people something that belongs to no incident: once per occasion, through the same ledger as every message."""

from collections.abc import Iterable
from dataclasses import replace

from shared.domain.bulletins import Bulletin
from shared.domain.notifications import Channel, Notification, Recipient, plan
from shared.domain.oncall import Directory
from shared.domain.reasons import Notify
from shared.domain.severities import Severity
from shared.errors import ConflictError
from shared.ports.platform import Publisher
from shared.ports.store import Create, Put, StateStore, Write
from shared.usecases.outbox import publish_planned
from shared.usecases.records import BULLETINS, body_of, planned_writes


def tell(
    bulletin: Bulletin,
    recipients: Iterable[Recipient],
    *,
    store: StateStore,
    publisher: Publisher,
    severity: Severity = Severity.LOW,
) -> tuple[Notification, ...]:
    """Plan the bulletin's messages, each recipient once; nothing happens when this bulletin was told before."""
    rows, writes = plan_bulletin(bulletin, recipients, severity=severity)
    try:
        store.commit(writes)
    except ConflictError:
        return ()
    publish_planned(publisher, rows, bulletin.at)
    return rows


def plan_bulletin(
    bulletin: Bulletin, recipients: Iterable[Recipient], *, severity: Severity = Severity.LOW
) -> tuple[tuple[Notification, ...], list[Write]]:
    """The bulletin's rows and the writes that create them, to be part of a decision's commit.

    `severity` decides whether a failed channel may be replaced by one that wakes people (high and above).
    """
    rows = plan(dict.fromkeys(recipients), base=_row(bulletin, severity))
    return rows, [Create(BULLETINS, bulletin.id, body_of(bulletin)), *planned_writes(rows)]


def plan_living(
    bulletin: Bulletin, recipients: Iterable[Recipient], *, revision: int
) -> tuple[tuple[Notification, ...], list[Write]]:
    """The rows of a bulletin that says something new under its old id; whatever row is sent later says the newest."""
    base = replace(_row(bulletin, Severity.LOW), revision=revision)
    rows = plan(dict.fromkeys(recipients), base=base)
    return rows, [Put(BULLETINS, bulletin.id, body_of(bulletin)), *planned_writes(rows)]


def by_email(people: Iterable[str], bulletin: Bulletin, directory: Directory) -> list[Recipient]:
    """Those of the people who have an address and have not unsubscribed from this kind."""
    known = (directory.people[name] for name in dict.fromkeys(people) if name in directory.people)
    wanted = (p for p in known if not (bulletin.kind.is_optional and bulletin.kind in p.unsubscribed))
    return [Recipient(person.id, Channel.EMAIL) for person in wanted if person.email]


def _row(bulletin: Bulletin, severity: Severity) -> Notification:
    return Notification(
        id="",
        incident="",
        step=0,
        recipient="",
        channel=Channel.EMAIL,
        reason=Notify.BULLETIN,
        severity=severity,
        planned_at=bulletin.at,
        not_before=bulletin.at,
        due_at=bulletin.at,
        bulletin=bulletin.id,
    )
