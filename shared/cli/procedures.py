"""Emergency procedures on the command line: each step with its clock."""

import json

import click

from shared import bootstrap
from shared.cli import completing
from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import STATE, use
from shared.domain.procedure_clocks import Verdict, clocks
from shared.rendering.procedure_clocks import as_json, table
from shared.usecases.procedures import runs_of


@cli.command()
@click.argument("incident", shell_complete=completing.incidents)
@click.option("--json", "in_json", is_flag=True, help="For programs: seconds and instants.")
@STATE
def procedure(incident: str, state: str, *, in_json: bool) -> None:
    """The emergency procedures of an INCIDENT, all clocks.

    Exit 1 when one was missed.
    """
    use(state)
    runs, now = runs_of(bootstrap.state(), incident), bootstrap.clock().now()
    if not runs:
        raise LookupError(f"there is no procedure of an incident {incident}")
    if in_json:
        click.echo(json.dumps([as_json(run, now) for run in runs], ensure_ascii=False, indent=2))
    people = {person.id: person.name for person in bootstrap.config().directory.people.values()}
    for run in () if in_json else runs:
        begun = f"{run.started_at:%Y-%m-%d %H:%M:%S} UTC"
        click.echo(f"{run.title('en')}, {run.incident}, started {begun}")
        for line in table(run, now, people=people):
            click.echo(f"  {line}")
    if any(clock.verdict is Verdict.MISSED for run in runs for clock in clocks(run, now)):
        raise NotFineError
