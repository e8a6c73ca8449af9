"""What a due incident does at a tick: climb, start again, be told at last, wait on, or count as steady."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.escalation import Climb, Step, climb, start
from shared.domain.flapping import due, steady
from shared.domain.holding import Hold, is_untold, paused, resumed, untold
from shared.domain.incidents import Incident, State, TimelineEntry
from shared.domain.reasons import Notify, Reason, Suppressed


@dataclass(frozen=True, slots=True)
class Move:
    """The incident afterwards, its new lines, and the steps that are told because of `reason` (none when it waits)."""

    incident: Incident
    entries: tuple[TimelineEntry, ...]
    steps: tuple[Step, ...]
    reason: Reason
    note: str = ""


def due_move(incident: Incident, now: datetime) -> Move | None:
    """What is due at `now`, as if nothing muted the incident; None when nothing is."""
    if incident.due_at is None or incident.due_at > now:
        return None
    if incident.steady_at is not None and incident.steady_at <= now:
        return _steadied(incident, now)
    if not incident.state.is_open:
        return None
    if incident.state.is_owned:
        return _expired(incident, now)
    if is_untold(incident):
        return _released(incident, now)
    free = resumed(incident)
    step = climb(free.ladder, now)
    if step.step is None and step.ladder == free.ladder:
        return None
    return _climbed(free, step, now)


def waiting_move(incident: Incident, move: Move, hold: Hold, now: datetime) -> Move:
    """The move put off: nobody is told, and the incident is looked at again when the hold ends."""
    if move.reason in {Notify.ACK_EXPIRED, Notify.REOPENED}:  # a new episode, of which nobody is told yet
        waits, entries = paused(untold(move.incident), hold, now)
        return Move(waits, (*move.entries, *entries), (), hold.reason)
    waits, entries = paused(incident, hold, now)
    return Move(waits, entries, (), hold.reason)


def in_digest(move: Move, now: datetime) -> Move:
    """A release of which the morning's digest has told already: the ladder goes on with its second step."""
    entry = TimelineEntry(now, "told", Suppressed.IN_DIGEST)
    return replace(move, entries=(entry,), reason=Suppressed.IN_DIGEST)


def _released(incident: Incident, now: datetime) -> Move:
    """Nobody has heard of it, and nothing mutes it any more: the chain starts."""
    ladder, steps = start(incident.ladder.policy, now)
    told = replace(incident, ladder=ladder, last_told_at=now, revision=incident.revision + 1, held="", held_by="")
    entry = TimelineEntry(now, "released", Notify.RELEASED, detail=f"was held by {incident.held_by}")
    return Move(due(told), (entry,), steps, Notify.RELEASED)


def _steadied(incident: Incident, now: datetime) -> Move:
    """It has not flipped for a while. Over: said once. Going on: the chain runs, unless it does so already."""
    calm = steady(incident)
    if not incident.state.is_open:
        return Move(calm, (TimelineEntry(now, "steady", Notify.STABLE, detail="over"),), (), Notify.STABLE)
    entry = TimelineEntry(now, "steady", Notify.STABLE, detail="still firing")
    if incident.state.is_owned or incident.ladder.next_at is not None:
        return Move(calm, (entry,), (), Notify.STABLE)
    ladder, steps = start(incident.ladder.policy, now)
    return Move(due(replace(calm, ladder=ladder, last_told_at=now)), (entry,), steps, Notify.REOPENED)


def _expired(incident: Incident, now: datetime) -> Move:
    """Nobody renewed the acknowledgement: the chain starts again from its first step."""
    ladder, steps = start(incident.ladder.policy, now)
    again = replace(
        incident,
        state=State.TRIGGERED,
        owner="",
        acknowledged_at=None,
        ack_expires_at=None,
        mitigated_at=None,
        ladder=ladder,
        last_told_at=now,
        revision=incident.revision + 1,
    )
    entry = TimelineEntry(now, "acknowledgement expired", Notify.ACK_EXPIRED, detail=_whose(incident))
    return Move(due(again), (entry,), steps, Notify.ACK_EXPIRED)


def _whose(incident: Incident) -> str:
    return f"owned by {incident.owner}" + (", mitigated" if incident.state is State.MITIGATED else "")


def _climbed(incident: Incident, step: Climb, now: datetime) -> Move:
    reason = Notify.ESCALATED
    if step.last_resort:
        reason = Notify.LAST_RESORT
    elif step.ladder.round > incident.ladder.round:
        reason = Notify.REPEATED
    moved = due(replace(incident, ladder=step.ladder, last_told_at=now, revision=incident.revision + 1))
    if step.step is None:
        return Move(moved, (), (), reason)
    note = f"{step.skipped} earlier step(s) were overdue and are skipped" if step.skipped else ""
    entry = TimelineEntry(now, "escalated", reason, detail=f"level {step.step.level}" + (f"; {note}" if note else ""))
    return Move(moved, (entry,), (step.step,), reason, note)
