"""Who a step really reaches: devices beside telephones, and somebody else for whom no address gets through."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from shared.domain.escalation import Step
from shared.domain.notifications import WAKING, Channel, Recipient, Route, address_of, recipients
from shared.domain.oncall import Directory, on_call_at
from shared.domain.severities import Severity

BESIDE_PUSH = frozenset({Channel.SMS, Channel.VOICE, Channel.EMAIL})
BY_URGENCY = (Channel.SMS, Channel.VOICE, Channel.PUSH, Channel.EMAIL)


@dataclass(frozen=True, slots=True)
class Reached:
    """`gaps` are rotations without anybody on duty, `unreachable` people on duty for whom somebody else is told."""

    recipients: tuple[Recipient, ...]
    gaps: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()


def reached(step: Step, route: Route, *, at: datetime, severity: Severity) -> Reached:
    """Everybody the step tells at `at`, each once per channel; whoever is on call, or else the default contact."""
    found, gaps = recipients(step, route, at)
    everybody = dict.fromkeys(found)
    lost = []
    for person in _missed(step, route, at, found):
        own = list(_ways(person, route.directory, severity))[:1]
        if not own:
            lost.append(person)
        everybody |= dict.fromkeys(own or _stand_in(route, severity))
    everybody |= dict.fromkeys(_devices(tuple(everybody), route.directory, severity))
    return Reached(tuple(everybody), gaps, tuple(lost))


def _missed(step: Step, route: Route, at: datetime, found: Iterable[Recipient]) -> Iterator[str]:
    """Who is on call, is to be told (a rule may mean its Slack channel only), and would hear nothing of this step."""
    directory, asked = route.directory, set(step.channels or route.channels) & set(route.channels) - {Channel.SLACK}
    told = {recipient.id for recipient in found if address_of(directory, recipient.id, recipient.channel)}
    for target in step.targets:
        who, _, only = target.partition("@")
        kind, _, name = who.partition(":")
        if not (only or asked):
            continue
        person = on_call_at(directory, name, at) if kind == "oncall" and name in directory.rotations else None
        if person is not None and person in directory.people and person not in told:
            yield person


def _ways(person: str, directory: Directory, severity: Severity) -> Iterator[Recipient]:
    """Every address of the person that takes messages; telephones only for what may wake people."""
    for channel in BY_URGENCY:
        if channel in WAKING and severity.rank < Severity.HIGH.rank:
            continue
        if address_of(directory, person, channel):
            yield Recipient(person, channel)


def _stand_in(route: Route, severity: Severity) -> list[Recipient]:
    """The default contact on the channels asked for, or on any that works."""
    ways = list(_ways(route.directory.default_contact, route.directory, severity))
    return [way for way in ways if way.channel in route.channels] or ways


def _devices(found: Iterable[Recipient], directory: Directory, severity: Severity) -> Iterator[Recipient]:
    """A push beside each text, call or mail about what is urgent, for those who registered a device."""
    if severity.rank < Severity.HIGH.rank:
        return
    for recipient in found:
        if recipient.channel in BESIDE_PUSH and address_of(directory, recipient.id, Channel.PUSH):
            yield Recipient(recipient.id, Channel.PUSH)
