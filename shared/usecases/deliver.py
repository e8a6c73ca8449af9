"""Notifications topic -> provider: claim with a lease, send, record; retry what may pass, replace what will not."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.configuration import Configuration
from shared.domain.delivery import (
    Failure,
    Surroundings,
    claimed,
    failed_for_good,
    failed_for_now,
    free_at,
    held_back,
    may_be_claimed,
    obsolete,
    replaced,
    waiting,
)
from shared.domain.incidents import Incident
from shared.domain.notifications import Channel, LedgerState, Notification, is_rehearsal, progressed
from shared.domain.reasons import Suppressed
from shared.domain.signals import Signal, own_signal
from shared.errors import DeliveryError, PermanentFailureError, TemporaryFailureError, UnknownOutcomeError
from shared.ports import Clock, Notifier, Outgoing, Publisher, Put, Query, Replace, Sent, StateStore, Write
from shared.usecases.commits import committed
from shared.usecases.outbox import publish_outbox, publish_planned, signal_write
from shared.usecases.records import (
    NOTIFICATIONS,
    THREADS,
    body_of,
    instant,
    ledger_around,
    notifications_of,
    planned_writes,
    read_incident,
    value_of,
)
from shared.usecases.spending import may_cost, spending_writes

log = logging.getLogger(__name__)

Compose = Callable[[Notification, Incident | None], Outgoing | None]


@dataclass(frozen=True, slots=True)
class _Desk:
    config: Configuration
    store: StateStore
    publisher: Publisher
    clock: Clock


def deliver(
    name: str,
    *,
    compose: Compose,
    notifier: Callable[[Channel], Notifier],
    config: Configuration,
    store: StateStore,
    publisher: Publisher,
    clock: Clock,
) -> LedgerState | None:
    """Send one ledger row, unless it is over, in other hands, not due or no longer wanted. Returns its state after.

    Redelivery is safe: the lease lets one worker send, the recorded state stops the next.
    """
    desk = _Desk(config, store, publisher, clock)
    row = committed(lambda: _claim(name, desk))
    if row is None:
        document = store.get(NOTIFICATIONS, name)
        return value_of(document, Notification).state if document else None
    incident, _ = read_incident(store, row.incident) or (None, None)
    message = compose(row, incident) if incident or row.bulletin else None
    if message is None:
        return _record(replace(row, state=LedgerState.SUPERSEDED, due_at=None, note="nothing to send"), desk)
    try:
        sent, note = _hand_over(row, message, notifier(row.channel))
    except DeliveryError as error:
        return _failed(row, error, desk)
    return _sent(row, message, sent, note, desk)


def _claim(name: str, desk: _Desk) -> Notification | None:
    document = desk.store.get(NOTIFICATIONS, name)
    row = value_of(document, Notification) if document else None
    now = desk.clock.now()
    if document is None or row is None or not may_be_claimed(row, now):
        return None
    moot = _moot(row, desk.store)
    room = None if moot else free_at(_sent_before(row, desk, now), desk.config.limits.rate_caps.get(row.channel), now)
    held = None if moot else _held_back(row, desk, now)
    if held:
        follow = (held.takes_over,) if held.takes_over else ()
        kept = Replace(NOTIFICATIONS, name, body_of(held.row), document.version)
        desk.store.commit([kept, *planned_writes(follow)])
        publish_planned(desk.publisher, follow, now)
        return None
    if moot:
        changed = replace(row, state=LedgerState.SUPERSEDED, due_at=None, settled_at=now, note=moot)
    elif room:
        changed = replace(waiting(row, room), note=Suppressed.BY_RATE_CAP)
    else:
        unknown = row.outcome_unknown or row.state is LedgerState.SENDING
        changed = replace(claimed(row, now, desk.config.limits), outcome_unknown=unknown)
    desk.store.commit([Replace(NOTIFICATIONS, name, body_of(changed), document.version)])
    return None if moot or room else changed


def _moot(row: Notification, store: StateStore) -> Suppressed | None:
    if row.bulletin:
        return None
    found = read_incident(store, row.incident)
    moot = obsolete(row, found[0]) if found else Suppressed.INCIDENT_OVER
    if moot is None and replaced(row, notifications_of(store, row.incident)):
        return Suppressed.REPLACED
    return moot


def _held_back(row: Notification, desk: _Desk, now: datetime) -> Failure | None:
    if may_cost(row, desk.config, store=desk.store, now=now):
        return None
    around = Surroundings(tuple(ledger_around(desk.store, row)), desk.config.directory)
    return held_back(row, now=now, around=around)


def _sent_before(row: Notification, desk: _Desk, now: datetime) -> list[datetime]:
    cap = desk.config.limits.rate_caps.get(row.channel)
    if cap is None:
        return []
    query = Query(
        NOTIFICATIONS,
        equal={"recipient": row.recipient, "channel": row.channel},
        order_by="sent_at",
        low=instant(now - cap.window),
        limit=cap.messages + 1,
        newest_first=True,
    )
    return [at for found in desk.store.find(query) if (at := value_of(found, Notification).sent_at) is not None]


def _hand_over(row: Notification, message: Outgoing, channel: Notifier) -> tuple[Sent, str]:
    """Send; after a lost answer look the message up first, and where that is impossible send again."""
    note = ""
    if row.outcome_unknown:
        try:
            found = channel.find(message)
        except UnknownOutcomeError:
            found, note = None, "possible duplicate"
        if found is not None:
            return found, "found at the provider after a lost answer"
    return channel.send(message), note


def _sent(row: Notification, message: Outgoing, sent: Sent, note: str, desk: _Desk) -> LedgerState:
    now = desk.clock.now()
    extra: list[Write] = []
    opens_thread = not (message.thread or message.replaces or message.only_for or row.bulletin)
    if row.channel is Channel.SLACK and opens_thread:
        key = f"{row.incident}:{row.recipient}"
        extra = [Put(THREADS, key, {"incident": row.incident, "provider_id": sent.provider_id, "at": instant(now)})]

    def attempt() -> LedgerState:
        document = desk.store.get(NOTIFICATIONS, row.id)
        if document is None:
            return LedgerState.SENT
        current = value_of(document, Notification)  # a delivery receipt may have been faster than our own record
        moved = progressed(current, LedgerState.SENT, at=now)
        moved = replace(
            moved,
            provider_id=sent.provider_id,
            note=note or moved.note,
            lease_until=None,
            due_at=None,
            outcome_unknown=False,
        )
        costs, warned = spending_writes(row, message, desk.config, store=desk.store, now=now)
        desk.store.commit([Replace(NOTIFICATIONS, row.id, body_of(moved), document.version), *extra, *costs])
        publish_planned(desk.publisher, warned, now)
        return moved.state

    return committed(attempt)


def _failed(row: Notification, error: DeliveryError, desk: _Desk) -> LedgerState:
    now = desk.clock.now()
    ledger = tuple(ledger_around(desk.store, row))
    around = Surroundings(ledger, desk.config.directory)
    text = str(error)
    if isinstance(error, PermanentFailureError):
        failure = failed_for_good(row, error=text, now=now, around=around)
    else:
        wait = error.retry_after if isinstance(error, TemporaryFailureError) else None
        failure = failed_for_now(row, error=text, wait=wait, now=now, limits=desk.config.limits, around=around)
        unknown = isinstance(error, UnknownOutcomeError) or row.outcome_unknown
        failure = replace(failure, row=replace(failure.row, outcome_unknown=unknown))
    return _keep(failure, _alarms(row, error, failure, now), desk, now)


def _keep(failure: Failure, alarms: list[Signal], desk: _Desk, now: datetime) -> LedgerState:
    follow = (failure.takes_over,) if failure.takes_over else ()
    extra: list[Write] = [*planned_writes(follow), *(signal_write(alarm) for alarm in alarms)]
    state = _record(failure.row, desk, extra)
    publish_planned(desk.publisher, follow, now)
    publish_outbox(desk.store, desk.publisher, extra)
    return state


def _alarms(row: Notification, error: DeliveryError, failure: Failure, now: datetime) -> list[Signal]:
    if is_rehearsal(row):
        return []  # the game day has its own verdict
    alarms = []
    if isinstance(error, PermanentFailureError) and error.channel_broken:
        title = f"Channel {row.channel} is broken: {error.code}"
        alarms.append(own_signal("channel_broken", subject=row.channel, title=title, at=now, unique=row.id))
    if isinstance(error, PermanentFailureError) and error.opted_out:
        title = f"{row.recipient} has opted out of {row.channel}"
        alarms.append(own_signal("opted_out", subject=f"{row.recipient}/{row.channel}", title=title, at=now))
    if failure.nobody_reached:
        # The log-based alert policy on this line is the path that needs none of our channels.
        about = row.incident or row.bulletin
        log.critical("last resort: no channel reached anybody", extra={"about": about, "step": row.step})
        title = f"No channel reached anybody for {about}"
        alarms.append(own_signal("delivery_failed", subject=about, title=title, at=now, unique=row.id))
    return alarms


def _record(row: Notification, desk: _Desk, extra: list[Write] | None = None) -> LedgerState:
    def attempt() -> LedgerState:
        document = desk.store.get(NOTIFICATIONS, row.id)
        if document is None:
            return row.state
        current = value_of(document, Notification)
        kept = current if current.state.is_final else row
        desk.store.commit([Replace(NOTIFICATIONS, row.id, body_of(kept), document.version), *(extra or [])])
        return kept.state

    return committed(attempt)
