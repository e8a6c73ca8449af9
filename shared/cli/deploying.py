"""Commands that deploy: secrets, plan, apply, settle, rollback."""

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click

from infra.tools.deploy import applying, planning, secret_containers, settling
from infra.tools.deploy.applying import ApplyFailedError
from infra.tools.deploy.going_back import plan_rollback
from infra.tools.deploy.installation import Installation, installation, reaching
from infra.tools.deploy.planning import Deployer
from infra.tools.deploy.saved import RefusedPlanError, refuse_deletions
from infra.tools.deploy.summary import plan_lines
from infra.tools.deploy.tree import commit_of
from infra.tools.sources import ROOT
from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.cli.main import NotFineError, cli
from shared.domain.signals import Signal, SignalKind
from shared.usecases.outbox import publish_signal

Command = Callable[..., None]
BY = click.option("--by", default=getpass.getuser, show_default="you", help="Who deploys; it stands in the release.")
DELETE = click.option("--delete", "allowed", multiple=True, metavar="ADDRESS", help="Data that may be deleted.")


@cli.group()
def deploy() -> None:
    """Put this tree on Google Cloud, and take it back."""


def in_an_environment(command: Command) -> Command:
    """The option that says where, handed over as `here`.

    What is refused, fails or cannot be reached is told in one line: a plan that must not be applied, or was applied in
    part, exits with 1; what you have to put right before anything can be said or done, with 2.
    """

    @click.option(
        "--env",
        "name",
        type=click.Choice(["staging", "production"]),
        required=True,
        help="Whose infra/env/*.tfvars, and so which project.",
    )
    @wraps(command)
    def with_environment(*, name: str, **options: Any) -> None:  # noqa: ANN401 - click's
        here = installation(name, root=ROOT, clock=SystemClock(), say=click.echo)
        with _refusals(), reaching(here.environment):
            command(here=here, **options)

    return with_environment


@deploy.command()
@in_an_environment
def secrets(*, here: Installation) -> None:
    """Make the containers of secrets; says how to fill them.

    Before the first deployment, and before one that adds a secret.
    """
    for name in secret_containers.make(here):
        click.echo(f"gcloud secrets versions add {name} --data-file=- --project {here.environment.project}")


@deploy.command()
@click.option("--commit", default="", help="Which commit the tree is (asked of git if left out).")
@BY
@DELETE
@click.option("--read-only", is_flag=True, help="For a look alone: no lock, nothing asked of the cloud, no apply.")
@in_an_environment
def plan(*, here: Installation, commit: str, by: str, allowed: tuple[str, ...], read_only: bool) -> None:
    """Pack every function and say what would change.

    Exit 1 if it would delete data that --delete does not name.
    """
    by_whom = Deployer(by, commit or commit_of(here.root))
    saved, found = planning.plan(here, by_whom, is_read_only=read_only)
    _print(plan_lines(found))
    refuse_deletions(saved.deletions, allowed=allowed)


@deploy.command()
@DELETE
@in_an_environment
def apply(*, here: Installation, allowed: tuple[str, ...]) -> None:
    """Apply exactly the plan that was shown.

    Refused when the tree has changed since, or when data would be lost.
    """
    release = applying.apply(here, allowed=allowed)
    click.echo(f"release {release.number} runs; prove it with soukmon deploy prove --env {here.environment.name}")


@deploy.command()
@in_an_environment
def settle(*, here: Installation) -> None:
    """Go back unless the release was applied and proved.

    After apply and prove: fine when both were done; else go back to the release before, tell people, and exit 1.
    """
    signal = settling.settle(here)
    publish(here, signal)
    if signal.kind is SignalKind.FIRING:
        raise NotFineError


@deploy.command()
@click.option("--to", type=click.IntRange(min=1), help="The release to go back to (the one before if left out).")
@BY
@in_an_environment
def rollback(*, here: Installation, to: int | None, by: str) -> None:
    """Bring back the packages of an earlier release.

    What functions are given stays as this tree says.
    """
    target, found = plan_rollback(here, Deployer(by, ""), to=to)
    click.echo(f"going back to release {target.number} of {target.when:%Y-%m-%d %H:%M} UTC, commit {target.commit}")
    _print(plan_lines(found))
    release = applying.apply(here)
    click.echo(f"release {release.number} runs the packages of release {release.restores}")


def publish(here: Installation, signal: Signal) -> None:
    """Put a signal on the topic of the installation that was deployed."""
    bootstrap.install(here.settings)
    publish_signal(bootstrap.publisher(), signal)


def _print(lines: Iterator[str]) -> None:
    for line in lines:
        click.echo(line)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (RefusedPlanError, ApplyFailedError) as error:
        click.echo(f"soukmon: {' '.join(str(error).split())}", err=True)
        raise NotFineError from error
