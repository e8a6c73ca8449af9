"""Who is on call: people, rotations of one or more layers, and the duties people have taken over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.layers import CAIRO, Layer, changes, holder_at

__all__ = [
    "CAIRO",
    "Directory",
    "Duty",
    "Layer",
    "Override",
    "Person",
    "Rotation",
    "duty_at",
    "on_call_at",
    "shifts",
    "whole_shifts",
]

# How far around an instant a duty is followed; no turn is longer than eight weeks.
AROUND = timedelta(weeks=9)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be told; `locale` is "en" or "ar". Empty strings mean "has none".

    The last four are not configured but change by the hour (`amendments`): channels that no longer reach the person,
    tokens of their devices, whether they are up and working, kinds of bulletin they do without.
    """

    id: str
    name: str
    email: str = ""
    phone: str = ""
    slack_user: str = ""
    locale: str = "en"
    roles: tuple[str, ...] = ()
    off: frozenset[str] = frozenset()
    devices: tuple[str, ...] = ()
    awake: bool = False
    unsubscribed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rotation:
    """A duty that somebody always has: `base` all the time, and over it `layers`, the later the stronger."""

    name: str
    base: Layer
    layers: tuple[Layer, ...] = ()

    @property
    def every(self) -> tuple[Layer, ...]:
        """The layers from the weakest to the strongest."""
        return (self.base, *self.layers)

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who takes turns, each once."""
        return tuple(dict.fromkeys(person for layer in self.every for person in layer.people))

    def zone_of(self, person: str) -> str:
        """By whose clock the person's nights and week-ends are counted: that of their last layer."""
        own = [layer.timezone for layer in self.every if person in layer.people]
        return own[-1] if own else self.base.timezone


@dataclass(frozen=True, slots=True)
class Override:
    """`person` takes the duty of `rotation` from `start` until `end` (aware instants); None leaves it empty.

    One that was asked for while we run says when, and by whom; those of the file have neither.
    """

    rotation: str
    person: str | None
    start: datetime
    end: datetime
    asked_at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody, every team and every rotation; `default_contact` answers when nobody else does."""

    people: Mapping[str, Person]
    teams: Mapping[str, tuple[str, ...]]
    rotations: Mapping[str, Rotation]
    default_contact: str
    overrides: tuple[Override, ...] = ()

    def members(self, targets: Iterable[str]) -> list[str]:
        """The ids of those whom the targets ("team:engineering", "person:mona") mean, each once, in order."""
        found: dict[str, None] = {}
        for target in targets:
            kind, _, name = target.partition(":")
            found |= dict.fromkeys(self.teams.get(name, ()) if kind == "team" else (name,))
        return list(found)


@dataclass(frozen=True, slots=True)
class Duty:
    """One person's time on call: [start, end) in UTC; `person` is None in a gap."""

    person: str | None
    start: datetime
    end: datetime


def on_call_at(directory: Directory, rotation: str, at: datetime) -> str | None:
    """The id of the person on duty at `at`, or None when the schedule has a gap there."""
    for override in reversed(directory.overrides):
        if override.rotation == rotation and override.start <= at < override.end:
            return override.person
    found = (holder_at(layer, at) for layer in reversed(directory.rotations[rotation].every))
    return next((person for person in found if person is not None), None)


def shifts(directory: Directory, rotation: str, start: datetime, end: datetime) -> tuple[Duty, ...]:
    """Who has the duty from `start` until `end` without a hole, gaps included; one span while nobody changes."""
    own = [one for one in directory.overrides if one.rotation == rotation and one.start < end and one.end > start]
    there = replace(directory, overrides=tuple(own))
    edges = {at for layer in directory.rotations[rotation].every for at in changes(layer, start, end)}
    edges |= {at for one in own for at in (one.start, one.end) if start < at < end}
    found: list[Duty] = []
    for at in sorted({start, *edges}) if start < end else ():
        person = on_call_at(there, rotation, at)
        if not found or found[-1].person != person:
            found[-1:] = [*(replace(last, end=at) for last in found[-1:]), Duty(person, at, end)]
    return tuple(found)


def whole_shifts(directory: Directory, rotation: str, start: datetime, end: datetime) -> tuple[Duty, ...]:
    """The duties that touch [start, end), each with its own beginning and end (followed up to nine weeks)."""
    found = shifts(directory, rotation, start - AROUND, end + AROUND)
    return tuple(duty for duty in found if duty.start < end and duty.end > start)


def duty_at(directory: Directory, rotation: str, at: datetime) -> Duty:
    """The duty that holds `at`, overrides included, from its beginning to its end (followed up to nine weeks)."""
    return next(duty for duty in shifts(directory, rotation, at - AROUND, at + AROUND) if duty.end > at)
