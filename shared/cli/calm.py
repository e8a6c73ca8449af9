"""Silences from the command line, and how what they are for is written."""

from datetime import timedelta

import click

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import STATE, use
from shared.config import durations
from shared.domain.matchers import Matcher, parse
from shared.domain.silences import Silence
from shared.rendering.view import cairo
from shared.usecases import silencing

BY = click.option("--by", required=True, metavar="PERSON", help="Whose word it is: an id in oncall.yaml.")
WHY = click.option("--reason", required=True, help="Why; it is on the record of everything that waits.")


@cli.group()
def silence() -> None:
    """Silences: what need not be told for a while. Nothing is dropped from the record."""


@silence.command(name="add")
@click.argument("matchers", nargs=-1, required=True, metavar="MATCHER...")
@click.option("--for", "lasting", default="2h", show_default=True, help="How long, such as 30m or 4h.")
@WHY
@BY
@STATE
def add_silence(matchers: tuple[str, ...], *, lasting: str, reason: str, by: str, state: str) -> None:
    r"""Silence what fits every MATCHER.

    Such as 'service="orders-api"' or 'alert_type=~"log\\..*"'.
    """
    use(state)
    wish = silencing.Wish(matchers_of(matchers), length_of(lasting), by, reason)
    made = silencing.silence(wish, config=bootstrap.config(), store=bootstrap.state(), clock=SystemClock())
    if made.silence is None:
        refuse(made.refused)
    else:
        click.echo(_silence_line(made.silence))


@silence.command(name="list")
@STATE
def list_silences(state: str) -> None:
    """The silences that are active now."""
    use(state)
    for one in silencing.active(bootstrap.state(), SystemClock().now()):
        click.echo(_silence_line(one))


@silence.command(name="end")
@click.argument("name", metavar="ID")
@BY
@STATE
def end_silence(name: str, *, by: str, state: str) -> None:
    """End a silence now.

    What it muted is told within a minute if it still fires.
    """
    use(state)
    ended = silencing.expire(name, by=by, store=bootstrap.state(), clock=SystemClock())
    if ended.silence is None:
        refuse(ended.refused)
    else:
        click.echo(f"{name} is over")


def matchers_of(texts: tuple[str, ...]) -> tuple[Matcher, ...]:
    """What people write as matchers; raises click.BadParameter."""
    try:
        return tuple(map(parse, texts))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def length_of(text: str) -> timedelta:
    """What people write as a length of time; raises click.BadParameter."""
    try:
        return durations.duration(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a duration; write {durations.HOW_TO_WRITE}") from None


def written(matchers: tuple[Matcher, ...]) -> str:
    """What something is for."""
    return " ".join(map(str, matchers)) or "everything"


def refuse(why: str) -> None:
    """Say why it is not done, in one line; exit 1."""
    click.echo(why, err=True)
    raise NotFineError


def _silence_line(one: Silence) -> str:
    return f"{one.id}  {written(one.matchers)}  until {cairo(one.end)}  by {one.author}: {one.reason}"
