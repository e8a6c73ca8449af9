"""`soukmon jobs`: what runs when, what came of it, and a run by hand."""

import json
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.bootstrap.all_jobs import workshop
from shared.cli import completing
from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import STATE, link_keys, open_warehouse, use
from shared.config.suggesting import one_of
from shared.domain.job_board import Standing
from shared.domain.jobs import JobPlan, Run, Verdict
from shared.domain.oncall import CAIRO
from shared.errors import ConflictError
from shared.rendering.jobs import run_json, standing_json
from shared.usecases.calendar_link import MAINTENANCE, calendar_url
from shared.usecases.jobs.board import board
from shared.usecases.jobs.running import run_by_hand
from shared.usecases.jobs.runs import history

JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line, instants in UTC.")


@cli.group()
def jobs() -> None:
    """Maintenance jobs: list, history, run, calendar."""


@jobs.command("list")
@JSON
@STATE
def list_jobs(*, as_json: bool, state: str) -> None:
    """Every job: its next turn, what its last run came to.

    Exit 1 while one has failed, or has not run when it was due.
    """
    use(state)
    standings = board(bootstrap.config().jobs, bootstrap.state(), SystemClock().now()).standings
    for one in standings:
        click.echo(json.dumps(standing_json(one)) if as_json else _line(one))
    if any(one.missed or (one.last is not None and one.last.verdict is Verdict.FAIL) for one in standings):
        raise NotFineError


@jobs.command("history")
@click.argument("name", shell_complete=completing.jobs)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 200), help="How many runs.")
@JSON
@STATE
def show_history(name: str, *, limit: int, as_json: bool, state: str) -> None:
    """The last runs of the job NAME, step by step.

    With what each step found.
    """
    use(state)
    for run in history(bootstrap.state(), _plan(name).name, limit=limit):
        click.echo(json.dumps(run_json(run), ensure_ascii=False) if as_json else "\n".join(_lines(run)))


@jobs.command("calendar-link")
@click.option("--lang", type=click.Choice(["en", "ar"]), default="en", show_default=True, help="Its language.")
@STATE
def calendar_link(lang: str, state: str) -> None:
    """The address of the calendar of jobs and windows.

    Calendars subscribe to it.
    """
    click.echo(calendar_url(bootstrap.calendar_url(), MAINTENANCE, lang, keys=link_keys(state)))


@jobs.command("run")
@click.argument("name", shell_complete=completing.jobs)
@click.option("--dry-run", is_flag=True, help="Change nothing, tell nobody.")
@click.option("--by", default="", help="Who runs it.")
@JSON
@STATE
def run_job(name: str, *, dry_run: bool, by: str, as_json: bool, state: str) -> None:
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
    click.echo(json.dumps(run_json(run), ensure_ascii=False) if as_json else "\n".join(_lines(run)))
    if run.verdict is Verdict.FAIL:
        raise NotFineError


def _plan(name: str) -> JobPlan:
    plans = {plan.name: plan for plan in bootstrap.config().jobs}
    if name not in plans:
        raise click.UsageError(f"there is no job {name}; {one_of(plans, name)}")
    return plans[name]


def _line(one: Standing) -> str:
    """One job in a line: what is wrong, or what it does now, comes last."""
    state = f"  running, {len(one.running.results)} of {len(one.plan.steps)} steps" if one.running else ""
    if one.missed and not one.running:
        state = f"  DID NOT RUN when it was due, {_said(one.missed)}"
    elif one.waits:
        state = f"  waits for {one.holder or 'a maintenance window'}"
    return f"{one.plan.name:<22} next {_said(one.next_at):<18} {_outcome(one.last)}{state}"


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
