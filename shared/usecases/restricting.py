"""What a decision about a signal becomes where it is, or may be, a breach: sealed, declared, or proposed."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.breaches import Breach, Said, declared
from shared.domain.bulletins import Bulletin, BulletinKind
from shared.domain.configuration import Configuration
from shared.domain.grouping import Verdict
from shared.domain.incidents import Incident, TimelineEntry
from shared.domain.notifications import Channel, Notification, Recipient
from shared.domain.procedure_runs import without_words
from shared.domain.restricted import PROCEDURE, ResponseTeam, sealed
from shared.domain.rules import EventRule
from shared.domain.severities import Severity
from shared.domain.signals import TEST_SOURCE, Signal, digest
from shared.ports.store import Create, Delete, Put, Query, Replace, StateStore, Write
from shared.rendering import breach as rendering
from shared.usecases.breach_records import (
    BREACHES,
    SEALED,
    SOUKMON,
    breach_body,
    details_write,
    sealed_details,
    signal_kept,
)
from shared.usecases.bulletins import plan_bulletin
from shared.usecases.diagnosing import DIAGNOSES
from shared.usecases.procedures import run_body, runs_of
from shared.usecases.records import BULLETINS, PROCEDURES, TASKS

MOST_TASKS = 200
TASK_WITHOUT_WORDS = "see the record of the response team"


@dataclass(frozen=True, slots=True)
class Kept:
    """The decision as it may be committed and told, with the writes and messages that go along."""

    verdict: Verdict
    writes: tuple[Write, ...] = ()
    rows: tuple[Notification, ...] = ()


def kept(
    verdict: Verdict, signal: Signal, rule: EventRule, *, config: Configuration, store: StateStore, now: datetime
) -> Kept:
    """Seal what a restricted incident has learned, declare what is critical, propose what is less."""
    incident = verdict.incident
    if incident is None or signal.source == TEST_SOURCE or not (incident.restricted or rule.procedure == PROCEDURE):
        return Kept(verdict)
    evidence = signal_kept(signal, incident.id, now)
    if incident.restricted:
        return Kept(
            _sealed_again(verdict, incident), (evidence, details_write(incident, sealed_details(store, incident.id)))
        )
    if verdict.steps and incident.severity is Severity.CRITICAL:
        made = declared(incident.id, SOUKMON, detected_at=incident.started_at, now=now)
        return _declared(verdict, incident, made, (evidence, *hiding_writes(incident, store)))
    if verdict.steps and incident.severity.rank >= Severity.HIGH.rank and config.response_team.channel:
        rows, writes = proposed(incident, signal, config.response_team, store, now)
        return Kept(verdict, (evidence, *writes), rows)
    return Kept(verdict, (evidence,))


def restriction_writes(incident: Incident, made: Breach) -> list[Write]:
    """What creates a breach beside its incident, whose details move out of it in the same commit."""
    return [Create(BREACHES, made.id, breach_body(made)), details_write(incident, None)]


def hiding_writes(incident: Incident, store: StateStore) -> list[Write]:
    """What others wrote about an incident before it was declared moves to the sealed record, or loses its words."""
    writes: list[Write] = []
    found = store.get(DIAGNOSES, incident.id)
    if found is not None:
        writes += [Put(SEALED, f"{incident.id}-diagnosis", found.body), Delete(DIAGNOSES, incident.id)]
    for run in runs_of(store, incident.id):
        writes.append(Put(PROCEDURES, run.id, run_body(without_words(run))))
    for row in store.find(Query(TASKS, equal={"incident": incident.id}, order_by="created_at", limit=MOST_TASKS)):
        writes.append(Replace(TASKS, row.id, {**row.body, "text": TASK_WITHOUT_WORDS}, row.version))
    return writes


def proposed(
    incident: Incident, signal: Signal, team: ResponseTeam, store: StateStore, now: datetime
) -> tuple[tuple[Notification, ...], list[Write]]:
    """The question to the response team, in its channel alone; once for an incident."""
    name = f"breach-proposed-{digest(incident.id, size=6)}"
    if store.get(BULLETINS, name) is not None:
        return (), []
    asked = Bulletin(name, BulletinKind.NOTICE, now, rendering.proposal(incident.id, signal), about=(incident.id,))
    return plan_bulletin(asked, [Recipient(team.target, Channel.SLACK)], severity=Severity.HIGH)


def _sealed_again(verdict: Verdict, incident: Incident) -> Verdict:
    return replace(verdict, incident=sealed(incident, incident.restricted))


def _declared(verdict: Verdict, incident: Incident, made: Breach, more: tuple[Write, ...]) -> Kept:
    entry = TimelineEntry(made.declared_at, "breach declared", Said.DECLARED, SOUKMON)
    sealed_verdict = replace(verdict, incident=sealed(incident, made.code), entries=(*verdict.entries, entry))
    return Kept(sealed_verdict, (*more, *restriction_writes(incident, made)))
