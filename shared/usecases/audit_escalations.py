"""Every 13 minutes: proof that each due step happened; what did not is repaired, and shouted on a second path."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.audit import (
    GRACE,
    LOOKS_BACK,
    Finding,
    Proof,
    overdue_steps,
    silent_jobs,
    stuck_messages,
    untold_steps,
)
from shared.domain.audit import HEARTBEATS as WATCHED
from shared.domain.configuration import Configuration
from shared.domain.incidents import Incident
from shared.domain.notifications import Channel, Notification
from shared.domain.signals import own_signal
from shared.ports.messages import Notifier
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Put, Query, StateStore, Write
from shared.usecases.apart import Apart
from shared.usecases.escalate import take_due_steps
from shared.usecases.jobs.watching import watch_jobs
from shared.usecases.outbox import NEXT_LOOK, publish_outbox, signal_write, sweep
from shared.usecases.records import (
    AUDITS,
    HEARTBEATS,
    INCIDENTS,
    NOTIFICATIONS,
    OUTBOX,
    instant,
    notifications_of,
    timeline_of,
    value_of,
)
from shared.usecases.shouting import shout

log = logging.getLogger(__name__)

SEEN = 200
QUIET_FOR = timedelta(hours=1)
AUDIT = "audit_escalations"


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found, and to whom it said so (addresses reached); both empty when all is well."""

    proofs: tuple[Proof, ...] = ()
    shouted_to: int = 0


def audit_escalations(
    *,
    notifier: Callable[[Channel], Notifier],
    config: Configuration,
    store: StateStore,
    publisher: Publisher,
    clock: Clock,
) -> Audit:
    """Look, repair, say so. The same kind of finding is shouted once an hour, however often it is found."""
    now = clock.now()
    proofs = tuple(_proofs(store, now))
    apart = Apart()
    apart.take(lambda: take_due_steps(config=config, store=store, publisher=publisher, now=now))
    apart.take(lambda: sweep(store, publisher, now))
    apart.take(lambda: watch_jobs(config.jobs, store=store, publisher=publisher, now=now))
    news = [finding for finding in _kinds(proofs) if _is_news(finding, store, now)]
    reached = 0
    if news:
        log.critical("audit: %s", "; ".join(news), extra={"found": len(proofs)})
        told = tuple(proof for proof in proofs if proof.finding in news)
        reached = shout(told, notifier=notifier, config=config, now=now)
    _record(proofs, news, store, publisher, now)
    apart.raise_failures()
    return Audit(proofs, reached)


def _proofs(store: StateStore, now: datetime) -> Iterable[Proof]:
    yield from silent_jobs(dict(_beats(store)), now)
    late = Query(INCIDENTS, order_by="due_at", high=instant(now - GRACE.step), limit=SEEN)
    yield from overdue_steps((value_of(row, Incident) for row in store.find(late)), now)
    waiting = Query(NOTIFICATIONS, order_by="due_at", high=instant(now + NEXT_LOOK), limit=SEEN)
    yield from stuck_messages((value_of(row, Notification) for row in store.find(waiting)), now)
    for row in store.find(Query(OUTBOX, order_by="due_at", high=instant(now - GRACE.message), limit=SEEN)):
        yield Proof(Finding.OUTBOX_STUCK, row.id, datetime.fromisoformat(str(row.body["due_at"])))
    recent = Query(
        INCIDENTS, equal={"is_open": "yes"}, order_by="last_told_at", low=instant(now - LOOKS_BACK), limit=SEEN
    )
    for row in store.find(recent):
        record, ledger = timeline_of(store, row.id), notifications_of(store, row.id)
        yield from untold_steps(value_of(row, Incident), record, ledger, now)


def _beats(store: StateStore) -> Iterable[tuple[str, datetime]]:
    for job in WATCHED:
        beat = store.get(HEARTBEATS, job)
        if beat is not None:
            yield job, datetime.fromisoformat(str(beat.body["at"]))


def _kinds(proofs: Iterable[Proof]) -> list[Finding]:
    return list(dict.fromkeys(proof.finding for proof in proofs))


def _is_news(finding: Finding, store: StateStore, now: datetime) -> bool:
    told = store.get(AUDITS, finding.name.lower())
    return told is None or now - datetime.fromisoformat(str(told.body["told_at"])) >= QUIET_FOR


def _record(
    proofs: tuple[Proof, ...], news: list[Finding], store: StateStore, publisher: Publisher, now: datetime
) -> None:
    """What was found and told; the ordinary path hears of it too, in case it is only late."""
    found = {finding.name.lower(): sum(p.finding is finding for p in proofs) for finding in _kinds(proofs)}
    writes: list[Write] = [Put(HEARTBEATS, AUDIT, {"at": instant(now), "found": found})]
    for finding in news:
        writes.append(Put(AUDITS, finding.name.lower(), {"told_at": instant(now)}))
        about = sorted({proof.about for proof in proofs if proof.finding is finding})
        signal = own_signal(
            "audit", subject=finding.name.lower(), title=f"Audit: {finding}", summary=", ".join(about[:20]), at=now
        )
        writes.append(signal_write(signal))
    store.commit(writes)
    publish_outbox(store, publisher, writes)
