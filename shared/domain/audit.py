"""The auditor's judgement: did every step that was due really happen? Whatever did not is a finding."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.incidents import Incident, State, TimelineEntry
from shared.domain.notifications import LedgerState, Notification
from shared.domain.reasons import Notify, Suppressed

# Why a message that was not sent is not missed: another one speaks for it, or it was not wanted any more.
SPOKEN_FOR = frozenset(
    {
        Suppressed.IN_DIGEST,
        Suppressed.REPLACED,
        Suppressed.FOLDED,
        Suppressed.AWAKE,
        Suppressed.INCIDENT_OWNED,
        Suppressed.INCIDENT_OVER,
        Suppressed.NO_LONGER_PROMISED,
    }
)
LOOKS_BACK = timedelta(minutes=30)  # two audits: a step that one audit saw too early is the next one's
HELD_BACK = "held back"
TELLING = frozenset(
    {
        Notify.FIRST,
        Notify.SEVERITY_RAISED,
        Notify.REMINDER,
        Notify.REOPENED,
        Notify.REOPENED_BY_HAND,
        Notify.ESCALATED,
        Notify.REPEATED,
        Notify.LAST_RESORT,
        Notify.ACK_EXPIRED,
        Notify.RELEASED,
    }
)


class Finding(StrEnum):
    """What an audit can find; the words are told as they stand."""

    TICK_SILENT = "the escalation tick does not run"
    EVALUATION_SILENT = "metric rules are not evaluated"
    STEP_NOT_TAKEN = "escalation steps are overdue"
    STEP_UNTOLD = "an escalation step told nobody"
    MESSAGES_STUCK = "messages wait past their time"
    OUTBOX_STUCK = "decisions wait to be published"


@dataclass(frozen=True, slots=True)
class Grace:
    """How late something may be before it is a finding: a tick may be missed, a message tried again."""

    tick: timedelta = timedelta(minutes=3)
    evaluation: timedelta = timedelta(minutes=10)
    step: timedelta = timedelta(minutes=3)
    message: timedelta = timedelta(minutes=5)


GRACE = Grace()
HEARTBEATS: Mapping[str, tuple[Finding, timedelta]] = {
    "escalate_incidents": (Finding.TICK_SILENT, GRACE.tick),
    "evaluate_rules": (Finding.EVALUATION_SILENT, GRACE.evaluation),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that did not happen: which, about what (an incident, a message, a job), and since when."""

    finding: Finding
    about: str
    since: datetime


def silent_jobs(beats: Mapping[str, datetime], now: datetime) -> list[Proof]:
    """Jobs that have beaten before and stopped; one that never ran is not missed."""
    return [
        Proof(finding, job, beats[job])
        for job, (finding, grace) in HEARTBEATS.items()
        if job in beats and now - beats[job] > grace
    ]


def overdue_steps(incidents: Iterable[Incident], now: datetime) -> list[Proof]:
    """Open incidents whose next look is past."""
    return [
        Proof(Finding.STEP_NOT_TAKEN, incident.id, incident.due_at)
        for incident in incidents
        if incident.state.is_open and incident.due_at is not None and now - incident.due_at > GRACE.step
    ]


def stuck_messages(rows: Iterable[Notification], now: datetime) -> list[Proof]:
    """Rows that should have been sent, or tried again, and were not.

    `due_at` proves nothing here: each tick that publishes a row in vain puts it off by its next look.
    """
    waiting = ((row, _free_since(row)) for row in rows if not row.state.is_final and row.state is not LedgerState.SENT)
    return [Proof(Finding.MESSAGES_STUCK, row.id, since) for row, since in waiting if now - since > GRACE.message]


def untold_steps(
    incident: Incident, record: Sequence[TimelineEntry], ledger: Sequence[Notification], now: datetime
) -> list[Proof]:
    """The incident's recent steps of whose messages none went out nor may still go out; none while somebody owns it.

    A step's messages were planned in the same commit as its line on the record; a fallback counts as what it replaces.
    """
    if incident.state is not State.TRIGGERED:
        return []
    held = {entry.at for entry in record if entry.event == HELD_BACK}
    steps = [
        entry
        for entry in record
        if entry.reason in TELLING and entry.at not in held and GRACE.message < now - entry.at <= LOOKS_BACK
    ]
    return [Proof(Finding.STEP_UNTOLD, incident.id, step.at) for step in steps if not _was_told(step, ledger)]


def _free_since(row: Notification) -> datetime:
    in_hand = row.lease_until if row.state is LedgerState.SENDING else None
    return in_hand or row.not_before or row.planned_at


def _was_told(step: TimelineEntry, ledger: Sequence[Notification]) -> bool:
    found = {row.id for row in ledger if row.planned_at == step.at and row.reason == step.reason}
    for row in ledger:  # in the order of their planning: what a row takes over from comes first
        if row.fallback_of in found:
            found.add(row.id)
    return any(row.id in found and not _told_nobody(row) for row in ledger)


def _told_nobody(row: Notification) -> bool:
    if row.state is LedgerState.SUPERSEDED:
        return row.note not in SPOKEN_FOR
    return row.state is LedgerState.FAILED_PERMANENT
