"""Notifications topic -> provider: claim with a lease, send, record; retry what may pass, replace what will not."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from shared.domain.amendments import OffReason
from shared.domain.caps import has_room_soon
from shared.domain.configuration import Configuration
from shared.domain.delivery import (
    Failure,
    Surroundings,
    claimed,
    failed_for_good,
    failed_for_now,
    held_back,
    may_be_claimed,
    obsolete,
    replaced,
)
from shared.domain.incidents import Incident
from shared.domain.notifications import Channel, LedgerState, Notification, is_rehearsal, progressed, settled
from shared.domain.reasons import Notify, Suppressed
from shared.domain.signals import Signal, own_signal
from shared.errors import DeliveryError, NotYetError, PermanentFailureError, TemporaryFailureError, UnknownOutcomeError
from shared.ports.messages import Notifier, Outgoing, Sent
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Document, Put, Replace, StateStore, Write
from shared.usecases.commits import committed
from shared.usecases.dead_addresses import NOTHING, Aside, forgotten, set_aside
from shared.usecases.outbox import publish_outbox, publish_planned, signal_write
from shared.usecases.queues import MOST, Turn, turn_of
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
    compose: Compose
    notifier: Callable[[Channel], Notifier]


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

    Redelivery is safe: the lease lets one worker send, the recorded state stops the next. Raises NotYetError for a row
    that has room within seconds.
    """
    desk = _Desk(config, store, publisher, clock, compose, notifier)
    for _ in range(MOST):
        turn = committed(lambda: _claim(name, desk))
        if not turn.after:
            break
        _send(committed(lambda first=turn.after: _claim(first, desk)), desk)  # type: ignore[misc]
    _send(turn, desk)
    document = store.get(NOTIFICATIONS, name)
    left = value_of(document, Notification) if document else None
    if left is not None and has_room_soon(left, clock.now()):
        raise NotYetError("has room within seconds")
    return left.state if left else None


def _send(turn: Turn, desk: _Desk) -> None:
    if turn.row is None:
        return
    row = turn.row
    incident, _ = read_incident(desk.store, row.incident) or (None, None)
    message = desk.compose(row, incident) if incident or row.bulletin else None
    if message is None:
        _record(replace(row, state=LedgerState.SUPERSEDED, due_at=None, note="nothing to send"), desk)
        return
    try:
        sent, note = _hand_over(row, message, desk.notifier(row.channel))
    except DeliveryError as error:
        _failed(row, message, error, desk)
        return
    _sent(row, message, sent, note, desk)


def _claim(name: str, desk: _Desk) -> Turn:
    document = desk.store.get(NOTIFICATIONS, name)
    row = value_of(document, Notification) if document else None
    now = desk.clock.now()
    if document is None or row is None or not may_be_claimed(row, now):
        return Turn()
    moot = _moot(row, desk.store)
    if not moot and _spared(row, document, desk, now):
        return Turn()
    turn = Turn(settled(row, moot, now)) if moot else turn_of(row, store=desk.store, config=desk.config, now=now)
    if turn.row is None:
        return turn
    goes = turn.row.state is not LedgerState.SUPERSEDED and not turn.waits
    taken = _taken(turn.row, now, desk) if goes else turn.row
    desk.store.commit([Replace(NOTIFICATIONS, name, body_of(taken), document.version), *turn.writes])
    return Turn(taken) if goes else Turn()


def _taken(row: Notification, now: datetime, desk: _Desk) -> Notification:
    unknown = row.outcome_unknown or row.state is LedgerState.SENDING
    return replace(claimed(row, now, desk.config.limits), outcome_unknown=unknown)


def _moot(row: Notification, store: StateStore) -> Suppressed | None:
    if row.bulletin:
        return None
    found = read_incident(store, row.incident)
    moot = obsolete(row, found[0]) if found else Suppressed.INCIDENT_OVER
    if moot is None and replaced(row, notifications_of(store, row.incident)):
        return Suppressed.REPLACED
    return moot


