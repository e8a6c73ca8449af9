"""Commands that deploy: plan, apply, prove, settle, rollback, status, drift, and the rules that run."""

import getpass
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.cli.main import NotFineError, cli
from shared.domain.signals import Signal
from shared.usecases.outbox import publish_signal

if TYPE_CHECKING:
    from infra.tools.deploy.installation import Installation

Command = Callable[..., None]
BY = click.option("--by", default=getpass.getuser, show_default="you", help="Who deploys; it stands in the release.")
COMMIT = click.option("--commit", default="", help="Which commit the tree is (asked of git if left out).")
DELETE = click.option("--delete", "allowed", multiple=True, metavar="ADDRESS", help="Data that may be deleted.")


@cli.group()
def deploy() -> None:
    """Put this tree on Google Cloud, and take it back."""


def _in_an_environment(command: Command) -> Command:
    """The option that says where, handed over as `here`; what Google refuses is told in one line."""

    @click.option("--env", "name", type=click.Choice(["staging", "production"]), required=True)
    @wraps(command)
    def with_environment(*, name: str, **options: Any) -> None:  # noqa: ANN401 - click's
        from infra.tools.deploy.installation import installation, reaching  # noqa: PLC0415 - only these need it
        from infra.tools.sources import ROOT  # noqa: PLC0415

        here = installation(name, root=ROOT, clock=SystemClock(), say=click.echo)
        with reaching(here.environment):
            command(here=here, **options)

    return with_environment


@deploy.command()
@COMMIT
@BY
@DELETE
@click.option("--read-only", is_flag=True, help="For a look alone: no lock, nothing asked of the cloud, no apply.")
@_in_an_environment
def plan(*, here: "Installation", commit: str, by: str, allowed: tuple[str, ...], read_only: bool) -> None:
    """Pack every function and say what applying would change; exit 1 if it would delete data that --delete names not."""
    from infra.tools.deploy.planning import Deployer  # noqa: PLC0415
    from infra.tools.deploy.planning import plan as make  # noqa: PLC0415
    from infra.tools.deploy.summary import plan_lines  # noqa: PLC0415
    from infra.tools.deploy.tree import commit_of  # noqa: PLC0415

    saved, found = make(here, Deployer(by, commit or commit_of(here.root)), is_read_only=read_only)
    for line in plan_lines(found):
        click.echo(line)
    with _refusals():
        _refuse_deletions(saved.deletions, allowed)


@deploy.command()
@DELETE
@_in_an_environment
def apply(*, here: "Installation", allowed: tuple[str, ...]) -> None:
    """Apply exactly the plan that was shown; refused when the tree has changed since, or when data would be lost."""
    from infra.tools.deploy.applying import apply as carry_out  # noqa: PLC0415

    with _refusals():
        release = carry_out(here, allowed=allowed)
    click.echo(f"release {release.number} runs; prove it with soukmon deploy prove --env {here.environment.name}")


