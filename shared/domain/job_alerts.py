"""What a job's findings mean for alerting: what is told now, what is over, and what stays open.

Each thing that is wrong is one alert with one identity, (alert, subject), whichever run finds it; it is over once the
step that found it has looked again and found it well. A step that did not get to look says nothing about it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from shared.domain.jobs import JOB_FAILED, Finding, OpenAlert, Run, StepResult, Verdict


@dataclass(frozen=True, slots=True)
class Told:
    """What a run has to say: alerts that fire (again), those that are over, and all that are open after it."""

    firing: tuple[tuple[OpenAlert, str], ...] = ()  # each with its title
    over: tuple[OpenAlert, ...] = ()
    open: tuple[OpenAlert, ...] = ()


def told(run: Run, before: Iterable[OpenAlert]) -> Told:
    """What a run that has ended says, given what was open before it; nothing for a dry one."""
    if run.is_dry:
        return Told(open=tuple(before))
    found = {OpenAlert(one.alert, one.subject, step): one.what for step, one in _bad(run)}
    looked = {one.step for one in run.results if one.has_looked}
    again = {(one.alert, one.subject) for one in found}
    others = [one for one in before if (one.alert, one.subject) not in again]
    over = tuple(one for one in others if one.step in looked)
    stay = tuple(one for one in others if one.step not in looked)
    return Told(tuple(found.items()), over, (*found, *stay))


def _bad(run: Run) -> Iterable[tuple[str, Finding]]:
    """What is to be told, the step with each; a step that failed without a finding is told as its own failure."""
    for result in run.results:
        bad = [one for one in result.findings if one.verdict is Verdict.FAIL]
        yield from ((result.step, one) for one in bad)
        if result.verdict is Verdict.FAIL and not bad:
            title = f"{run.job} failed at {result.step}: {result.reason}"
            yield result.step, Finding(f"{run.job}.{result.step}", title, alert=JOB_FAILED)


def result_of(findings: Iterable[Finding], *, reason: str = "", **evidence: str | float | None) -> StepResult:
    """A step's result made of what it found: as bad as the worst, and in words what each is. PASS for nothing.

    The running fills in the step's name.
    """
    found = tuple(findings)
    worst = max((one.verdict for one in found), key=lambda one: one.rank, default=Verdict.PASS)
    bad = "; ".join(one.what for one in found if one.verdict.rank > Verdict.PASS.rank)
    return replace(StepResult("", worst, bad or reason, evidence), findings=found)
