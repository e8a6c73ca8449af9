"""Severities that change while an incident is open: raised by what fires or by somebody, lowered by somebody only."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shared.domain.acting import By, noted_text
from shared.domain.escalation import Ladder, Policy, Step, start
from shared.domain.incidents import Changed, Incident, State, over
from shared.domain.promises import recomputed
from shared.domain.severities import Severity, SeverityPromise, worst


class Weighed(StrEnum):
    """What a wish to change the severity came to."""

    RAISED = "severity raised"
    LOWERED = "severity lowered"
    NO_REASON = "say why"
    THE_SAME = "it has this severity already"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a severity brings with it: whom it tells, in which order, and what it promises."""

    severity: Severity
    policy: Policy
    promise: SeverityPromise


@dataclass(frozen=True, slots=True)
class Reweighed:
    """The transition, and the steps to tell in the same commit (none when it was lowered or refused)."""

    changed: Changed
    steps: tuple[Step, ...] = ()


def raised_to(
    severity: Severity, incident: Incident, policy: Policy, now: datetime
) -> tuple[Incident, tuple[Step, ...]]:
    """The worse incident and the steps to tell: its owner keeps it, but a mitigation that got worse holds no more."""
    ladder, steps = start(policy, now)
    kept = incident.state is State.ACKNOWLEDGED
    if kept:
        ladder, steps = Ladder(ladder.policy, step=ladder.step), steps[:1]
    raised = replace(
        incident,
        state=State.ACKNOWLEDGED if kept else State.TRIGGERED,
        owner=incident.owner if kept else "",
        acknowledged_at=incident.acknowledged_at if kept else None,
        ack_expires_at=incident.ack_expires_at if kept else None,
        severity=severity,
        lowered_from=None,
        ladder=ladder,
        due_at=incident.ack_expires_at if kept else ladder.next_at,
        last_told_at=now,
        storm="",
        held="",
        held_by="",
        revision=incident.revision + 1,
    )
    return raised, steps


def reweigh(incident: Incident, by: By, terms: Terms, reason: str) -> Reweighed:
    """Somebody judges the severity; a reason is a must. Promises are counted from the incident's start.

    Up tells people as a rise by signals does. Down, the chain of the lower severity goes on from as many steps as were
    taken, and signals raise it again only beyond the severity it was lowered from.
    """
    why = noted_text(reason)
    refused = _refusal(incident, terms.severity, why)
    if refused is not None:
        return Reweighed(Changed(incident, refused))
    is_up = terms.severity.rank > incident.severity.rank
    outcome = Weighed.RAISED if is_up else Weighed.LOWERED
    steps: tuple[Step, ...] = ()
    if is_up:
        after, steps = raised_to(terms.severity, incident, terms.policy, by.now)
    else:
        after = _lowered(incident, terms, by.now)
    entry = by.entry("raised" if is_up else "lowered", outcome, f"{incident.severity} -> {terms.severity}: {why}")
    return Reweighed(Changed(recomputed(after, terms.promise, by.now), outcome, (entry,)), steps)


def _lowered(incident: Incident, terms: Terms, now: datetime) -> Incident:
    ladder = incident.ladder
    step = min(ladder.step, len(terms.policy.steps))
    fresh, _ = start(terms.policy, now)
    runs = ladder.next_at is not None
    calmer = replace(
        fresh,
        step=step,
        next_at=_next_at(terms.policy, step, now) if runs else None,
        last_resort_told=ladder.last_resort_told,
    )
    return replace(
        incident,
        severity=terms.severity,
        lowered_from=worst(incident.severity, incident.lowered_from or incident.severity),
        ladder=calmer,
        due_at=calmer.next_at if runs else incident.due_at,
        revision=incident.revision + 1,
    )


def _next_at(policy: Policy, step: int, now: datetime) -> datetime:
    wait = policy.steps[step].after if 0 < step < len(policy.steps) else policy.repeat_every
    return policy.elapsed_at(now, wait)


def _refusal(incident: Incident, to: Severity, why: str) -> str | None:
    if not incident.state.is_open:
        return over(incident)
    if to is incident.severity:
        return Weighed.THE_SAME
    return None if why else Weighed.NO_REASON
