"""The configuration and the people in it: nothing refused, nobody missing, everybody reachable in two ways."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from infra.tools.doctor.outcomes import Outcome, failed, fine, listed, warned
from shared.config.crosschecks import findings, production_findings
from shared.config.faults import Level
from shared.config.loader import assemble
from shared.config.people_checks import gaps
from shared.domain.configuration import Configuration
from shared.domain.notifications import Channel, address_of
from shared.domain.oncall import Directory
from shared.errors import ConfigurationError

# Ways that fail for reasons of their own. A text and a call come to one telephone: together they are one way.
WAYS = ((Channel.SMS, Channel.VOICE), (Channel.EMAIL,), (Channel.SLACK,), (Channel.PUSH,))
ENOUGH = 2


def configuration(directory: Path | None, *, production: bool) -> Outcome:
    """What `soukmon check` says, in one line."""
    try:
        loaded = assemble(directory)
    except ConfigurationError as error:
        return failed(str(error), "soukmon check")
    found = [*findings(loaded.configuration), *(production_findings(loaded.configuration) if production else ())]
    errors = [f"{finding.file}: {finding.what}" for finding in found if finding.level is Level.ERROR]
    if errors:
        return failed(listed(errors), "soukmon check --production" if production else "soukmon check")
    rules = len(loaded.configuration.metric_rules) + len(loaded.configuration.event_rules)
    return fine(f"{rules} rules, {len(loaded.configuration.directory.people)} people")


def roster(chosen: Configuration, now: datetime) -> Outcome:
    """Somebody is on call in every rotation, as far as can be seen."""
    holes = [f"{finding.path[-1]}: {finding.what}" for finding in gaps(chosen.directory, now)]
    if holes:
        return failed(listed(holes), "fill the gap in oncall.yaml, or with `soukmon oncall take`")
    return fine(f"{len(chosen.directory.rotations)} rotations without a hole")


def reachable(chosen: Configuration) -> Outcome:
    """Everybody who takes turns can be reached in two ways that do not fail together."""
    directory = chosen.directory
    ways = {person: len(list(_ways(person, directory))) for person in sorted(_on_duty(directory))}
    lost = [person for person, count in ways.items() if count == 0]
    once = [person for person, count in ways.items() if 0 < count < ENOUGH]
    if lost:
        return failed(f"nothing reaches {listed(lost)}", "write addresses in oncall.yaml; `soukmon channels list`")
    if once:
        return warned(f"one way only reaches {listed(once)}", "add a phone, an e-mail address, Slack or a device")
    return fine(f"all {len(ways)} people on call are reached in two ways")


def _on_duty(directory: Directory) -> set[str]:
    turns = {person for rotation in directory.rotations.values() for person in rotation.people}
    return {*turns, directory.default_contact, *(one.person for one in directory.overrides if one.person)}


def _ways(person: str, directory: Directory) -> Iterator[tuple[Channel, ...]]:
    for way in WAYS:
        if person in directory.people and any(address_of(directory, person, channel) for channel in way):
            yield way
