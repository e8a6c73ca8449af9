"""The health check's steps: what visitors reach, our store, Firebase's services, and how far sources are."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from shared.domain.configuration import Configuration
from shared.domain.figures import Span
from shared.domain.jobs import Run, StepResult, Verdict
from shared.ports.outside import FirebaseServices
from shared.ports.platform import Clock
from shared.ports.probing import Prober
from shared.ports.store import Delete, Put, StateStore
from shared.ports.warehouse import Warehouse
from shared.usecases.figure_reading import Asked, read
from shared.usecases.jobs.firebase import firebase
from shared.usecases.jobs.running import Step
from shared.usecases.records import HEALTH, instant

ROUND_TRIP = "round-trip"
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at."""

    config: Configuration
    store: StateStore
    warehouse: Warehouse
    prober: Prober
    clock: Clock
    services: FirebaseServices


def health_steps(patient: Patient) -> Mapping[str, Step]:
    """The steps; none of them leaves anything behind."""
    steps = {
        "endpoints": endpoints,
        "database": database,
        "firebase": lambda patient: firebase(patient.services),
        "sources": sources,
    }
    return {name: partial(_step, step, patient) for name, step in steps.items()}


def endpoints(patient: Patient) -> StepResult:
    """Every address of status.yaml, fetched as a visitor would; the evidence is how many ms each took."""
    probes = [one for one in patient.config.status.probes.values() if one.url]
    found = {
        one.target: patient.prober.look(one.url, slow_after=one.slow_after, contains=one.contains, lacks=one.lacks)
        for one in probes
    }
    wrong = ", ".join(f"{target}: {probed.reason}" for target, probed in found.items() if probed.reason)
    took = {target: probed.latency_ms for target, probed in found.items()}
    if not probes:
        return StepResult("endpoints", Verdict.SKIPPED, "status.yaml names no address")
    return StepResult("endpoints", Verdict.FAIL if wrong else Verdict.PASS, wrong, took)


def database(patient: Patient) -> StepResult:
    """A document is written, read back and deleted; the evidence is how many ms that took."""
    since, written = time.monotonic(), {"at": instant(patient.clock.now())}
    patient.store.commit([Put(HEALTH, ROUND_TRIP, written)])
    found = patient.store.get(HEALTH, ROUND_TRIP)
    took = {"ms": round(1_000 * (time.monotonic() - since), 1)}
    if found is None or found.body != written:
        return StepResult("database", Verdict.FAIL, "what was written did not come back", took)
    patient.store.commit([Delete(HEALTH, ROUND_TRIP)])
    return StepResult("database", Verdict.PASS, evidence=took)


def sources(patient: Patient) -> StepResult:
    """How many minutes each source is behind; one that is later than all of its metrics allow is a warning."""
    now, config = patient.clock.now(), patient.config
    fed = [metric for metric in config.metrics.values() if metric.source in config.sources and metric.freshness]
    asked = Asked(Span(now - AN_HOUR, now), Span(now - AN_HOUR, now - AN_HOUR), 60)
    found = read(fed, asked, config=config, warehouse=patient.warehouse, now=now)
    if found.failed:
        return StepResult(
            "sources", Verdict.FAIL, f"the warehouse did not answer about {', '.join(sorted(found.failed))}"
        )
    patience = {name: max(one.freshness for one in fed if one.source == name) for name in {one.source for one in fed}}
    behind = {name: now - found.watermarks[name] for name in patience if name in found.watermarks}
    late = sorted(name for name in patience if name not in behind or behind[name] > patience[name])
    minutes = {name: None if name not in behind else round(behind[name] / timedelta(minutes=1)) for name in patience}
    reason = f"late: {', '.join(late)}" if late else ""
    return StepResult("sources", Verdict.WARN if late else Verdict.PASS, reason, minutes)


def _step(step: Callable[[Patient], StepResult], patient: Patient, run: Run) -> StepResult:
    del run  # nothing is changed, dry or not
    return step(patient)
