"""The minute tick: climb due ladders, expire acknowledgements, send what a crash held back, beat the heart."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.configuration import Configuration
from shared.domain.escalation import Climb, Step, climb, start
from shared.domain.incidents import Incident, State, TimelineEntry
from shared.domain.reasons import Notify
from shared.ports import Clock, Publisher, Put, Query, StateStore
from shared.usecases.commits import committed
from shared.usecases.heartbeats import watch_evaluation
from shared.usecases.outbox import publish_outbox, publish_planned, sweep
from shared.usecases.planning import plan_steps, plan_update
from shared.usecases.promises import record_broken_promises
from shared.usecases.records import (
    HEARTBEATS,
    INCIDENTS,
    incident_writes,
    instant,
    notifications_of,
    read_incident,
    value_of,
)

BATCH = 500


@dataclass(frozen=True, slots=True)
class Tick:
    """What one tick did."""

    escalated: int
    swept: int


@dataclass(frozen=True, slots=True)
class _Move:
    incident: Incident
    entries: tuple[TimelineEntry, ...]
    steps: tuple[Step, ...]
    reason: Notify
    note: str = ""


def escalate(*, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock) -> Tick:
    """Take every due step exactly once, however often and late the tick runs."""
    now = clock.now()
    escalated = take_due_steps(config=config, store=store, publisher=publisher, now=now)
    record_broken_promises(config=config, store=store, publisher=publisher, now=now)
    swept = sweep(store, publisher, now)
    watch_evaluation(store, publisher, now)
    store.commit([Put(HEARTBEATS, "escalate_incidents", {"at": instant(now), "escalated": escalated, "swept": swept})])
    return Tick(escalated, swept)


def take_due_steps(*, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> int:
    """Take every step that is due by now; how many there were."""
    due = store.find(Query(INCIDENTS, order_by="due_at", high=instant(now), limit=BATCH))
    return sum(
        committed(lambda row=row: _advance(row.id, config=config, store=store, publisher=publisher, now=now))  # type: ignore[misc]
        for row in due
        if value_of(row, Incident).due_at is not None
    )


def _advance(name: str, *, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> int:
    found = read_incident(store, name)
    if found is None:
        return 0
    incident, version = found
    move = _due_move(incident, now)
    if move is None:
        return 0
    told = plan_steps(move.incident, move.steps, reason=move.reason, config=config, now=now, note=move.note)
    planned = told + plan_update(move.incident, notifications_of(store, name), now=now)
    writes = [*incident_writes(move.incident, move.entries, version), *planned.writes]
    store.commit(writes)
    publish_planned(publisher, planned.rows, now)
    publish_outbox(store, publisher, writes)
    return 1


def _due_move(incident: Incident, now: datetime) -> _Move | None:
    if incident.due_at is None or incident.due_at > now or incident.state is State.RESOLVED:
        return None
    if incident.state is State.ACKNOWLEDGED:
        return _expired(incident, now)
    step = climb(incident.ladder, now)
    if step.step is None and step.ladder == incident.ladder:
        return None
    return _climbed(incident, step, now)


def _expired(incident: Incident, now: datetime) -> _Move:
    """Nobody renewed the acknowledgement: the chain starts again from its first step."""
    ladder, steps = start(incident.ladder.policy, now)
    again = replace(
        incident,
        state=State.TRIGGERED,
        owner="",
        acknowledged_at=None,
        ack_expires_at=None,
        ladder=ladder,
        due_at=ladder.next_at,
        last_told_at=now,
        revision=incident.revision + 1,
    )
    entry = TimelineEntry(now, "acknowledgement expired", Notify.ACK_EXPIRED, detail=f"owned by {incident.owner}")
    return _Move(again, (entry,), steps, Notify.ACK_EXPIRED)


def _climbed(incident: Incident, step: Climb, now: datetime) -> _Move:
    reason = Notify.ESCALATED
    if step.last_resort:
        reason = Notify.LAST_RESORT
    elif step.ladder.round > incident.ladder.round:
        reason = Notify.REPEATED
    moved = replace(
        incident, ladder=step.ladder, due_at=step.ladder.next_at, last_told_at=now, revision=incident.revision + 1
    )
    if step.step is None:
        return _Move(moved, (), (), reason)
    note = f"{step.skipped} earlier step(s) were overdue and are skipped" if step.skipped else ""
    entry = TimelineEntry(now, "escalated", reason, detail=f"level {step.step.level}" + (f"; {note}" if note else ""))
    return _Move(moved, (entry,), (step.step,), reason, note)
