"""The auditor's judgement: did every step that was due really happen? Whatever did not is a finding."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.delivery import NEWS
from shared.domain.incidents import Incident, State
from shared.domain.notifications import LedgerState, Notification
from shared.domain.reasons import Suppressed

# Why a message that was not sent has told its reader all the same: another one speaks for it.
SPOKEN_FOR = frozenset({Suppressed.IN_DIGEST, Suppressed.REPLACED, Suppressed.FOLDED, Suppressed.AWAKE})


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
    """Rows that should have been sent, or tried again, and were not."""
    return [
        Proof(Finding.MESSAGES_STUCK, row.id, row.due_at)
        for row in rows
        if not row.state.is_final
        and row.state is not LedgerState.SENT
        and row.due_at is not None
        and now - row.due_at > GRACE.message
    ]


def untold_step(incident: Incident, ledger: Sequence[Notification], now: datetime) -> list[Proof]:
    """The incident's newest step, when of all that was planned for it nothing went out nor may still go out.

    A step counts from `last_told_at`.
    """
    told_at = incident.last_told_at
    if incident.state is not State.TRIGGERED or told_at is None or now - told_at <= GRACE.message:
        return []
    pages = [row for row in ledger if row.planned_at >= told_at and row.reason not in NEWS]
    if all(_is_lost(row) for row in pages):
        return [Proof(Finding.STEP_UNTOLD, incident.id, told_at)]
    return []


def _is_lost(row: Notification) -> bool:
    if row.state is LedgerState.SUPERSEDED:
        return row.note not in SPOKEN_FOR
    return row.state is LedgerState.FAILED_PERMANENT