def _spared(row: Notification, document: Document, desk: _Desk, now: datetime) -> bool:
    """True when the month's money is short and the person is told in another way."""
    if may_cost(row, desk.config, store=desk.store, now=now):
        return False
    held = held_back(row, now=now, around=_around(row, desk))
    if held is None:
        return False
    follow = (held.takes_over,) if held.takes_over else ()
    kept = Replace(NOTIFICATIONS, row.id, body_of(held.row), document.version)
    desk.store.commit([kept, *planned_writes(follow)])
    publish_planned(desk.publisher, follow, now)
    return True


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
    extra = forgotten(row.recipient, sent.dead, now)
    stands_alone = bool(row.bulletin) or row.reason is Notify.DIAGNOSED  # a diagnosis may be out before its page
    opens_thread = not (message.thread or message.replaces or message.only_for or stands_alone)
    if row.channel is Channel.SLACK and opens_thread:
        key = f"{row.incident}:{row.recipient}"
        extra += [Put(THREADS, key, {"incident": row.incident, "provider_id": sent.provider_id, "at": instant(now)})]
    if message.opens:
        extra += [Put(THREADS, message.opens, {"incident": "", "provider_id": sent.provider_id, "at": instant(now)})]

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


def _failed(row: Notification, message: Outgoing, error: DeliveryError, desk: _Desk) -> LedgerState:
    now = desk.clock.now()
    around = _around(row, desk)
    text = str(error)
    if isinstance(error, PermanentFailureError):
        failure = failed_for_good(row, error=text, now=now, around=around)
    else:
        wait = error.retry_after if isinstance(error, TemporaryFailureError) else None
        failure = failed_for_now(row, error=text, wait=wait, now=now, limits=desk.config.limits, around=around)
        unknown = isinstance(error, UnknownOutcomeError) or row.outcome_unknown
        failure = replace(failure, row=replace(failure.row, outcome_unknown=unknown))
    aside = partial(_aside, row, message.to, error, desk)
    return _keep(failure, _alarms(row, error, failure, now), desk, now, aside)


def _around(row: Notification, desk: _Desk) -> Surroundings:
    ledger = tuple(ledger_around(desk.store, row))
    return Surroundings(ledger, desk.config.directory, desk.config.limits.send_attempts)


def _aside(row: Notification, to: str, error: DeliveryError, desk: _Desk) -> Aside:
    """What else is to be kept when the fault is the address's."""
    if not isinstance(error, PermanentFailureError) or not (error.address_gone or error.opted_out):
        return NOTHING
    reason = OffReason.STOP if error.opted_out else OffReason.REFUSED
    return set_aside(row, config=desk.config, store=desk.store, now=desk.clock.now(), to=to, reason=reason)


def _keep(
    failure: Failure, alarms: list[Signal], desk: _Desk, now: datetime, aside: Callable[[], Aside]
) -> LedgerState:
    follow = (failure.takes_over,) if failure.takes_over else ()
    extra: list[Write] = [*planned_writes(follow), *(signal_write(alarm) for alarm in alarms)]
    state = _record(failure.row, desk, extra, aside)
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
    if failure.nobody_reached:
        # The log-based alert policy on this line is the path that needs none of our channels.
        about = row.incident or row.bulletin
        log.critical("last resort: no channel reached anybody", extra={"about": about, "step": row.step})
        title = f"No channel reached anybody for {about}"
        alarms.append(own_signal("delivery_failed", subject=about, title=title, at=now, unique=row.id))
    return alarms


def _record(
    row: Notification, desk: _Desk, extra: Sequence[Write] = (), aside: Callable[[], Aside] = lambda: NOTHING
) -> LedgerState:
    def attempt() -> LedgerState:
        document = desk.store.get(NOTIFICATIONS, row.id)
        if document is None:
            return row.state
        current = value_of(document, Notification)
        kept = current if current.state.is_final else row
        notices, marks = aside()
        desk.store.commit([Replace(NOTIFICATIONS, row.id, body_of(kept), document.version), *extra, *marks])
        publish_planned(desk.publisher, notices, desk.clock.now())
        return kept.state

    return committed(attempt)
