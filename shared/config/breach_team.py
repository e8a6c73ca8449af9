"""breach.yaml put together and checked: who handles breaches, where their details may be shown, who has to be told."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from shared.config.breach_wire import BreachFile
from shared.config.faults import Fault, Finding, Level, Path
from shared.config.placeholders import is_demo, is_placeholder
from shared.config.suggesting import one_of
from shared.domain.configuration import Configuration
from shared.domain.drafts import AUDIENCE
from shared.domain.notifications import GAME_DAY
from shared.domain.oncall import Directory
from shared.domain.permissions import BREACH_TEAM
from shared.domain.restricted import PROCEDURE, RESTRICTED_CHANNEL, ResponseTeam

FILE = "breach.yaml"
TWO = 2


def response_team(file: BreachFile) -> ResponseTeam:
    """The team as the domain has it."""
    return ResponseTeam(
        people=file.team,
        channel=RESTRICTED_CHANNEL,
        legal=file.legal,
        privacy=file.data_protection_officer,
        regulator=file.regulator,
    )


def with_channel(file: BreachFile, slack_channels: Mapping[str, str]) -> Mapping[str, str]:
    """The Slack channels with the restricted one. Raises Fault for a name that is taken."""
    if RESTRICTED_CHANNEL in slack_channels:
        raise Fault((), f"channels.yaml has a Slack channel {RESTRICTED_CHANNEL}", "name that one differently")
    return {**slack_channels, RESTRICTED_CHANNEL: file.slack}


def with_team(file: BreachFile, directory: Directory) -> Directory:
    """The directory with everybody who handles breaches as a team: pages show restricted incidents to it alone.

    Raises Fault for a name that is taken.
    """
    if BREACH_TEAM in directory.teams:
        raise Fault((), f"oncall.yaml has a team {BREACH_TEAM}", "name that one differently: breach.yaml makes it")
    teams = {**directory.teams, BREACH_TEAM: response_team(file).members}
    return replace(directory, teams=teams)


def breach_findings(configuration: Configuration) -> Iterator[Finding]:
    """What does not fit between breach.yaml and the rest; nothing where there is neither a file nor a rule for it."""
    team = configuration.response_team
    if not team.people:
        yield from _rules_without_team(configuration)
        return
    others = [name for name, channel in configuration.slack_channels.items() if name != team.channel]
    for name in others:
        if configuration.slack_channels[name] == configuration.slack_channels.get(team.channel):
            yield _error(("slack",), f"{name} is the same channel", "keep a private one for breaches alone")
    for place, name in _named(team):
        if name not in configuration.directory.people:
            yield _error(place, f"there is no person {name}", one_of(_people(configuration), name))
    if len(set(team.people)) < TWO:
        yield _error(
            ("team",),
            "one person cannot confirm their own act",
            f"name two people at least, such as [{', '.join(_people(configuration)[:2])}]",
        )


def breach_placeholders(configuration: Configuration) -> Iterator[Finding]:
    """What only the installation's owner knows, and is not there yet."""
    team = configuration.response_team
    if not team.people:
        what = "nobody handles a data breach"
        yield Finding(Level.ERROR, "rules.yaml", ("events",), what, "write breach.yaml with your response team")
        return
    channel = configuration.slack_channels.get(team.channel, "")
    if is_demo(channel) or is_placeholder(channel):
        yield _error(
            ("slack",),
            f"{channel!r} is a placeholder",
            "write the private channel's id, such as G012AB3CD (channel > About > Channel ID)",
        )
    if is_placeholder(team.regulator):
        yield _error(("regulator",), f"{team.regulator!r} is a placeholder", "write who your counsel says has to hear")
    for place, name in _named(team):
        person = configuration.directory.people.get(name)
        if person is not None and is_demo(person.email) and not configuration.demo_contacts:
            yield _error(place, f"{name} is an example and reaches nobody", "name somebody of your own")


def _people(configuration: Configuration) -> list[str]:
    """Who may be named: neither whom rehearsals reach nor people outside."""
    return [one for one in configuration.directory.people if one != GAME_DAY and not one.startswith(AUDIENCE)]


def _rules_without_team(configuration: Configuration) -> Iterator[Finding]:
    for index, rule in enumerate(configuration.event_rules):
        if rule.procedure == PROCEDURE:
            what, fix = (
                f"{rule.name} leads to a breach, and nobody handles one",
                "write breach.yaml (soukmon init makes one), or take procedure: breach out",
            )
            yield Finding(Level.ERROR, "rules.yaml", ("events", index, "procedure"), what, fix)
            return


def _named(team: ResponseTeam) -> Iterator[tuple[Path, str]]:
    for index, name in enumerate(team.people):
        yield ("team", index), name
    yield ("legal",), team.legal
    yield ("data_protection_officer",), team.privacy


def _error(path: Path, what: str, fix: str) -> Finding:
    return Finding(Level.ERROR, FILE, path, what, fix)
