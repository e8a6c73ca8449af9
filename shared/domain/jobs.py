"""Maintenance jobs: what each is made of, what came of a run, and whether one may begin, go on or has to wait.

A job is a list of steps. Each step's result is kept before the next one begins, so that a run that was cut off goes on
where it stood; a run holds a lease, so that nobody begins beside it, and locks, so that no other job touches the same.
"""

from collections.abc import Collection, Iterable, Mapping
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


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a step found: `reason` in words, `evidence` as data ("bytes": 1024); `took` in seconds."""

    step: str
    verdict: Verdict
    reason: str = ""
    evidence: Mapping[str, str | int | float | None] = field(default_factory=dict)
    took: float = 0.0


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

    @property
    def id(self) -> str:
        """Its name: a due run has one, so that it cannot begin twice."""
        at = self.occurrence or self.started_at
        return f"{self.job}-{at:%Y%m%dT%H%M%SZ}" + ("" if self.occurrence else "-by-hand")

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
    """
    if newest is not None and not newest.is_over:
        if now < newest.lease_until:
            return Next.RUNNING
        return Next.OVERDUE if now >= newest.started_at + plan.budget else Next.RESUME
    if newest is not None and newest.occurrence is not None and newest.occurrence >= due:
        return Next.DONE
    if plan.where is not Where.ANYWHERE and in_window is not (plan.where is Where.INSIDE):
        return Next.WINDOW
    return Next.LOCKED if set(plan.locks) & set(held) else Next.BEGIN


def locks_held(runs: Iterable[Run], plans: Mapping[str, JobPlan], *, beside: str) -> frozenset[str]:
    """The locks of all runs that are not over, but for those of the job itself."""
    going = (one.job for one in runs if not one.is_over and one.job != beside and one.job in plans)
    return frozenset(lock for name in going for lock in plans[name].locks)


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
    missing = tuple(StepResult(step, Verdict.FAIL, reason) for step in left_of(plan, run))
    return replace(run, results=(*run.results, *missing), finished_at=now)
