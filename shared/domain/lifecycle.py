"""The further life of an incident: mitigated, reopened by hand, closed for good."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.acting import By
from shared.domain.escalation import Ladder, Step, start
from shared.domain.incidents import Acked, Changed, Incident, State, TimelineEntry, over, settled
from shared.domain.reasons import Notify


class Life(StrEnum):
    """What a wish about an incident's life came to."""

    MITIGATED = "mitigated"
    REOPENED = "reopened"
    CLOSED = "closed"
    ALREADY_MITIGATED = "it is mitigated already"
    STILL_OPEN = "it is still open"
    TOO_LONG_OVER = "it has been over for too long; open a new one"
    NEWER = "the same trouble has a newer incident"
    NOT_RESOLVED = "only a resolved incident can be closed"
    TASKS_LEFT = "tasks are left to do"


@dataclass(frozen=True, slots=True)
class Reopened:
    """The transition, and the steps to tell in the same commit (none when it was refused)."""

    changed: Changed
    steps: tuple[Step, ...] = ()


def mitigate(incident: Incident, by: By, *, holds_for: timedelta) -> Changed:
    """The harm is stopped, the cause is not: nobody is paged, and the promised end stays as it was.

    It holds until the promised end, and for `holds_for` at least; then the chain starts again. Whoever is at work on it
    still owns it; where nobody is, whoever says so does.
    """
    if not incident.state.is_open:
        return Changed(incident, over(incident))
    if incident.state is State.MITIGATED:
        return Changed(incident, Life.ALREADY_MITIGATED)
    at_work = incident.state.is_owned and not (incident.is_snoozed or incident.is_offered)
    until = max(by.now + holds_for, incident.resolve_by or by.now)
    calm = replace(
        incident,
        state=State.MITIGATED,
        owner=incident.owner if at_work else by.person,
        acknowledged_at=incident.acknowledged_at if at_work else by.now,
        first_acknowledged_at=incident.first_acknowledged_at or by.now,
        mitigated_at=by.now,
        ack_expires_at=until,
        snoozed_until=None,
        offered_until=None,
        acknowledge_by=settled(incident.acknowledge_by, by.now),
        due_at=min(until, incident.steady_at or until),
        ladder=replace(incident.ladder, next_at=None),
        revision=incident.revision + 1,
        held="",
        held_by="",
    )
    return Changed(calm, Life.MITIGATED, (by.entry("mitigated", Life.MITIGATED),))


def reopen(incident: Incident, by: By, *, within: timedelta, is_latest: bool) -> Reopened:
    """It is not over after all: the chain starts from its first step, as if it had fired again.

    Closed is final, and `is_latest` is False when the same trouble has opened a newer incident meanwhile.
    """
    refused = _not_reopened(incident, by.now, within=within, is_latest=is_latest)
    if refused is not None:
        return Reopened(Changed(incident, refused))
    ladder, steps = start(incident.ladder.policy, by.now)
    again = replace(begun_again(incident, ladder, by.now), due_at=ladder.next_at, storm="", steady_at=None)
    return Reopened(Changed(again, Life.REOPENED, (by.entry("reopened", Notify.REOPENED_BY_HAND),)), steps)


def close(incident: Incident, *, actor: str, now: datetime, detail: str = "") -> Changed:
    """Nothing is left to do: its state never changes again, and what fires later is a new incident."""
    if incident.state is not State.RESOLVED:
        return Changed(incident, Life.NOT_RESOLVED if incident.state.is_open else over(incident))
    if incident.open_tasks:
        return Changed(incident, Life.TASKS_LEFT)
    final = replace(
        incident,
        state=State.CLOSED,
        closed_at=now,
        due_at=None,
        ack_expires_at=None,
        steady_at=None,
        ladder=replace(incident.ladder, next_at=None),
        revision=incident.revision + 1,
    )
    return Changed(final, Life.CLOSED, (TimelineEntry(now, "closed", Life.CLOSED, actor, detail),))


def begun_again(incident: Incident, ladder: Ladder, now: datetime) -> Incident:
    """The incident at the start of another episode: nobody owns it, and what was promised before is no more."""
    return replace(
        incident,
        state=State.TRIGGERED,
        ladder=ladder,
        due_at=ladder.next_at,
        resolved_at=None,
        owner="",
        acknowledged_at=None,
        ack_expires_at=None,
        mitigated_at=None,
        lowered_from=None,
        acknowledge_by=None,
        resolve_by=None,
        last_told_at=now,
        episode_started_at=now,
        revision=incident.revision + 1,
    )


def _not_reopened(incident: Incident, now: datetime, *, within: timedelta, is_latest: bool) -> Life | Acked | None:
    if incident.state.is_open:
        return Life.STILL_OPEN
    if incident.state is not State.RESOLVED:
        return over(incident)
    if incident.resolved_at is None or now - incident.resolved_at > within:
        return Life.TOO_LONG_OVER
    return None if is_latest else Life.NEWER
