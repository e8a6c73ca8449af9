"""Commands that keep things quiet for a while: silences and maintenance windows."""

from datetime import timedelta

import click

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.cli.instants import instant
from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import STATE, use
from shared.config import durations
from shared.domain.maintenance import Window
from shared.domain.matchers import Matcher, parse
from shared.domain.silences import Silence
from shared.rendering.view import cairo
from shared.usecases import silencing, windows

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
    r"""Silence what fits every MATCHER, such as 'service="orders-api"' or 'alert_type=~"log\\..*"'."""
    use(state)
    wish = silencing.Wish(_matchers(matchers), _length(lasting), by, reason)
    made = silencing.silence(wish, config=bootstrap.config(), store=bootstrap.state(), clock=SystemClock())
    if made.silence is None:
        _refuse(made.refused)
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
    """End a silence now; what it muted is told within a minute if it still fires."""
    use(state)
    ended = silencing.expire(name, by=by, store=bootstrap.state(), clock=SystemClock())
    if ended.silence is None:
        _refuse(ended.refused)
    else:
        click.echo(f"{name} is over")


@cli.group(name="windows")
def maintenance() -> None:
    """Maintenance windows: what begins inside waits for the end; outages and breaches do not."""


@maintenance.command(name="add")
@click.argument("matchers", nargs=-1, metavar="[MATCHER...]")
@click.option("--start", default="", help="An instant (Cairo time unless it has a zone); now when left out.")
@click.option("--for", "lasting", default="", help="How long, two hours at most; until it is ended when left out.")
@click.option("--emergency", is_flag=True, help="Less than 24 hours ahead.")
@WHY
@BY
@STATE
def add_window(
    matchers: tuple[str, ...], *, start: str, lasting: str, emergency: bool, reason: str, by: str, state: str
) -> None:
    """Plan a window for what fits every MATCHER; for everything when there is none."""
    use(state)
    begin = instant(start)
    end = begin + _length(lasting) if lasting else None
    wish = windows.WindowWish(begin, end, reason, by, _matchers(matchers), emergency)
    made = windows.open_window(wish, config=bootstrap.config(), store=bootstrap.state(), clock=SystemClock())
    if made.window is None:
        _refuse(made.refused)
    else:
        click.echo(_window_line(made.window))


@maintenance.command(name="list")
@STATE
def list_windows(state: str) -> None:
    """The windows that are open or to come."""
    use(state)
    for one in windows.windows(bootstrap.state(), since=SystemClock().now()):
        click.echo(_window_line(one))


@maintenance.command(name="end")
@click.argument("name", metavar="ID")
@BY
@STATE
def end_window(name: str, *, by: str, state: str) -> None:
    """End a window now; what it held back is told within a minute if it still fires."""
    use(state)
    ended = windows.close_window(name, by=by, store=bootstrap.state(), clock=SystemClock())
    if ended.window is None:
        _refuse(ended.refused)
    else:
        click.echo(f"{name} is over")


def _matchers(texts: tuple[str, ...]) -> tuple[Matcher, ...]:
    try:
        return tuple(map(parse, texts))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _length(text: str) -> timedelta:
    try:
        return durations.duration(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a duration; write {durations.HOW_TO_WRITE}") from None


def _silence_line(one: Silence) -> str:
    return f"{one.id}  {_for(one.matchers)}  until {cairo(one.end)}  by {one.author}: {one.reason}"


def _window_line(one: Window) -> str:
    kind = "emergency  " if one.emergency else ""
    return (
        f"{one.id}  {_for(one.matchers)}  {kind}{cairo(one.start)} to {cairo(one.end)}  by {one.author}: {one.reason}"
    )


def _for(matchers: tuple[Matcher, ...]) -> str:
    return " ".join(map(str, matchers)) or "everything"


def _refuse(why: str) -> None:
    click.echo(why, err=True)
    raise NotFineError
