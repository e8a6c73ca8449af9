"""What changes among people between two deployments: duties taken over, channels that failed, devices, who is awake."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shared.domain.oncall import Directory, Override, Person
from shared.domain.signals import digest

MOST_DEVICES = 5  # a person's newest ones; older ones are telephones of the past


class OffReason(StrEnum):
    """Why a channel no longer reaches a person."""

    STOP = "the person sent STOP"
    REFUSED = "the provider says that this address can never be reached"


@dataclass(frozen=True, slots=True)
class ChannelOff:
    """A channel on which the person can no longer be reached, for as long as `address` (its digest) is theirs."""

    person: str
    channel: str
    address: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Device:
    """A telephone that takes push messages for the person."""

    person: str
    token: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Awake:
    """The person has just acted: no telephone has to wake them until then."""

    person: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """The person does without bulletins of the kind."""

    person: str
    kind: str
    at: datetime


Amendment = Override | ChannelOff | Device | Awake | Unsubscribed


def address_digest(address: str) -> str:
    """What stands for an address in a record: enough to see that it has changed."""
    return digest("address", address)


def amended(directory: Directory, amendments: Iterable[Amendment], now: datetime) -> Directory:
    """The directory as it is at `now`; duties taken over win over the file's, the one asked for last over all.

    Amending what was amended before starts from the file again.
    """
    found = tuple(amendments)
    filed = [one for one in directory.overrides if one.asked_at is None]
    # Somebody who has left meanwhile leaves no gap: the duty is that of the rotation again.
    taken = [one for one in found if isinstance(one, Override) and one.person in directory.people]
    overrides = (*filed, *sorted(taken, key=lambda one: one.asked_at or one.start))
    people = {name: _person(person, found, now) for name, person in directory.people.items()}
    return replace(directory, people=people, overrides=overrides)


def _person(person: Person, amendments: tuple[Amendment, ...], now: datetime) -> Person:
    own = [one for one in amendments if not isinstance(one, Override) and one.person == person.id]
    off = {one.channel for one in own if isinstance(one, ChannelOff) and _is_theirs(one, person)}
    devices = sorted((one for one in own if isinstance(one, Device)), key=lambda one: one.at)
    return replace(
        person,
        off=frozenset(off),
        devices=tuple(one.token for one in devices[-MOST_DEVICES:]),
        awake=any(isinstance(one, Awake) and one.until > now for one in own),
        unsubscribed=frozenset(one.kind for one in own if isinstance(one, Unsubscribed)),
    )


def _is_theirs(off: ChannelOff, person: Person) -> bool:
    return off.address in {address_digest(given) for given in (person.email, person.phone, person.slack_user)}
