"""The recipient of rehearsals: somebody in the directory and a Slack channel like any other, and checked like them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from shared.config.faults import Fault, Finding, Level
from shared.config.placeholders import is_demo, is_placeholder
from shared.config.wire import ChannelsFile
from shared.domain.configuration import Configuration
from shared.domain.game_day import drill_channels
from shared.domain.notifications import GAME_DAY
from shared.domain.oncall import Directory, Person

FILE = "channels.yaml"


def with_recipient(file: ChannelsFile, directory: Directory) -> Directory:
    """The directory with the recipient, who may acknowledge nothing. Raises Fault where the name is taken."""
    wire = file.game_day
    if wire is None:
        return directory
    if GAME_DAY in directory.people or GAME_DAY in file.slack:
        what = f"{GAME_DAY} is the name of a person or a Slack channel already"
        raise Fault((GAME_DAY,), what, f"rename the one in oncall.yaml or under slack: {GAME_DAY} is for rehearsals")
    if not (wire.email or wire.phone):
        return directory
    person = Person(GAME_DAY, "Game day", wire.email, wire.phone, locale=wire.locale, roles=("observer",))
    return replace(directory, people={**directory.people, GAME_DAY: person})


def slack_channels(file: ChannelsFile) -> Mapping[str, str]:
    """The Slack channels, with that of rehearsals."""
    wire = file.game_day
    return file.slack if wire is None or wire.slack is None else {**file.slack, GAME_DAY: wire.slack}


def rehearsal_findings(configuration: Configuration) -> Iterator[Finding]:
    """What keeps the weekly game day from proving anything."""
    person = configuration.directory.people.get(GAME_DAY)
    for field in ("email", "phone") if person else ():
        value = getattr(person, field)
        if is_placeholder(value) or (is_demo(value) and not configuration.demo_contacts):
            fix = 'write an inbox or telephone of your own that wakes nobody, or "" for none'
            yield Finding(Level.ERROR, FILE, (GAME_DAY, field), f"{value!r} is a placeholder", fix)
    if not drill_channels(configuration.directory, configuration.slack_channels):
        what = "no game day is held: nobody would notice that a channel has stopped working"
        fix = "write game_day: with an email, a phone and a slack channel that wake nobody"
        yield Finding(Level.WARNING, FILE, (), what, fix)