@deploy.command()
@click.option("--applied", is_flag=True, help="Only what was applied from here; refuse if it was not.")
@_in_an_environment
def prove(*, here: "Installation", applied: bool) -> None:
    """Send a test alert through the deployed functions and wait until the ledger says that it was told."""
    from infra.tools.deploy import saved as plans  # noqa: PLC0415
    from infra.tools.deploy.proof import lines  # noqa: PLC0415
    from infra.tools.deploy.proof import prove as send  # noqa: PLC0415

    planned = plans.read(here.folder, here.environment.name) if applied else None
    if planned is not None and planned.stage is plans.Stage.PLANNED:
        click.echo("not proved: the plan was not applied")
        raise NotFineError
    bootstrap.install(here.settings)
    found = send(
        here.clock.now().isoformat(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=here.clock,
        pause=_sleep,
    )
    for line in lines(found):
        click.echo(line)
    if not found.passed:
        raise NotFineError
    if planned is not None:
        plans.advanced(here.folder, planned, plans.Stage.PROVED, release=planned.release)


@deploy.command()
@_in_an_environment
def settle(*, here: "Installation") -> None:
    """After apply and prove: exit 0 when both were done, else go back to the release before, tell people, and exit 1."""
    from infra.tools.deploy.settling import settle as decide  # noqa: PLC0415

    with _refusals():
        signal = decide(here)
        _publish(here, signal)
    if signal.kind.value == "firing":
        raise NotFineError


@deploy.command()
@click.option("--to", type=click.IntRange(min=1), help="The release to go back to (the one before if left out).")
@BY
@_in_an_environment
def rollback(*, here: "Installation", to: int | None, by: str) -> None:
    """Bring back the packages of an earlier release; what functions are given stays as this tree says."""
    from infra.tools.deploy.applying import apply as carry_out  # noqa: PLC0415
    from infra.tools.deploy.going_back import plan_rollback  # noqa: PLC0415
    from infra.tools.deploy.planning import Deployer  # noqa: PLC0415
    from infra.tools.deploy.summary import plan_lines  # noqa: PLC0415

    with _refusals():
        target, found = plan_rollback(here, Deployer(by, ""), to=to)
        click.echo(f"going back to release {target.number} of {target.when:%Y-%m-%d %H:%M} UTC, commit {target.commit}")
        for line in plan_lines(found):
            click.echo(line)
        release = carry_out(here)
    click.echo(f"release {release.number} runs the packages of release {release.restores}")


@deploy.command()
@_in_an_environment
def status(*, here: "Installation") -> None:
    """Which release runs, since when, and whether each function runs its package; exit 1 if one does not."""
    from infra.tools.deploy.standing import lines, standing  # noqa: PLC0415

    found = standing(here)
    for line in lines(found, here.environment.name):
        click.echo(line)
    if found.release is None or found.different:
        raise NotFineError


@deploy.command()
@click.option("--alert", is_flag=True, help="Tell people (low), and tell them when it is over.")
@_in_an_environment
def drift(*, here: "Installation", alert: bool) -> None:
    """What was changed in the cloud by hand; exit 1 if anything was. Changes of this tree do not count."""
    from infra.tools.deploy.drift import drift_signal, look  # noqa: PLC0415
    from infra.tools.deploy.summary import drift_lines  # noqa: PLC0415

    lines = list(drift_lines(look(here)))
    for line in lines or ["nothing was changed by hand"]:
        click.echo(line)
    if alert:
        _publish(here, drift_signal(here, lines))
    if lines:
        raise NotFineError


@deploy.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@_in_an_environment
def configuration(*, here: "Installation", out: Path) -> None:
    """Write the configuration that runs into a folder, e.g. for soukmon diff."""
    from infra.tools.deploy.configuration_of import take_out  # noqa: PLC0415

    number = take_out(here, out)
    if number == 0:
        raise LookupError(f"{here.environment.name} has no release yet")
    click.echo(f"{out}: the configuration of release {number}")


@contextmanager
def _refusals() -> Iterator[None]:
    """A deployment that is refused or fails is not bad usage: exit 1, its reason in one line on stderr."""
    from infra.tools.deploy.saved import RefusedPlanError  # noqa: PLC0415
    from infra.tools.deploy.terraform import TerraformError  # noqa: PLC0415

    try:
        yield
    except (RefusedPlanError, TerraformError) as error:
        click.echo(f"soukmon: {' '.join(str(error).split())}", err=True)
        raise NotFineError from error


def _refuse_deletions(deletions: Any, allowed: tuple[str, ...]) -> None:  # noqa: ANN401
    from infra.tools.deploy.saved import refuse_deletions  # noqa: PLC0415

    refuse_deletions(deletions, allowed=allowed)


def _publish(here: "Installation", signal: Signal) -> None:
    bootstrap.install(here.settings)
    publish_signal(bootstrap.publisher(), signal)


def _sleep(wait: timedelta) -> None:
    time.sleep(wait.total_seconds())
