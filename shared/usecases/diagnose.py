"""Topic diagnoses -> what stands out about an incident, on its record and in one message of its thread."""

import logging
from dataclasses import replace
from datetime import datetime

from shared.domain.configuration import Configuration
from shared.domain.diagnoses import (
    Answered,
    Diagnosis,
    Finding,
    Measure,
    Probe,
    Telling,
    is_to_be_diagnosed,
    is_under_way,
    may_start,
    telling,
)
from shared.domain.incidents import Incident, TimelineEntry
from shared.errors import ByteCapError, ConflictError, NotMeasuredError, NotYetError
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Create, Document, Put, Replace, StateStore, Write
from shared.ports.warehouse import PlatformMetrics, Warehouse
from shared.usecases import probes
from shared.usecases.commits import committed
from shared.usecases.diagnosing import DIAGNOSES
from shared.usecases.outbox import publish_planned
from shared.usecases.planning import Planned, plan_diagnosis
from shared.usecases.probing import Asked, ask_all
from shared.usecases.records import body_of, incident_writes, notifications_of, read_incident, value_of

EVENT = "diagnosed"

log = logging.getLogger(__name__)


def diagnose(
    name: str,
    due_at: datetime,
    *,
    config: Configuration,
    warehouse: Warehouse,
    platform: PlatformMetrics,
    store: StateStore,
    publisher: Publisher,
    clock: Clock,
) -> Diagnosis | None:
    """Diagnose an incident, at most once in the pause; None when it is over, was done, or nothing is to be asked.

    Raises NotYetError before `due_at`, and while somebody else is at it (who may be cut off).
    """
    if clock.now() < due_at:
        raise NotYetError("a diagnosis waits for the page to be out")
    found = read_incident(store, name)
    asked = config.diagnostics.probes_for(found[0].alert_type) if found else ()
    if found is None or not asked or not is_to_be_diagnosed(found[0], None):
        return None
    begun = _claimed(name, config, store, clock.now())
    if begun is None:
        return None
    sources = probes.Sources(config, warehouse, platform, store)
    scene = probes.scene(found[0], config.diagnostics, sources, begun.started_at)
    limits = {probe: config.diagnostics.limit_of(probe) for probe in asked}
    answers = ask_all({probe: probes.question(probe, scene) for probe in asked}, limits)
    findings = tuple(_finding(probe, answers[probe]) for probe in asked)
    done = replace(begun, finished_at=clock.now(), since=scene.since, findings=findings)
    committed(lambda: _keep(done, store, publisher, clock.now()))
    return done


def _claimed(name: str, config: Configuration, store: StateStore, now: datetime) -> Diagnosis | None:
    """A diagnosis that is ours to make; None when there is one, or somebody was faster."""
    document = store.get(DIAGNOSES, name)
    last = value_of(document, Diagnosis) if document else None
    if is_under_way(last, config.diagnostics, now):
        raise NotYetError("somebody is at it")
    if not may_start(last, config.diagnostics, now):
        return None
    mine = Diagnosis(name, now)
    try:
        store.commit([_begun(mine, document)])
    except ConflictError as error:
        raise NotYetError("somebody was faster") from error
    return mine


def _begun(mine: Diagnosis, document: Document | None) -> Write:
    if document is None:
        return Create(DIAGNOSES, mine.incident, body_of(mine))
    return Replace(DIAGNOSES, mine.incident, body_of(mine), document.version)


def _finding(probe: Probe, asked: Asked[probes.Answer]) -> Finding:
    """The probe's answer, or why there is none; an error's text is the engine's own, without data."""
    error = asked.error
    if error is not None:
        if isinstance(error, NotMeasuredError):
            return Finding(probe, Answered.NOT_HERE, detail=str(error))
        outcome = Answered.BYTE_CAP if isinstance(error, ByteCapError) else Answered.FAILED
        log.warning("a probe failed", extra={"probe": probe, "reason": type(error).__name__})
        return Finding(probe, outcome, detail=type(error).__name__)
    if asked.answer is None:
        return Finding(probe, Answered.NO_TIME)
    answered = Answered.ANSWERED if asked.answer.parts else Answered.NOTHING
    return Finding(probe, answered, asked.answer.measure, asked.answer.parts)


def _keep(done: Diagnosis, store: StateStore, publisher: Publisher, now: datetime) -> None:
    """One attempt to commit the result, its line on the record, and its message."""
    found = read_incident(store, done.incident)
    if found is None or found[0].restricted:
        return  # it was declared a breach meanwhile: what was found may say too much
    incident, version = replace(found[0], revision=found[0].revision + 1), found[1]
    planned = _planned(incident, store, now)
    entry = TimelineEntry(now, EVENT, _reason(done), detail=line(done))
    store.commit(
        [Put(DIAGNOSES, done.incident, body_of(done)), *incident_writes(incident, [entry], version), *planned.writes]
    )
    publish_planned(publisher, planned.rows, now)


def _planned(incident: Incident, store: StateStore, now: datetime) -> Planned:
    """Nothing is said of what is over, or of what is held back while something mutes it."""
    if not incident.state.is_open or incident.held:
        return Planned()
    return plan_diagnosis(incident, notifications_of(store, incident.id), now=now)


def _reason(done: Diagnosis) -> str:
    blind, asked = len(done.blind), len(done.findings)
    return f"{asked - blind} of {asked} probes answered"


def line(done: Diagnosis) -> str:
    """What stands out, for the record: "failing routes: POST /v1/orders 92 (usually 8)"."""
    told = [f"{one.probe.replace('_', ' ')}: {_figured(one)}" for one in telling(done.findings)]
    return "; ".join(told) or "nothing stands out"


def _figured(one: Telling) -> str:
    if one.measure is Measure.FACT:
        return one.part.name
    unit = "" if one.measure is Measure.LEVEL else " %"
    usual = "" if one.part.usual is None else f" (usually {one.part.usual:.0f}{unit})"
    return f"{one.part.name} {one.part.now:.0f}{unit}{usual}"
