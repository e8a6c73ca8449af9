"""What people do to an incident beside taking and resolving it: snooze, hand over, note, judge, escalate at once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.escalation import Climb, Ladder, Step, climb
from shared.domain.incidents import Acked, Changed, Incident, State, TimelineEntry, acknowledge, over
from shared.domain.redaction import redact
from shared.domain.signals import bounded

SNOOZE = timedelta(minutes=30)
SHORTEST_SNOOZE, LONGEST_SNOOZE = timedelta(minutes=5), timedelta(hours=8)
LONGEST_NOTE = 1_000


class Outcome(StrEnum):
    """What a wish came to, beside those of an acknowledgement."""

    SNOOZED = "snoozed"
    HANDED_OVER = "handed over"
    NOTED = "note added"
    JUDGED = "noted as not useful"
    ASKED = "escalation asked for"
    JUDGED_BEFORE = "you noted this before"
    NO_SUCH_SNOOZE = "a snooze lasts from 5 minutes to 8 hours"
    ALREADY_THEIRS = "this person owns it already"
    CANNOT_OWN = "nobody of that name may own an incident"
    EMPTY_NOTE = "the note is empty"


@dataclass(frozen=True, slots=True)
class By:
    """Who acts (an id), the way it reached us, and when."""

    person: str
    via: str
    now: datetime

    def entry(self, event: str, reason: str, detail: str = "") -> TimelineEntry:
        """A line of the record by this person."""
        way = f"via {self.via}"
        return TimelineEntry(self.now, event, reason, self.person, f"{detail}, {way}" if detail else way)


def snooze(incident: Incident, by: By, lasting: timedelta) -> Changed:
    """Owned for a while: then the acknowledgement expires and the chain starts again. Only the owner may prolong."""
    if not incident.state.is_open:
        return Changed(incident, over(incident))
    if not SHORTEST_SNOOZE <= lasting <= LONGEST_SNOOZE:
        return Changed(incident, Outcome.NO_SUCH_SNOOZE)
    owned = acknowledge(incident, person=by.person, via=by.via, now=by.now, expires_after=lasting)
    if owned.outcome != Acked.ACCEPTED and incident.owner != by.person:
        return owned
    base, until = owned.incident, by.now + lasting
    snoozed = replace(
        base,
        ack_expires_at=until,
        due_at=until,
        snoozed_until=until,
        offered_until=None,
        revision=incident.revision + 1,
    )
    entry = by.entry("snoozed", Outcome.SNOOZED, f"until {until:%Y-%m-%d %H:%M} UTC")
    return Changed(snoozed, Outcome.SNOOZED, (entry,))


def hand_over(incident: Incident, by: By, to: str, *, answer_within: timedelta, expires_after: timedelta) -> Changed:
    """Another person owns it; one who does not acknowledge within `answer_within` loses it again.

    Somebody who names themselves takes it over at once.
    """
    if not incident.state.is_open:
        return Changed(incident, over(incident))
    if incident.owner == to:
        return Changed(incident, Outcome.ALREADY_THEIRS)
    offered = to != by.person
    until = by.now + (answer_within if offered else expires_after)
    moved = replace(
        incident,
        state=incident.state if incident.state.is_owned else State.ACKNOWLEDGED,
        owner=to,
        acknowledged_at=by.now,
        ack_expires_at=until,
        first_acknowledged_at=incident.first_acknowledged_at or by.now,
        snoozed_until=None,
        offered_until=until if offered else None,
        held="",
        held_by="",
        due_at=until,
        ladder=replace(incident.ladder, next_at=None),
        revision=incident.revision + 1,
    )
    entry = by.entry("handed over", Outcome.HANDED_OVER, f"{incident.owner or 'nobody'} -> {to}")
    return Changed(moved, Outcome.HANDED_OVER, (entry,))


def note(incident: Incident, by: By, text: str) -> Changed:
    """The text goes on the record, without secrets and personal data; an incident that is over takes notes too."""
    kept = noted_text(text)
    if not kept:
        return Changed(incident, Outcome.EMPTY_NOTE)
    entry = TimelineEntry(by.now, "note", Outcome.NOTED, by.person, kept)
    more = replace(incident, notes=incident.notes + 1, revision=incident.revision + 1)
    return Changed(more, Outcome.NOTED, (entry,))


def noted_text(text: str) -> str:
    """A note as it is kept and shown."""
    return bounded(redact(text.strip()), LONGEST_NOTE)


def judge_not_useful(incident: Incident, by: By) -> Changed:
    """The person found the incident of no use: once each, for the false positive rate; nothing else changes."""
    if by.person in incident.judged:
        return Changed(incident, Outcome.JUDGED_BEFORE)
    judged = replace(incident, judged=(*incident.judged, by.person))
    return Changed(judged, Outcome.JUDGED, (by.entry("judged", "not useful"),))


@dataclass(frozen=True, slots=True)
class Escalated:
    """The transition, and the step to tell in the same commit (None when it was refused)."""

    changed: Changed
    step: Step | None = None


def escalate_now(incident: Incident, by: By) -> Escalated:
    """Take the next step without waiting for its time. Whoever owned the incident no longer does.

    A chain that has come to its end goes on repeating: pressing the button must never be what makes it fall silent.
    """
    if not incident.state.is_open:
        return Escalated(Changed(incident, over(incident)))
    taken = climb(replace(incident.ladder, next_at=by.now), by.now)
    ladder = _going_on(taken, by.now)
    raised = replace(
        incident,
        state=State.TRIGGERED,
        owner="",
        acknowledged_at=None,
        ack_expires_at=None,
        ladder=ladder,
        due_at=ladder.next_at,
        last_told_at=by.now,
        revision=incident.revision + 1,
        held="",
        held_by="",
    )
    step = taken.step or ladder.policy.steps[-1]
    entry = by.entry("escalated", Outcome.ASKED, f"level {step.level}")
    return Escalated(Changed(raised, Outcome.ASKED, (entry,)), step)


def _going_on(taken: Climb, now: datetime) -> Ladder:
    ladder = taken.ladder
    return ladder if ladder.next_at else replace(ladder, round=0, next_at=now + ladder.policy.repeat_every)
