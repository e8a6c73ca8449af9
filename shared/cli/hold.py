"""`soukmon hold`: legal holds, which keep what they cover from being removed by the log rotation."""

import click

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.cli.main import cli
from shared.cli.state_folder import STATE, use
from shared.domain.retention import Hold, Kept
from shared.usecases.holds import place_hold, read_holds, release_hold

WHY = click.option("--why", required=True, help="The reason; it goes on the audited record, without personal data.")
BY = click.option("--by", required=True, help="Who answers for it.")


@cli.group()
def hold() -> None:
    """Legal holds: add, list, release."""


@hold.command("add")
@click.option(
    "--class", "kind", default="", metavar="CLASS", help=f"One of {', '.join(Kept)}; every class if left out."
)
@click.option("--subject", default="", help="An incident's id or a document's; everything of the class if left out.")
@WHY
@BY
@STATE
def add(*, kind: str, subject: str, why: str, by: str, state: str) -> None:
    """Keep what has to do with SUBJECT, however old it is.

    Of CLASS.
    """
    use(state)
    made = place_hold(kind=kind, subject=subject, why=why, by=by, store=bootstrap.state(), now=SystemClock().now())
    click.echo(_line(made))


@hold.command("list")
@click.option("--all", "is_all", is_flag=True, help="Those that were released as well.")
@STATE
def show(*, is_all: bool, state: str) -> None:
    """The holds that stand.

    What each keeps, why, who placed it and when.
    """
    use(state)
    held = read_holds(bootstrap.state())
    for one in held.holds if is_all else held.standing:
        click.echo(_line(one))


@hold.command("release")
@click.argument("name", metavar="ID")
@WHY
@BY
@STATE
def release(name: str, *, why: str, by: str, state: str) -> None:
    """End the hold ID; what it covered goes when it is old enough."""
    use(state)
    click.echo(_line(release_hold(name, why=why, by=by, store=bootstrap.state(), now=SystemClock().now())))


def _line(one: Hold) -> str:
    over = f", released {one.released_at:%Y-%m-%d %H:%M} UTC" if one.released_at else ""
    kept = f"{one.kind or 'every class'}, {one.subject or 'everything'}"
    return f"{one.id}  {kept}  since {one.placed_at:%Y-%m-%d %H:%M} UTC by {one.by}: {one.why}{over}"
