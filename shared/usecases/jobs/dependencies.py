"""Security scan, step "dependencies": what is really installed, against what is known of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shared.domain.advisories import Danger, Exposure, exposures
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.domain.pinned import Lock, Pin, pins_of
from shared.domain.security_plan import SecurityPlan
from shared.errors import SourceError
from shared.ports import Advisories, DeployedLocks, StateStore
from shared.usecases.jobs.known_vulnerabilities import Known, ask
from shared.usecases.jobs.versions import ORDERED

ALERT = "vulnerability"
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Exposed:
    """What the scan of dependencies reaches; `sources` are lock files of what runs."""

    plan: SecurityPlan
    advisories: Advisories
    sources: tuple[DeployedLocks, ...]
    store: StateStore


def dependencies(scan: Exposed, run: Run) -> StepResult:
    """Every pin of every lock file. A serious vulnerability fails; a lesser one, or an old answer, is a warning."""
    locks, findings = _locks(scan)
    pins = sorted({pin for lock in locks for pin in pins_of(lock)})
    if not pins and not findings:
        return StepResult("", Verdict.SKIPPED, "no lock file of what runs can be read here")
    found: list[Exposure] = []
    for ecosystem, ordered in ORDERED.items():
        if mine := [pin for pin in pins if pin.ecosystem == ecosystem]:
            known = ask(mine, scan.advisories, scan.store, run.at, keep=not run.is_dry)
            found += [one for pin, advisories in known.of.items() for one in exposures(pin, advisories, ordered)]
            findings += _freshness(ecosystem, known, scan.plan)
    findings += [_finding(one, scan.plan, run.at.date()) for one in found]
    nothing_asked = bool(pins) and all(one.subject.startswith("osv/") for one in findings) and not found
    if nothing_asked and all(one.verdict is Verdict.SKIPPED for one in findings):
        return StepResult("", Verdict.SKIPPED, "; ".join(one.what for one in findings))
    return result_of(findings, packages=len(pins), vulnerabilities=len(found), locks=len(locks))


def _locks(scan: Exposed) -> tuple[list[Lock], list[Finding]]:
    locks: list[Lock] = []
    findings: list[Finding] = []
    for source in scan.sources:
        try:
            locks += source.locks()
        except SourceError as error:
            findings.append(Finding("locks", f"a lock file was not looked at: {error}", Verdict.WARN))
    return locks, findings


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
    """How old the answers are, and about what there are none."""
    subject, fix = f"osv/{ecosystem}", "see that api.osv.dev can be reached from here"
    if known.unknown:
        names = _named(known.unknown)
        worth = Verdict.WARN if known.of else Verdict.SKIPPED
        yield Finding(subject, f"{known.because}; nothing is known here about {names}", worth, fix)
    if known.age is None:
        return
    days = known.age.total_seconds() / 86_400
    verdict = Verdict.WARN if known.age > plan.fresh_for else Verdict.PASS
    yield Finding(subject, f"{known.because}; answered from what was known {days:.1f} days ago", verdict, fix)


def _named(pins: tuple[Pin, ...]) -> str:
    more = f" and {len(pins) - SHOWN} more" if len(pins) > SHOWN else ""
    return ", ".join(pin.name for pin in pins[:SHOWN]) + more
