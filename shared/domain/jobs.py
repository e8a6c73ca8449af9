"""Maintenance jobs: what each is made of, what came of a run, and whether one may begin, go on or has to wait.

A job is a list of steps. Each step's result is kept before the next one begins, so that a run that was cut off goes on
where it stood; a run holds a lease, so that nobody begins beside it, and locks, so that no other job touches the same.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Verdict(StrEnum):
    """What a step found."""

    PASS = "pass"  # noqa: S105 - a verdict
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"  # with a reason: there was nothing to look at, or no permission to

    @property
    def rank(self) -> int:
        """How bad it is; what was skipped says nothing."""
        return {Verdict.SKIPPED: 0, Verdict.PASS: 1, Verdict.WARN: 2, Verdict.FAIL: 3}[self]


class Where(StrEnum):
    """When a job may run: whatever windows there are, inside a maintenance window only, or never inside one."""

    ANYWHERE = "anywhere"
    INSIDE = "inside"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class JobPlan:
    """A job as jobs.yaml has it: when (a cron line in Egypt's time), how long at most, and what it works on.

    Two jobs that share a lock never run at the same time; of those due together the earlier in the file goes first.
    """

    name: str
    at: str
    steps: tuple[str, ...]
    budget: timedelta = timedelta(minutes=30)
    locks: tuple[str, ...] = ()
    where: Where = Where.ANYWHERE


FIRST = timedelta(days=1)  # what came due longer ago than this belongs to a time in which there was no such job
JOB_FAILED = "job_failed"  # the alert of whatever has none of its own


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a step found, by the name of what is concerned ("backups/2026-03-10"), and how to mend it.

    One that is FAIL is told as the alert "soukmon.<alert>" of its subject; a WARN stands in the run, and in reports.
    """

    subject: str
    what: str
    verdict: Verdict = Verdict.FAIL
    fix: str = ""
    alert: str = JOB_FAILED


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a step found: `reason` in words, `evidence` as data ("bytes": 1024); `took` in seconds.

    `has_looked` is False for a step that could not look (it raised, was skipped, or its run was over before it): it
    takes nothing back that an earlier run has told.
    """

    step: str
    verdict: Verdict
    reason: str = ""
    evidence: Mapping[str, str | int | float | None] = field(default_factory=dict)
    took: float = 0.0
    findings: tuple[Finding, ...] = ()
    raised: bool = False

    @property
    def has_looked(self) -> bool:
        """True when what it does not name is well."""
        return self.verdict is not Verdict.SKIPPED and not self.raised


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An alert that a job has told and not taken back: which, about what, and the step that looks at it."""

    alert: str
    subject: str
    step: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `occurrence` is the instant that it was due at; None for one that somebody started by hand.

    Until `lease_until` nobody else may go on with it.
    """

    job: str
    occurrence: datetime | None
    started_at: datetime
    lease_until: datetime
    by: str = ""
    results: tuple[StepResult, ...] = ()
    finished_at: datetime | None = None
    is_dry: bool = False
    open: tuple[OpenAlert, ...] = ()  # after it; filled in when it ends

    @property
    def at(self) -> datetime:
        """The instant that it is about: when it was due, or when somebody started it."""
        return self.occurrence or self.started_at

    @property
    def id(self) -> str:
        """Its name: a due run has one, so that it cannot begin twice."""
        return f"{self.job}-{self.at:%Y%m%dT%H%M%SZ}" + ("" if self.occurrence else "-by-hand")

    @property
    def verdict(self) -> Verdict:
        """The worst of its steps; FAIL for a finished run that did not get to the end of its steps."""
        return max((one.verdict for one in self.results), key=lambda one: one.rank, default=Verdict.SKIPPED)

    @property
    def is_over(self) -> bool:
        """True when nothing more will come."""
        return self.finished_at is not None


class Next(StrEnum):
    """What is to be done about a job now."""

    BEGIN = "begin"
    RESUME = "resume"  # a run was cut off: its lease is over and it has not finished
    OVERDUE = "over its budget"  # it has had its time and is ended as failed
    RUNNING = "running"
    LOCKED = "waits for another job"
    WINDOW = "waits for its window"
    DONE = "nothing is due"


def next_of(
    plan: JobPlan, due: datetime, newest: Run | None, *, now: datetime, held: Collection[str] = (), in_window: bool
) -> Next:
    """What to do about the occurrence that was due last; `newest` is the newest due (never a forced) run of the job.

    `held` are the locks that other jobs hold now. A run by hand is no answer to the schedule, and does not count here.
    A job that has never run does not catch up the month before its installation.
    """
    if newest is not None and not newest.is_over:
        if now < newest.lease_until:
            return Next.RUNNING
        return Next.OVERDUE if now >= newest.started_at + plan.budget else Next.RESUME
    if newest is None and now - due > FIRST:
        return Next.DONE
    if newest is not None and newest.occurrence is not None and newest.occurrence >= due:
        return Next.DONE
    if plan.where is not Where.ANYWHERE and in_window is not (plan.where is Where.INSIDE):
        return Next.WINDOW
    return Next.LOCKED if set(plan.locks) & set(held) else Next.BEGIN


def left_of(plan: JobPlan, run: Run) -> tuple[str, ...]:
    """The steps that have no result yet, in order."""
    done = {one.step for one in run.results}
    return tuple(step for step in plan.steps if step not in done)


def with_result(run: Run, result: StepResult, *, lease_until: datetime) -> Run:
    """The run with one more result, and time for the next step."""
    return replace(run, results=(*run.results, result), lease_until=lease_until)


def ended(plan: JobPlan, run: Run, now: datetime) -> Run:
    """The run as over; what it did not get to is on record as failed, each step with the reason."""
    reason = f"the run had its {plan.budget} and did not get here"
    missing = tuple(StepResult(step, Verdict.FAIL, reason, raised=True) for step in left_of(plan, run))
    return replace(run, results=(*run.results, *missing), finished_at=now)
