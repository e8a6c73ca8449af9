"""Commands about what is deployed: prove, status, drift, addresses, and the configuration that runs."""

import time
from datetime import timedelta
from pathlib import Path

import click

from infra.tools.deploy import configuration_of, proof, standing
from infra.tools.deploy import saved as plans
from infra.tools.deploy.drift import drift_signal, look
from infra.tools.deploy.installation import Installation
from infra.tools.deploy.saved import Stage
from infra.tools.deploy.summary import WIDTH, drift_lines
from shared import bootstrap
from shared.cli.deploying import deploy, in_an_environment, publish
from shared.cli.main import NotFineError


@deploy.command()
@click.option("--applied", is_flag=True, help="Only what was applied from here; refuse if it was not.")
@click.option("--rule", default=proof.RULE, show_default=True, help="Whose alert it is; others may ring telephones.")
@in_an_environment
def prove(*, here: Installation, applied: bool, rule: str) -> None:
    """Send a test alert through the deployed functions.

    Waits until the ledger says that it was told.

    It is marked TEST and reaches the game-day recipient of channels.yaml and nobody else.
    """
    from infra.local.firing import chosen  # noqa: PLC0415 - brings the whole local platform

    chosen(bootstrap.config(), rule)
    planned = plans.read(here.folder, here.environment.name) if applied else None
    if planned is not None and planned.stage is Stage.PLANNED:
        click.echo("not proved: the plan was not applied")
        raise NotFineError
    bootstrap.install(here.settings)
    found = proof.prove(
        here.clock.now().isoformat(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=here.clock,
        pause=_sleep,
        rule=rule,
    )
    for line in proof.lines(found):
        click.echo(line)
    if not found.passed:
        raise NotFineError
    if planned is not None:
        plans.advanced(here.folder, planned, Stage.PROVED, release=planned.release)


@deploy.command()
@in_an_environment
def status(*, here: Installation) -> None:
    """Which release runs, since when, and is it whole.

    Exit 1 if a function does not run its package.
    """
    found = standing.standing(here)
    for line in standing.lines(found, here.environment.name):
        click.echo(line)
    if found.release is None or found.different:
        raise NotFineError


@deploy.command()
@in_an_environment
def urls(*, here: Installation) -> None:
    """Where each function is called.

    What Slack, Twilio and the help desk are to be given.
    """
    for name, address in sorted(standing.addresses(here).items()):
        click.echo(f"{name:<{WIDTH}}{address}")


@deploy.command()
@click.option("--alert", is_flag=True, help="Tell people (low), and tell them when it is over.")
@in_an_environment
def drift(*, here: Installation, alert: bool) -> None:
    """What was changed in the cloud by hand.

    Exit 1 if anything was. Changes of this tree do not count.
    """
    lines = list(drift_lines(look(here)))
    for line in lines or ["nothing was changed by hand"]:
        click.echo(line)
    if alert:
        publish(here, drift_signal(here, lines))
    if lines:
        raise NotFineError


@deploy.command()
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write it into."
)
@in_an_environment
def configuration(*, here: Installation, out: Path) -> None:
    """Write the configuration that runs into a folder.

    To compare it, for example, by soukmon diff.
    """
    number = configuration_of.take_out(here, out)
    said = f"{out}: the configuration of release {number}" if number else "no release yet: no configuration runs there"
    click.echo(said)


def _sleep(wait: timedelta) -> None:
    time.sleep(wait.total_seconds())
