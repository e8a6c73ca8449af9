"""`soukmon doctor`: is everything there that the installation needs, and does it answer."""

from pathlib import Path

import click

from shared import bootstrap
from shared import settings as environment
from shared.adapters.clocks import SystemClock
from shared.cli.main import NotFineError, cli
from shared.domain.configuration import Configuration
from shared.errors import ConfigurationError


@cli.command()
@click.option(
    "--project", default="", help="The Google Cloud project; without it (and --env) this machine is looked at."
)
@click.option("--env", "name", type=click.Choice(["staging", "production"]), help="Whose infra/env/*.tfvars.")
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".soukmon"),
    show_default=True,
    help="The folder that soukmon up keeps everything in.",
)
@click.option(
    "--dry-run-sql", "dry_run", is_flag=True, help="Let the warehouse check every packaged query, for nothing."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def doctor(*, project: str, name: str | None, state: Path, dry_run: bool, as_json: bool) -> None:
    """Look at an installation: what is wrong, what to do.

    Part by part. Exit 1 when something failed.
    """
    from infra.tools.doctor.printing import as_json as printed  # noqa: PLC0415 - only this command looks at it all
    from infra.tools.doctor.printing import is_bad, line_of, summary  # noqa: PLC0415
    from infra.tools.doctor.running import examine  # noqa: PLC0415
    from infra.tools.doctor.visits import visit  # noqa: PLC0415

    checks = visit(
        project=project,
        environment=name,
        state_dir=state,
        sql_only=dry_run,
        configuration=_configuration(),
        settings=environment.current(),
        now=SystemClock().now(),
    )
    width, found = max(len(check.name) for check in checks), []
    for one in examine(checks):
        found.append(one)
        if not as_json:
            click.echo(line_of(one, width))
    click.echo(printed(found) if as_json else summary(found))
    if any(is_bad(one.outcome.state) for one in found):
        raise NotFineError


def _configuration() -> Configuration | None:
    """None when it cannot be loaded: the check of the configuration says why."""
    try:
        return bootstrap.config()
    except ConfigurationError:
        return None
