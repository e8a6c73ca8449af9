"""Commands for people on duty: check, explain, dead-letters."""

import json
from collections.abc import Mapping
from pathlib import Path

import click

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.cli import completing
from shared.cli.check import check as lint
from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import STATE, use
from shared.domain.evidence import NAMED_BY
from shared.rendering.evidence import facts
from shared.rendering.explained import explained_sections
from shared.rendering.tasks import kind_name, task_line
from shared.usecases.chart_link import read_evidence
from shared.usecases.explaining import explained
from shared.usecases.quarantine import dead_letters as kept
from shared.usecases.records import notifications_of, read_incident, tasks_of, timeline_of
from shared.usecases.redriving import redrive as sent_again


@cli.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), envvar="SOUKMON_CONFIG")
@click.option("--production", is_flag=True, help="Refuse what may be shown but not deployed.")
def check(files: tuple[Path, ...], *, production: bool) -> int:
    """Lint the configuration, or spell out FILES.

    Without FILES it is the configuration in use: the folder in SOUKMON_CONFIG, else the packaged one. A folder is
    linted as a whole; a file of rules or settings, in either way of writing, is answered with its normal form.
    """
    code, lines = lint(files, production=production)
    for line in lines:
        click.echo(line, err=code == 2)  # noqa: PLR2004 - bad input goes to stderr
    return code


@cli.command()
@click.argument("incident", shell_complete=completing.incidents)
@STATE
def explain(incident: str, state: str) -> None:
    """Why an INCIDENT is as it is.

    Every decision with its reason, every message with its fate.
    """
    use(state)
    store = bootstrap.state()
    found = read_incident(store, incident)
    if found is None:
        raise LookupError(f"there is no incident {incident}")
    one = found[0]
    click.echo(f"{one.id}  {one.severity.upper()}  {one.state}  {one.title}")
    click.echo(f"rule {one.rule}, service {one.service}, {one.count} event(s), policy {one.ladder.policy.name}")
    evidence = read_evidence(store, one.values.get(NAMED_BY, ""))
    for name, text in facts(evidence) if evidence else ():
        click.echo(f"  {name}: {text}")
    for section in explained_sections(explained(one, config=bootstrap.config(), store=store), one, "en"):
        click.echo(f"{section.title}: " + " ".join(section.sentences))
        for name, text in section.details:
            click.echo(f"  {name}: {text}")
        for text in section.notes:
            click.echo(f"  {text}")
    for task in tasks_of(store, incident):
        click.echo(f"{kind_name(task.kind)} {task.id}: {task_line(task, task.owner, SystemClock().now())}")
    for line in timeline_of(store, incident):
        click.echo(
            f"  {line.at:%Y-%m-%d %H:%M:%S}  {line.event}: {line.reason}" + (f" ({line.detail})" if line.detail else "")
        )
    for row in notifications_of(store, incident):
        extra = " ".join(text for text in (row.note, row.error) if text)
        fate = f"{row.channel} to {row.recipient}: {row.state}, {row.reason}  {extra}".rstrip()
        click.echo(f"  {row.planned_at:%Y-%m-%d %H:%M:%S}  {fate}")


@cli.group(name="dead-letters")
def dead_letters() -> None:
    """Input that nobody could read."""


@dead_letters.command(name="list")
@STATE
def list_letters(state: str) -> None:
    """One line each, newest first."""
    use(state)
    for letter in kept(bootstrap.state()):
        body = letter.body
        click.echo(f"{letter.id}  {body['received_at'][:19]}  {body['function']}  {body['state']}  {body['reason']}")


@dead_letters.command()
@click.argument("letter")
@STATE
def show(letter: str, state: str) -> None:
    """A LETTER's facts and the scrubbed beginning of its text."""
    use(state)
    found = bootstrap.state().get("dead_letters", letter)
    if found is None:
        raise LookupError(f"there is no dead letter {letter}")
    click.echo(json.dumps(found.body, ensure_ascii=False, indent=2))


@dead_letters.command()
@click.argument("letter")
@STATE
def redrive(letter: str, state: str) -> None:
    """Send a LETTER to its function again."""
    use(state)
    done = sent_again(letter, call=_call, store=bootstrap.state(), objects=bootstrap.objects(), clock=SystemClock())
    if done is None:
        raise LookupError(f"there is no dead letter {letter} whose text is kept")
    click.echo(f"{done.function} answered {done.status}" + (" and kept it again" if done.is_kept else ""))
    if done.is_kept:
        raise NotFineError


def _call(function: str, headers: Mapping[str, str], body: bytes) -> int:
    from infra.local.functions import mount  # noqa: PLC0415 - only this command loads functions

    return mount(function).test_client().post("/", data=body, headers=dict(headers)).status_code
