"""`soukmon verify`: is the record as it was written."""

import json

import click

from shared import bootstrap
from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import STATE, use
from shared.rendering.verified import fault_lines, faults_as_json
from shared.usecases.verify import Verified
from shared.usecases.verify import verify as verified


@cli.command()
@click.option("--incident", default="", metavar="ID", help="Only the record of this incident.")
@click.option("--env", "name", type=click.Choice(["staging", "production"]), help="The record of what is deployed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@STATE
def verify(*, incident: str, name: str | None, as_json: bool, state: str) -> None:
    """Prove that nobody changed the record.

    Walks all of it and its seals; exit 1 when a line was changed, deleted, put in or exchanged.
    """
    found = _deployed(name, incident) if name else _here(state, incident)
    if as_json:
        click.echo(json.dumps(_as_json(found)))
    else:
        for line in (*fault_lines(found.faults), _summary(found)):
            click.echo(line)
    if found.faults:
        raise NotFineError


def _here(state: str, incident: str) -> Verified:
    use(state)
    return verified(store=bootstrap.state(), objects=bootstrap.seals(), incident=incident)


def _deployed(name: str, incident: str) -> Verified:
    from infra.tools.deploy.installation import installation, reaching  # noqa: PLC0415 - only this way reaches Google
    from infra.tools.sources import ROOT  # noqa: PLC0415
    from shared.adapters.clocks import SystemClock  # noqa: PLC0415

    there = installation(name, root=ROOT, clock=SystemClock(), say=click.echo)
    with reaching(there.environment):
        bootstrap.install(there.settings)
        return verified(store=bootstrap.state(), objects=bootstrap.seals(), incident=incident)


def _summary(found: Verified) -> str:
    counts = f"{found.incidents} incident(s), {found.lines} line(s), {found.acts} act(s), {found.seals} seal(s)"
    until = f"sealed until {found.sealed_at[:19]}Z" if found.sealed_at else "not sealed yet"
    return f"{len(found.faults)} fault(s) in {counts}; {until}" if found.faults else f"fine: {counts}; {until}"


def _as_json(found: Verified) -> dict[str, object]:
    return {
        "fine": not found.faults,
        "incidents": found.incidents,
        "lines": found.lines,
        "acts": found.acts,
        "seals": found.seals,
        "sealed_at": found.sealed_at,
        "faults": faults_as_json(found.faults),
    }
