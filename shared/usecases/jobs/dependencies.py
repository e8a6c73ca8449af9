"""Security scan, step "dependencies": what is really installed, against what is known of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from shared.domain.advisories import Danger, Exposure, exposures
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.domain.pinned import Pin, pins_of
from shared.domain.security_plan import SecurityPlan
from shared.errors import SourceError
from shared.ports.security import Advisories, DeployedLocks
from shared.ports.store import StateStore
from shared.usecases.jobs.known_vulnerabilities import Known, ask
from shared.usecases.jobs.versions import ORDERED

ALERT = "vulnerability"
SHOWN = 5
DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Exposed:
    """What the scan of dependencies reaches; `sources` are lock files of what runs."""

    plan: SecurityPlan
    advisories: Advisories
    sources: tuple[DeployedLocks, ...]
    store: StateStore


def dependencies(scan: Exposed, run: Run) -> StepResult:
    """Every pin of every lock file. A serious vulnerability fails; a lesser one, or an old answer, is a warning.

    What could not be looked at is a warning too, and what was told earlier stays told.
    """
    pins, blind = _pins(scan)
    found: list[Exposure] = []
    findings: list[Finding] = []
    answered = 0
    for ecosystem, ordered in ORDERED.items():
        if mine := sorted(pin for pin in pins if pin.ecosystem == ecosystem):
            known = ask(mine, scan.advisories, scan.store, run.at, keep=not run.is_dry)
            answered += len(mine) - len(known.unknown)
            found += [one for pin, advisories in known.of.items() for one in exposures(pin, advisories, ordered)]
            findings += _freshness(ecosystem, known, scan.plan)
            blind |= _unanswered(ecosystem, known)
    if not answered:
        return StepResult("", Verdict.SKIPPED, "; ".join(blind.values()) or "no lock file of what runs is here")
    found.sort(key=lambda one: (-one.danger.rank, one.pin, one.id))
    findings += [_finding(one, scan.plan, run.at.date()) for one in found]
    findings += [Finding(subject, what, Verdict.WARN) for subject, what in blind.items()]
    result = result_of(findings, packages=len(pins), vulnerabilities=len(found))
    return replace(result, raised=bool(blind))


def _pins(scan: Exposed) -> tuple[frozenset[Pin], dict[str, str]]:
    """The pins of all locks, and what could not be read."""
    pins: set[Pin] = set()
    blind: dict[str, str] = {}
    for number, source in enumerate(scan.sources):
        try:
            pins |= {pin for lock in source.locks() for pin in pins_of(lock)}
        except (SourceError, ValueError) as error:
            said = str(error) if isinstance(error, SourceError) else "it is no lock file"
            blind[f"lock/{number}"] = f"a lock file was not looked at: {said}"
    return frozenset(pins), blind


def _finding(one: Exposure, plan: SecurityPlan, today: date) -> Finding:
    subject = f"{one.pin.ecosystem}/{one.pin.name}/{one.id}"
    what = f"{one.pin.name} {one.pin.version} has {one.id} ({one.danger}): {one.summary or 'without a summary'}"
    fix = (
        f"update {one.pin.name} to {one.fixed}" if one.fixed else "there is no version without it yet: see the advisory"
    )
    borne = plan.exception(one.names)
    if borne is not None and today <= borne.until:
        return Finding(subject, f"{what}; borne until {borne.until}: {borne.because}", Verdict.PASS, fix, ALERT)
    if borne is not None:
        what += f"; it was borne until {borne.until}"
    serious = one.danger.rank >= Danger.HIGH.rank
    return Finding(subject, what, Verdict.FAIL if serious else Verdict.WARN, fix, ALERT)


def _freshness(ecosystem: str, known: Known, plan: SecurityPlan) -> Iterator[Finding]:
    """How old the answers are that were not given now."""
    if known.age is not None:
        days = known.age.total_seconds() / DAY
        verdict = Verdict.WARN if known.age > plan.fresh_for else Verdict.PASS
        what = f"{known.because}; answered from what was known {days:.1f} days ago"
        yield Finding(f"osv/{ecosystem}", what, verdict, "see that api.osv.dev can be reached from here")


def _unanswered(ecosystem: str, known: Known) -> dict[str, str]:
    if not known.unknown:
        return {}
    more = f" and {len(known.unknown) - SHOWN} more" if len(known.unknown) > SHOWN else ""
    names = ", ".join(pin.name for pin in known.unknown[:SHOWN]) + more
    return {f"unknown/{ecosystem}": f"{known.because}; nothing is known here about {names}"}
