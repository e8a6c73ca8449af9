"""`soukmon oncall`: who is on call, the week's notice, and duties that change hands."""

import json
from datetime import datetime

import click

from shared import bootstrap
from shared.cli import completing
from shared.cli.instants import instant
from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import STATE, has_state, link_keys, use
from shared.config.suggesting import one_of
from shared.domain.configuration import Configuration
from shared.domain.duties import CancelDuty, SwapDuties, TakeDuty
from shared.domain.oncall import AROUND, Directory, duty_at, on_call_at
from shared.domain.oncall_week import oncall_week
from shared.rendering.duties import when, who
from shared.rendering.oncall_week import week_text
from shared.usecases.calendar_link import PERSON, ROTATION, calendar_url
from shared.usecases.duties import DutyAnswer, cancel_duty, swap_duties, take_duty
from shared.usecases.present import present

INSTANT = "An instant, e.g. 2026-03-10T02:10 (Cairo time unless it has a zone)."
AT = click.option("--at", "moment", default="", help=INSTANT)
BY = click.option("--by", default="the command line", show_default=True, help="Who asks for it.")


@cli.group(invoke_without_command=True)
@AT
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@STATE
@click.pass_context
def oncall(context: click.Context, moment: str, *, as_json: bool, state: str) -> None:
    """Who is on call, in every rotation.

    With everything that was taken over.
    """
    if context.invoked_subcommand is not None:
        return
    at = instant(moment)
    directory = _config(state, at).directory
    found = {name: duty_at(directory, name, at) for name in directory.rotations}
    if as_json:
        rows = [{"rotation": n, "person": duty.person, "until": duty.end.isoformat()} for n, duty in found.items()]
        click.echo(json.dumps({"at": at.isoformat(), "rotations": rows}, ensure_ascii=False))
    else:
        click.echo(f"on call at {when(at)}")
        for name in found:
            click.echo(_line(directory, name, at))
    if any(duty.person not in directory.people for duty in found.values()):
        raise NotFineError


@oncall.command()
@AT
@click.option("--lang", type=click.Choice(["en", "ar"]), default="en", show_default=True, help="Its language.")
@STATE
def week(moment: str, lang: str, state: str) -> None:
    """The weekly notice as it would be told now."""
    at = instant(moment)
    directory = _config(state, at).directory
    text = week_text(oncall_week(directory, at), directory, lang)
    click.echo("\n".join((text.title, "", *text.lines)))


@oncall.command()
@click.argument("rotation", shell_complete=completing.rotations)
@click.argument("person", shell_complete=completing.people)
@click.option("--from", "start", default="", help=f"{INSTANT} Now when left out.")
@click.option("--until", "end", required=True, help=INSTANT)
@BY
@STATE
def take(rotation: str, person: str, *, start: str, end: str, by: str, state: str) -> None:
    """PERSON takes ROTATION over for a while."""
    use(state)
    wish = TakeDuty(rotation, person, instant(start), instant(end), by)
    _answered(take_duty(wish, config=bootstrap.config(), store=bootstrap.state(), clock=bootstrap.clock()))


@oncall.command()
@click.argument("rotation", shell_complete=completing.rotations)
@click.argument("one")
@click.argument("other")
@BY
@STATE
def swap(rotation: str, one: str, other: str, *, by: str, state: str) -> None:
    """Exchange two duties of a ROTATION.

    Whoever has it at the instants ONE and OTHER exchange these two duties.
    """
    use(state)
    wish = SwapDuties(rotation, instant(one), instant(other), by)
    _answered(swap_duties(wish, config=bootstrap.config(), store=bootstrap.state(), clock=bootstrap.clock()))


@oncall.command()
@click.argument("rotation", shell_complete=completing.rotations)
@AT
@BY
@STATE
def cancel(rotation: str, *, moment: str, by: str, state: str) -> None:
    """Give back what was taken over of ROTATION.

    For the time around --at.
    """
    use(state)
    wish = CancelDuty(rotation, instant(moment), by)
    _answered(cancel_duty(wish, config=bootstrap.config(), store=bootstrap.state(), clock=bootstrap.clock()))


@oncall.command(name="calendar-link")
@click.argument("name")
@STATE
def calendar_link(name: str, state: str) -> None:
    """The address at which a calendar subscribes to duties.

    NAME is a person or a rotation.
    """
    directory = bootstrap.config().directory
    if name not in {*directory.people, *directory.rotations}:
        raise LookupError(
            f"there is no person and no rotation {name}; {one_of((*directory.rotations, *directory.people), name)}"
        )
    kind = PERSON if name in directory.people else ROTATION
    click.echo(calendar_url(bootstrap.calendar_url(), kind, name, keys=link_keys(state)))


def _line(directory: Directory, rotation: str, at: datetime) -> str:
    duty = duty_at(directory, rotation, at)
    if duty.end >= at + AROUND:
        return f"{rotation}: {who(directory, duty.person)}, and no hand-over in sight"
    following = who(directory, on_call_at(directory, rotation, duty.end))
    return f"{rotation}: {who(directory, duty.person)} until {when(duty.end)}, then {following}"


def _config(state: str, at: datetime) -> Configuration:
    if not has_state(state):
        return bootstrap.config()
    use(state)
    return present(bootstrap.config(), store=bootstrap.state(), now=at)


def _answered(answer: DutyAnswer) -> None:
    if not answer.outcome.happened:
        raise LookupError(answer.sentence())
    click.echo(answer.sentence())
