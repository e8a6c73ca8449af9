"""The audit's compliance: each control of system_audit.yaml, evaluated from our own records, with its evidence."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from shared.domain.audits import Check, Control
from shared.domain.breaches import filing
from shared.domain.figures import Span
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.domain.maintenance import NOTICE
from shared.domain.oncall import shifts
from shared.domain.reviews import month_of
from shared.usecases.continuity import last_continuity_review
from shared.usecases.jobs.audit_security import BAD_FILING, breaches_of
from shared.usecases.jobs.auditor import ALERT, Auditor, day
from shared.usecases.monthly_review import review_of
from shared.usecases.present import present
from shared.usecases.seal_records import noted_seals, read_seal, seal_name
from shared.usecases.verify import verify
from shared.usecases.window_records import windows

log = logging.getLogger(__name__)

NO_EVIDENCE = "no evidence"
SOME = 3  # names of what is wrong that are told


@dataclass(frozen=True, slots=True)
class Evidenced:
    """What a control rests on: `pointer` names the record (a run, a seal, an incident), `at` is when it says so.

    Without a pointer there is no evidence.
    """

    is_met: bool = False
    words: str = ""
    pointer: str = ""
    at: datetime | None = None
    raised: bool = False

    @property
    def verdict(self) -> Verdict:
        """What is not known is neither met nor missed."""
        if not self.pointer or self.at is None:
            return Verdict.WARN
        return Verdict.PASS if self.is_met else Verdict.FAIL


def compliance(auditor: Auditor, run: Run) -> StepResult:
    """The checklist; the evidence is a line for each control."""
    controls = auditor.config.audit.controls
    if not controls:
        return StepResult("", Verdict.SKIPPED, "system_audit.yaml names no control under compliance")
    found = {one: _looked_at(one, auditor, run.at) for one in controls}
    met = sum(one.verdict is Verdict.PASS for one in found.values())
    evidence = {control.id: _line(one) for control, one in found.items()}
    findings = [_finding(control, one) for control, one in found.items() if one.verdict is not Verdict.PASS]
    made = result_of(findings, reason=f"{met} controls are met", controls=len(found), met=met, **evidence)
    return replace(made, raised=any(one.raised for one in found.values()))


def _looked_at(control: Control, auditor: Auditor, now: datetime) -> Evidenced:
    """One that cannot be looked at keeps none of the others back, and takes nothing back itself."""
    try:
        return CHECKS[control.check](control, auditor, now)
    except Exception as error:  # whatever it is, the control has no evidence
        log.exception("a control could not be looked at", extra={"control": control.id})
        return Evidenced(words=f"could not be looked at ({type(error).__name__})", raised=True)


def _finding(control: Control, one: Evidenced) -> Finding:
    stands = NO_EVIDENCE if one.verdict is Verdict.WARN else "not so"
    what = f"{control.about}: {stands}{f', {one.words}' if one.words else ''}"
    return Finding(f"compliance/{control.id}", what, one.verdict, f"see {one.pointer or control.check}", ALERT)


def _line(one: Evidenced) -> str:
    if not one.pointer or one.at is None:
        return f"{one.verdict}: {NO_EVIDENCE}{f', {one.words}' if one.words else ''}"
    return f"{one.verdict}: {one.pointer} at {day(one.at)}"


def record_verified(control: Control, auditor: Auditor, now: datetime) -> Evidenced:
    """The whole record as it was written, and its newest seal young enough."""
    seq = noted_seals(auditor.store).seq
    seal = read_seal(auditor.seals, seq) if seq else None
    found = verify(store=auditor.store, objects=auditor.seals)
    if found.faults:
        names = ", ".join(one.record for one in found.faults[:SOME])
        return Evidenced(words=f"{len(found.faults)} fault(s): {names}", pointer="soukmon verify", at=now)
    try:
        at = datetime.fromisoformat(str((seal or {}).get("at", "")))
    except ValueError:
        return Evidenced(words="the record was never sealed")
    return _aged(control, seal_name(seq), at, now)


def job_passed(control: Control, auditor: Auditor, now: datetime) -> Evidenced:
    """The newest run that looked: it found nothing broken, and is young enough."""
    for run in auditor.runs(control.job, before=now):
        looked = [one for one in run.results if one.step == (control.step or one.step) and one.has_looked]
        if not looked or run.finished_at is None:
            continue
        failed = [one.step for one in looked if one.verdict is Verdict.FAIL]
        if failed:
            return Evidenced(words=f"{run.id} failed at {', '.join(failed)}", pointer=run.id, at=run.finished_at)
        return _aged(control, run.id, run.finished_at, now)
    return Evidenced(words=f"{control.job} has not looked yet")


def breach_clocks_met(control: Control, auditor: Auditor, now: datetime) -> Evidenced:
    """Every breach whose clock ran in the span was reported in time, or its clock still runs."""
    found = breaches_of(Span(now - control.within, now), auditor.store)
    late = [one for one in found if filing(one, now) in BAD_FILING]
    if late:
        first = late[0]
        return Evidenced(words=f"{first.id}: {filing(first, now)}", pointer=first.id, at=first.regulator_at)
    return Evidenced(is_met=True, pointer=f"{len(found)} breach(es) on record", at=now)


def on_call_covered(control: Control, auditor: Auditor, now: datetime) -> Evidenced:
    """Each rotation has somebody at every instant of the span to come."""
    directory = present(auditor.config, store=auditor.store, now=now).directory
    duties = {name: shifts(directory, name, now, now + control.within) for name in directory.rotations}
    gaps = [(one.start, name) for name, found in duties.items() for one in found if one.person is None]
    if gaps:
        at, name = min(gaps)
        return Evidenced(words=f"nobody is on call in {name} from {day(at)}", pointer=name, at=at)
    if not duties:
        return Evidenced(words="there is no rotation")
    return Evidenced(is_met=True, pointer=f"rotations {', '.join(duties)}, {control.within.days} days ahead", at=now)


def post_mortems_in_time(control: Control, auditor: Auditor, now: datetime) -> Evidenced:
    """None is overdue, none of the span was completed late, and every incident that asks for one has one."""
    late = {
        one.incident for one in review_of(month_of(now), config=auditor.config, store=auditor.store, now=now).overdue
    }
    looked = 0
    for month in {month_of(now - control.within), month_of(now)}:
        for incident, kept in review_of(month, config=auditor.config, store=auditor.store, now=now).ended:
            looked += 1
            if kept is not None and kept.completed_at is not None and kept.completed_at > kept.due_at:
                late.add(incident.id)
    if late:
        names = ", ".join(sorted(late)[:SOME])
        return Evidenced(words=f"{len(late)} not in time: {names}", pointer=names, at=now)
    return Evidenced(is_met=True, pointer=f"{looked} incident(s) that ask for one", at=now)


def secrets_rotated(control: Control, auditor: Auditor, now: datetime) -> Evidenced:
    """By the days that system_audit.yaml has, the oldest counts."""
    rotated = auditor.config.audit.rotated
    if not rotated:
        return Evidenced(words="system_audit.yaml has no day under rotated")
    made, name = min((made, name) for name, made in rotated.items())
    return _aged(control, name, datetime.combine(made, time(), UTC), now)


def windows_announced(control: Control, auditor: Auditor, now: datetime) -> Evidenced:
    """Planned windows that began in the span were on record 24 hours before; emergencies need not be."""
    since = now - control.within
    began = [one for one in windows(auditor.store, since=since) if since <= one.start <= now and not one.is_cancelled]
    planned = [one for one in began if not one.emergency]
    for one in planned:
        told = one.announced_at or one.created_at
        if told is None:
            return Evidenced(words=f"nobody knows when {one.id} was announced")
        if one.start - told < NOTICE:
            words = f"{one.id} was announced {day(told)} for {day(one.start)}"
            return Evidenced(words=words, pointer=one.id, at=one.start)
    names = ", ".join(one.id for one in planned[:SOME]) or "no planned window"
    return Evidenced(is_met=True, pointer=names, at=max((one.start for one in planned), default=now))


def continuity_reviewed(control: Control, auditor: Auditor, now: datetime) -> Evidenced:
    """The newest review that is on record."""
    at = last_continuity_review(auditor.store)
    if at is None:
        return Evidenced(words="the continuity plan was never reviewed")
    return _aged(control, "continuity review", at, now)


def _aged(control: Control, pointer: str, at: datetime, now: datetime) -> Evidenced:
    age = now - at
    words = f"the newest is {age // timedelta(hours=1)} hours old" if age > control.within else ""
    return Evidenced(is_met=not words, words=words, pointer=pointer, at=at)


CHECKS: Mapping[Check, Callable[[Control, Auditor, datetime], Evidenced]] = {
    Check.RECORD_VERIFIED: record_verified,
    Check.JOB_PASSED: job_passed,
    Check.BREACH_CLOCKS_MET: breach_clocks_met,
    Check.ON_CALL_COVERED: on_call_covered,
    Check.POST_MORTEMS_IN_TIME: post_mortems_in_time,
    Check.SECRETS_ROTATED: secrets_rotated,
    Check.WINDOWS_ANNOUNCED: windows_announced,
    Check.CONTINUITY_REVIEWED: continuity_reviewed,
}
