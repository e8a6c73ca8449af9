"""The minute tick: climb due ladders, expire acknowledgements, send what a crash held back, beat the heart."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.configuration import Configuration
from shared.domain.holding import is_untold
from shared.domain.incidents import Incident, State
from shared.domain.moves import Move, due_move, in_digest, waiting_move
from shared.domain.notifications import settled
from shared.domain.promises import owing
from shared.domain.reasons import Notify, Suppressed
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Put, Query, StateStore
from shared.usecases.apart import Apart
from shared.usecases.breach_clock import remind_of_breaches
from shared.usecases.closing import close_settled
from shared.usecases.commits import committed
from shared.usecases.containment import look_at_measures
from shared.usecases.digests import tell_digest, was_in_digest
from shared.usecases.drafts import mind_drafts
from shared.usecases.heartbeats import watch_evaluation
from shared.usecases.muting import Muting
from shared.usecases.outbox import publish_outbox, publish_planned, sweep
from shared.usecases.planning import Planned, plan_recovery, plan_steps, plan_update
from shared.usecases.procedure_actions import ACTIONS
from shared.usecases.procedures import starting
from shared.usecases.proceeding import Proceeding, proceed_with_due
from shared.usecases.promises import record_broken_promises, warn_of_promises
from shared.usecases.records import (
    HEARTBEATS,
    INCIDENTS,
    incident_writes,
    instant,
    notifications_of,
    read_incident,
)
from shared.usecases.tasks import remind_owners
from shared.usecases.tend_windows import tend_windows
from shared.usecases.window_notices import Office

BATCH = 500


@dataclass(frozen=True, slots=True)
class Tick:
    """What one tick did."""

    escalated: int
    swept: int


@dataclass(frozen=True, slots=True)
class _Round:
    config: Configuration
    store: StateStore
    publisher: Publisher
    muting: Muting
    now: datetime


def escalate(*, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock) -> Tick:
    """Take every due step exactly once, however often and late the tick runs."""
    now, apart = clock.now(), Apart()
    escalated = apart.take(lambda: take_due_steps(config=config, store=store, publisher=publisher, now=now))
    swept = apart.take(lambda: sweep(store, publisher, now))
    apart.take(lambda: record_broken_promises(config=config, store=store, publisher=publisher, now=now))
    apart.take(lambda: warn_of_promises(config=config, store=store, publisher=publisher, now=now))
    apart.take(lambda: remind_of_breaches(config=config, store=store, publisher=publisher, now=now))
    apart.take(lambda: look_at_measures(config=config, store=store, publisher=publisher, clock=clock))
    apart.take(lambda: mind_drafts(config=config, store=store, publisher=publisher, clock=clock))
    apart.take(lambda: proceed_with_due(Proceeding(config, store, publisher, ACTIONS, now)))
    apart.take(lambda: watch_evaluation(store, publisher, now))
    apart.take(lambda: remind_owners(config=config, store=store, publisher=publisher, now=now))
    apart.take(lambda: close_settled(config=config, store=store, publisher=publisher, now=now))
    apart.raise_failures()
    store.commit([Put(HEARTBEATS, "escalate_incidents", {"at": instant(now), "escalated": escalated, "swept": swept})])
    return Tick(escalated, swept)


def take_due_steps(*, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> int:
    """Take every step that is due by now; how many there were. One that fails keeps no other from being taken.

    What the night held back is told in its digest first, and maintenance windows get what is due to them.
    """
    apart = Apart()
    apart.take(lambda: tell_digest(config=config, store=store, publisher=publisher, now=now))
    apart.take(lambda: tend_windows(office=Office(config, store, publisher), now=now))
    due = store.find(Query(INCIDENTS, order_by="due_at", high=instant(now), limit=BATCH))
    tick = _Round(config, store, publisher, Muting(config.noise, store=store, now=now), now)
    taken = sum(apart.take(lambda name=row.id: committed(lambda: _advance(name, tick))) for row in due)  # type: ignore[misc]
    apart.raise_failures()
    return taken


def _advance(name: str, tick: _Round) -> int:
    found = read_incident(tick.store, name)
    if found is None:
        return 0
    incident, version = found
    move = _move(incident, tick)
    if move is None:
        return 0
    planned = _planned(move, tick)
    started = starting(move.incident, incident, config=tick.config, store=tick.store, now=tick.now)
    entries = (*move.entries, *started.entries)
    writes = [*incident_writes(move.incident, entries, version), *planned.writes, *started.writes]
    tick.store.commit(writes)
    publish_planned(tick.publisher, planned.rows, tick.now)
    publish_outbox(tick.store, tick.publisher, writes)
    return 0 if isinstance(move.reason, Suppressed) else 1


def _move(incident: Incident, tick: _Round) -> Move | None:
    """What is due, unless something mutes it; what the digest has told is not told again."""
    move = _promised(incident, due_move(incident, tick.now), tick)
    if move is None or not move.steps:
        return move
    hold = tick.muting.hold_on(move.incident)
    if hold is not None:
        return waiting_move(incident, move, hold, tick.now)
    if move.reason is Notify.RELEASED and was_in_digest(incident, tick.store):
        return in_digest(move, tick.now)
    return move


def _promised(incident: Incident, move: Move | None, tick: _Round) -> Move | None:
    """The move; what was held back until now is promised from now on."""
    if move is None or not is_untold(incident):
        return move
    promise = tick.config.promised(incident.rule, incident.severity)
    return replace(move, incident=owing(move.incident, promise, tick.now))


def _planned(move: Move, tick: _Round) -> Planned:
    incident, now = move.incident, tick.now
    ledger = notifications_of(tick.store, incident.id)
    if move.reason is Suppressed.IN_DIGEST:
        told = plan_steps(incident, move.steps, reason=Notify.RELEASED, config=tick.config, now=now)
        return replace(told, rows=tuple(settled(row, Suppressed.IN_DIGEST, now) for row in told.rows))
    if isinstance(move.reason, Suppressed):
        return Planned()
    living = plan_update(incident, ledger, now=now)
    if move.reason is Notify.STABLE:
        over = incident.state is State.RESOLVED
        return living + (plan_recovery(incident, ledger, now=now, reason=Notify.STABLE) if over else Planned())
    return plan_steps(incident, move.steps, reason=move.reason, config=tick.config, now=now, note=move.note) + living
