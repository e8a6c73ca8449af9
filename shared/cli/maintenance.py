"""Maintenance windows from the command line: planned, listed, ticked, closed, cancelled, moved, rolled back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import click

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.cli.calm import BY, WHY, length_of, matchers_of, refuse
from shared.cli.instants import instant
from shared.cli.main import cli
from shared.cli.state_folder import STATE, use
from shared.domain.maintenance import LONGEST, upcoming
from shared.domain.rollbacks import RollbackWish
from shared.domain.severities import Severity
from shared.rendering.maintenance_lines import window_line, window_lines
from shared.usecases import window_checklist, window_records, window_rollbacks, windows
from shared.usecases.window_notices import Office

Command = Callable[..., None]
AGO = timedelta(days=7)
START = click.option("--start", default="", help="An instant (Cairo time unless it has a zone); now when left out.")
LASTING = click.option("--for", "lasting", default="", help="How long, two hours at most; until closed if left out.")
OUTSIDE = click.option("--outside", default="", help="Why it cannot be in the low-traffic hours.")
NAME = click.argument("name", metavar="ID")


@cli.group(name="window")
def window() -> None:
    """Maintenance windows.

    What begins inside waits for the end; outages and breaches do not.
    """


@window.command(name="plan")
@click.argument("matchers", nargs=-1, metavar="[MATCHER...]")
@START
@LASTING
@click.option("--emergency", is_flag=True, help="Less than 24 hours ahead; everybody hears of it at once.")
@OUTSIDE
@click.option("--rollback", "target", default="", metavar="TARGET", help="A rollback of maintenance.yaml to run.")
@click.option(
    "--on",
    "severity",
    type=click.Choice([*(one.value for one in Severity), "never"]),
    default="high",
    show_default=True,
    help="Roll back by itself from this severity on.",
)
@click.option("--on-rule", "rules", multiple=True, metavar="RULE", help="Roll back when this rule fires as well.")
@WHY
@BY
@STATE
def plan(matchers: tuple[str, ...], *, target: str, severity: str, rules: tuple[str, ...], **asked: Any) -> None:  # noqa: ANN401 - click's
    """Plan a window for what fits every MATCHER.

    For everything when there is none.
    """
    use(asked["state"])
    begin = instant(asked["start"])
    least = None if severity == "never" else Severity(severity)
    wish = windows.WindowWish(
        begin,
        begin + length_of(asked["lasting"]) if asked["lasting"] else None,
        asked["reason"],
        asked["by"],
        matchers_of(matchers),
        asked["emergency"],
        outside=asked["outside"],
        rollback=RollbackWish(target, least, rules) if target else None,
    )
    made = windows.open_window(wish, office=_office(), now=_now())
    if made.window is None:
        refuse(made.refused)
    else:
        click.echo(window_line(made.window))


@window.command(name="list")
@click.option("--all", "past", is_flag=True, help="Those of the last seven days as well.")
@STATE
def list_windows(*, past: bool, state: str) -> None:
    """The windows that are open or to come."""
    use(state)
    found = window_records.windows(bootstrap.state(), since=_now() - (AGO if past else timedelta(0)))
    for one in found if past else upcoming(found, _now()):
        click.echo(window_line(one))


@window.command(name="show")
@NAME
@STATE
def show(name: str, *, state: str) -> None:
    """One window, its list and its rollback."""
    use(state)
    found = window_records.value_of_window(name, bootstrap.state())
    if found is None:
        refuse(f"there is no window {name}")
        return
    checklist = window_checklist.checklist(found, office=_office(), now=_now())
    click.echo("\n".join(window_lines(found, checklist)))


@window.command(name="tick")
@NAME
@click.argument("line", metavar="LINE")
@click.option("--evidence", required=True, help="What shows it: a sentence or a link.")
@BY
@STATE
def tick(name: str, line: str, *, evidence: str, by: str, state: str) -> None:
    """Tick a LINE of the window's list (show names them)."""
    use(state)
    done = window_checklist.tick(name, line, by=by, evidence=evidence, office=_office(), now=_now())
    _tell(done.window is not None, f"{name}: {line} is ticked", done.refused)


@window.command(name="close")
@NAME
@BY
@STATE
def close(name: str, *, by: str, state: str) -> None:
    """End a window now.

    What it held back is told within a minute if it still fires.
    """
    use(state)
    ended = windows.close_window(name, by=by, office=_office(), now=_now())
    _tell(ended.window is not None, f"{name} is over", ended.refused)


@window.command(name="cancel")
@NAME
@BY
@STATE
def cancel(name: str, *, by: str, state: str) -> None:
    """Call off a window that has not begun.

    Everybody who heard of it hears that too.
    """
    use(state)
    ended = windows.cancel_window(name, by=by, office=_office(), now=_now())
    _tell(ended.window is not None, f"{name} is cancelled", ended.refused)


@window.command(name="move")
@NAME
@START
@LASTING
@OUTSIDE
@BY
@STATE
def move(name: str, *, start: str, lasting: str, outside: str, by: str, state: str) -> None:
    """Put a window that has not begun at another time.

    It is announced anew.
    """
    use(state)
    begin = instant(start)
    finish = begin + (length_of(lasting) if lasting else LONGEST)
    done = windows.move_window(name, start=begin, end=finish, by=by, office=_office(), now=_now(), outside=outside)
    _tell(done.window is not None, window_line(done.window) if done.window else "", done.refused)


@window.command(name="rollback")
@NAME
@click.option("--dry-run", is_flag=True, help="Only see whether the target answers; nothing is started.")
@click.option("--again", is_flag=True, help="Run it although it has been started before.")
@WHY
@BY
@STATE
def rollback(name: str, *, dry_run: bool, again: bool, reason: str, by: str, state: str) -> None:
    """Run the window's rollback now, whatever its conditions say."""
    use(state)
    wish = window_rollbacks.BackWish(name, by, reason, trial=dry_run, again=again)
    done = window_rollbacks.ask_for_rollback(wish, office=_office(), now=_now())
    verb = "is being tried" if dry_run else "is being started"
    _tell(not done.refused, f"{name}: its rollback {verb}; show it to see what came of it", done.refused)


@cli.group(name="windows", hidden=True)
def spelled_before() -> None:
    """What `soukmon window` was called before."""


spelled_before.add_command(plan, "add")
spelled_before.add_command(list_windows, "list")
spelled_before.add_command(close, "end")


def _office() -> Office:
    return Office(bootstrap.present(), bootstrap.state(), bootstrap.publisher())


def _now() -> datetime:
    return SystemClock().now()


def _tell(done: bool, said: str, refused: str) -> None:  # noqa: FBT001 - which of the two is said
    if done:
        click.echo(said)
    else:
        refuse(refused)
