"""`soukmon jobs`: what runs when, what came of it, and a run by hand."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import click

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.all_jobs import workshop
from shared.cli import completing
from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import STATE, open_warehouse, use
from shared.domain.jobs import JobPlan, Run, Verdict
from shared.domain.oncall import CAIRO
from shared.errors import ConflictError
from shared.ports import StateStore
from shared.usecases.jobs.calendar import coming
from shared.usecases.jobs.running import run_by_hand
from shared.usecases.jobs.runs import history

AHEAD = timedelta(days=400)


@cli.group()
def jobs() -> None:
    """Maintenance jobs: list, history, run."""


@jobs.command("list")
@STATE
def list_jobs(state: str) -> None:
    """Every job: its next turn, what its last run came to.

    Exit 1 while one has failed.
    """
    use(state)
    found = [(plan, _last(plan, bootstrap.state())) for plan in bootstrap.config().jobs]
    for plan, run in found:
        click.echo(f"{plan.name:<22} next {_said(_next(plan)):<18} {_outcome(run)}")
    if any(run is not None and run.verdict is Verdict.FAIL for _, run in found):
        raise NotFineError


@jobs.command("history")
@click.argument("name", shell_complete=completing.jobs)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 200), help="How many runs.")
@STATE
def show_history(name: str, limit: int, state: str) -> None:
    """The last runs of the job NAME, step by step.

    With what each step found.
    """
    use(state)
    for run in history(bootstrap.state(), _plan(name).name, limit=limit):
        click.echo("\n".join(_lines(run)))


@jobs.command("run")
@click.argument("name", shell_complete=completing.jobs)
@click.option("--dry-run", is_flag=True, help="Change nothing, tell nobody.")
@click.option("--by", default="", help="Who runs it.")
@STATE
def run_job(name: str, *, dry_run: bool, by: str, state: str) -> None:
    """Run the job NAME now, beside its schedule.

    Exit 1 when a step failed.
    """
    use(state)
    plan = _plan(name)
    open_warehouse()
    try:
        run = run_by_hand(plan, workshop(name), by=by, is_dry=dry_run)
    except ConflictError as error:
        raise click.ClickException(f"{name} cannot run now: {error}") from error
    click.echo("\n".join(_lines(run)))
    if run.verdict is Verdict.FAIL:
        raise NotFineError


def _plan(name: str) -> JobPlan:
    plans = {plan.name: plan for plan in bootstrap.config().jobs}
    if name not in plans:
        raise click.UsageError(f"there is no job {name}; write one of {', '.join(plans)}")
    return plans[name]


def _last(plan: JobPlan, store: StateStore) -> Run | None:
    return next((run for run in history(store, plan.name) if run.is_over and not run.is_dry), None)


def _next(plan: JobPlan) -> datetime | None:
    now = SystemClock().now()
    return next(coming(plan.at, now, now + AHEAD), None)


def _outcome(run: Run | None) -> str:
    return "has not run yet" if run is None else f"{run.verdict} at {_said(run.finished_at)}"


def _lines(run: Run) -> Iterator[str]:
    how = "due" if run.occurrence else f"by hand{f', {run.by}' if run.by else ''}"
    dry = ", dry" if run.is_dry else ""
    yield f"{_said(run.started_at)}  {run.verdict if run.is_over else 'running'}  ({how}{dry})"
    for one in run.results:
        evidence = ", ".join(f"{name} {value}" for name, value in one.evidence.items() if value is not None)
        yield f"  {one.step:<14} {one.verdict:<8} {'; '.join(part for part in (one.reason, evidence) if part)}"


def _said(at: datetime | None) -> str:
    return "never" if at is None else f"{at.astimezone(ZoneInfo(CAIRO)):%a %d %b %H:%M}"
