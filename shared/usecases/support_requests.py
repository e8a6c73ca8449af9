"""A customer's request as an incident: opened when its clock starts, owned when it is answered, over when resolved."""

from datetime import datetime

from shared.domain.configuration import Configuration, SupportChannel
from shared.domain.incidents import acknowledge
from shared.domain.reasons import Notify
from shared.domain.support import (
    DESK,
    SupportEvent,
    SupportStage,
    as_signal,
    clock_starts,
    owned_for,
    request_fingerprint,
)
from shared.errors import RefusedError, UndecodableError
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Delete, StateStore
from shared.usecases.commits import committed
from shared.usecases.handle_signal import handle_signal
from shared.usecases.nonces import is_spent, spend
from shared.usecases.outbox import publish_planned, signal_write
from shared.usecases.planning import plan_update
from shared.usecases.records import GROUPS, OUTBOX, incident_writes, instant, notifications_of, read_incident

WAITS = "waits for the opening hours"
TOO_EARLY = "settled before its clock had started"


def follow(
    event: SupportEvent, *, nonce: str, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> str:
    """What became of the event. A request outside a channel's hours is kept, and its clock starts at the opening.

    Raises RefusedError (401) for a replay, (404) when a request is answered that never was opened, and UndecodableError
    for a channel that channels.yaml does not have.
    """
    if is_spent(nonce, store=store):
        raise RefusedError("this request was taken before; sign again to send it again")
    channel = next((one for one in config.support if one.name == event.channel), None)
    if channel is None:
        known = ", ".join(one.name for one in config.support)
        raise UndecodableError(f"channel: there is no support channel {event.channel}; known are {known}")
    match event.stage:
        case SupportStage.OPENED:
            outcome = _opened(event, channel, config=config, store=store, publisher=publisher, clock=clock)
        case SupportStage.ANSWERED:
            outcome = _answered(event, channel, store=store, publisher=publisher, now=clock.now())
        case SupportStage.RESOLVED:
            outcome = _resolved(event, config=config, store=store, publisher=publisher, clock=clock)
    spend(nonce, store=store, clock=clock)
    return outcome


def _opened(
    event: SupportEvent,
    channel: SupportChannel,
    *,
    config: Configuration,
    store: StateStore,
    publisher: Publisher,
    clock: Clock,
) -> str:
    now = clock.now()
    starts = clock_starts(channel.hours, event.at)
    signal = as_signal(event, starts=starts, now=now)
    if starts > now:
        store.commit([signal_write(signal)])  # the minute tick publishes it when it is due
        return WAITS
    return handle_signal(signal, config=config, store=store, publisher=publisher, clock=clock).reason


def _answered(
    event: SupportEvent, channel: SupportChannel, *, store: StateStore, publisher: Publisher, now: datetime
) -> str:
    if _forget(event, store, now):
        return TOO_EARLY
    return committed(lambda: _own(event, channel, store, publisher, now))


def _own(event: SupportEvent, channel: SupportChannel, store: StateStore, publisher: Publisher, now: datetime) -> str:
    group = store.get(GROUPS, request_fingerprint(event))
    found = read_incident(store, str(group.body["incident"])) if group else None
    if found is None:
        raise RefusedError("this request was never opened", status=404)
    incident, version = found
    lasts = owned_for(incident.ladder.policy.elapsed_at(incident.started_at, channel.resolve_within), now)
    changed = acknowledge(incident, person=DESK, via=event.channel, now=now, expires_after=lasts)
    if changed.happened:
        planned = plan_update(
            changed.incident, notifications_of(store, incident.id), now=now, reason=Notify.ACKNOWLEDGED
        )
        store.commit([*incident_writes(changed.incident, changed.entries, version), *planned.writes])
        publish_planned(publisher, planned.rows, now)
    return changed.outcome


def _resolved(
    event: SupportEvent, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> str:
    now = clock.now()
    if _forget(event, store, now):
        return TOO_EARLY
    signal = as_signal(event, starts=event.at, now=now)
    return handle_signal(signal, config=config, store=store, publisher=publisher, clock=clock).reason


def _forget(event: SupportEvent, store: StateStore, now: datetime) -> bool:
    """Drop a request that still waits for its opening hour; False when there is none."""
    opened = SupportEvent(event.channel, event.request, SupportStage.OPENED, event.at)
    name = as_signal(opened, starts=event.at, now=now).event_id
    waiting = store.get(OUTBOX, name)
    if waiting is None or str(waiting.body["due_at"]) <= instant(now):
        return False
    store.commit([Delete(OUTBOX, name)])
    return True
