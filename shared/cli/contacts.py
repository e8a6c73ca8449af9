"""`soukmon channels`: addresses that are not used any more, and how one is used again."""

import click

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.cli import completing
from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import STATE, use
from shared.domain.amendments import ChannelOff
from shared.domain.notifications import Channel
from shared.usecases.channel_off import turn_on
from shared.usecases.present import amendments_of, present

MARKED = [channel.value for channel in Channel if channel not in {Channel.SLACK, Channel.PUSH}]


@cli.group()
def channels() -> None:
    """Addresses that no longer reach their people."""


@channels.command(name="list")
@STATE
def list_channels(state: str) -> None:
    """One line each: who, how, since when, why.

    Exit 1 while somebody is not reached on a channel.
    """
    use(state)
    store, now = bootstrap.state(), SystemClock().now()
    people = present(bootstrap.config(), store=store, now=now).directory.people
    marks = sorted((one for one in amendments_of(store) if isinstance(one, ChannelOff)), key=lambda one: one.at)
    for mark in marks:
        person = people.get(mark.person)
        holds = person is not None and mark.channel in person.off
        note = "" if holds else "  (their address has changed since: used again)"
        click.echo(f"{mark.person}  {mark.channel}  {mark.at:%Y-%m-%d %H:%M} UTC  {mark.reason}{note}")
    if any(person.off for person in people.values()):
        raise NotFineError


@channels.command(name="on")
@click.argument("person", shell_complete=completing.people)
@click.argument("channel", type=click.Choice(MARKED))
@STATE
def on(person: str, channel: str, state: str) -> None:
    """Use PERSON's address on CHANNEL again.

    Although it failed for good.
    """
    use(state)
    store = bootstrap.state()
    found = any(
        isinstance(one, ChannelOff) and (one.person, one.channel) == (person, channel) for one in amendments_of(store)
    )
    if not found:
        raise LookupError(f"{channel} of {person} is not turned off; soukmon channels list shows what is")
    turn_on(person, Channel(channel), store=store, now=SystemClock().now())
    click.echo(f"{person} is reached on {channel} again")
