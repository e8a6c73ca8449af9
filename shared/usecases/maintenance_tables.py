"""The tables of reports that say what maintenance found: each job's last result, the last audit, what is open."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from shared.domain.jobs import JobPlan, Run, StepResult, Verdict
from shared.domain.reports import Cell, Finding, Sentence, Table
from shared.ports.store import StateStore
from shared.usecases.jobs.runs import history

AUDIT = "system_audit"
NOT_RUN = "not_run"  # in place of a verdict
MOST_ROWS = 20
LOOKED_BACK = 30  # runs: those by hand and dry ones are among them
BAD = (Verdict.FAIL, Verdict.WARN)


def maintenance_part(
    plans: Iterable[JobPlan], store: StateStore, now: datetime
) -> tuple[tuple[Sentence, ...], tuple[Table, ...]]:
    """How the jobs stand, as they ended before `now`; nothing where no job is configured."""
    last = {plan.name: _last(plan.name, store, now) for plan in plans}
    if not last:
        return (Sentence(Finding.NONE),), ()
    verdicts = [one.verdict if one else None for one in last.values()]
    facts = {
        "count": len(last),
        "failed": verdicts.count(Verdict.FAIL),
        "warned": verdicts.count(Verdict.WARN),
        "skipped": verdicts.count(Verdict.SKIPPED),
        "not_run": verdicts.count(None),
    }
    rows = tuple(_job(name, run) for name, run in last.items())
    tables = [Table("maintenance", ("job", "at", "verdict", "failed", "warned"), rows)]
    if audit := last.get(AUDIT):
        steps = tuple((_step(AUDIT, one), one.verdict, *_counts([one])) for one in audit.results)
        tables.append(Table(AUDIT, ("step", "verdict", "failed", "warned"), steps))
    found = sorted(_open(last), key=lambda row: BAD.index(Verdict(str(row[2]))))
    if found:
        columns = ("job", "step", "verdict", "what")
        tables.append(Table("open_findings", columns, tuple(found[:MOST_ROWS]), more=len(found[MOST_ROWS:])))
    return (Sentence(Finding.MAINTENANCE, facts),), tuple(tables)


def _last(job: str, store: StateStore, now: datetime) -> Run | None:
    """The newest run that ended; dry ones changed nothing and prove nothing."""
    runs = history(store, job, limit=LOOKED_BACK)
    return next(
        (one for one in runs if one.finished_at is not None and one.finished_at <= now and not one.is_dry), None
    )


def _job(name: str, run: Run | None) -> tuple[Cell, ...]:
    if run is None:
        return name, None, NOT_RUN, None, None
    return name, run.finished_at, run.verdict, *_counts(run.results)


def _counts(results: Iterable[StepResult]) -> tuple[int, int]:
    verdicts = [one[0] for result in results for one in _said(result)]
    return verdicts.count(Verdict.FAIL), verdicts.count(Verdict.WARN)


def _open(last: dict[str, Run | None]) -> Iterator[tuple[Cell, ...]]:
    for name, run in last.items():
        for result in run.results if run else ():
            for verdict, what in _said(result):
                yield name, _step(name, result), verdict, what


def _said(result: StepResult) -> list[tuple[Verdict, str]]:
    """What a step found that is bad, each with its words; a step that is bad without a finding says its reason."""
    found = [(one.verdict, one.what) for one in result.findings if one.verdict in BAD]
    is_bare = not found and result.verdict in BAD
    return [(result.verdict, result.reason)] if is_bare else found


def _step(job: str, result: StepResult) -> str:
    return f"{job}.{result.step}"
