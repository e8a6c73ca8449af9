"""The clocks of a procedure: what each step promised, what it took, and whether that was kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.procedure_runs import Run, StepRun, StepState


class Verdict(StrEnum):
    """What became of a promised time."""

    MET = "met"
    MISSED = "missed"
    RUNNING = "running"
    NOT_BEGUN = "not begun"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Clock:
    """`promised` is the time the step has, `taken` what it took, both from `began_at`; None before its clock runs."""

    step: StepRun
    verdict: Verdict
    began_at: datetime | None = None
    promised: timedelta | None = None
    taken: timedelta | None = None


def clocks(run: Run, now: datetime) -> tuple[Clock, ...]:
    """The clock of every step, in their order, as they stand at `now`."""
    return tuple(_clock(one, now) for one in run.steps)


def _clock(one: StepRun, now: datetime) -> Clock:
    within = one.step.within
    if one.due_at is None or within is None:
        return Clock(one, Verdict.LEFT_OUT if one.state is StepState.SKIPPED else _without_a_clock(one))
    began_at = one.due_at - within
    taken = (one.settled_at or now) - began_at
    return Clock(
        one,
        _verdict(one, is_late=one.state is StepState.OVERDUE or taken > within),
        began_at,
        within,
        max(taken, timedelta(0)),
    )


def _verdict(one: StepRun, *, is_late: bool) -> Verdict:
    if one.state is StepState.SKIPPED:
        return Verdict.LEFT_OUT
    if is_late:
        return Verdict.MISSED
    return Verdict.MET if one.state is StepState.DONE else Verdict.RUNNING


def _without_a_clock(one: StepRun) -> Verdict:
    """A step that was done before its clock would have begun kept its promise."""
    return Verdict.MET if one.state is StepState.DONE else Verdict.NOT_BEGUN
