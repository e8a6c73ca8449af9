"""Who is on call at an instant: rotations with hand-over times in local wall-clock time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CAIRO = "Africa/Cairo"


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
    """People taking turns of `turn_days` days from `first_day`, handing over at `handover` local time."""

    name: str
    people: tuple[str, ...]
    first_day: date
    handover: time = time(9, 0)
    turn_days: int = 7
    timezone: str = CAIRO


@dataclass(frozen=True, slots=True)
class Override:
    """`person` takes the duty of `rotation` from `start` until `end` (aware instants); None leaves it empty."""

    rotation: str
    person: str | None
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody, every team and every rotation; `default_contact` answers when nobody else does."""

    people: Mapping[str, Person]
    teams: Mapping[str, tuple[str, ...]]
    rotations: Mapping[str, Rotation]
    default_contact: str
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """One person's turn: [start, end) in UTC; `person` is None in a gap."""

    person: str | None
    start: datetime
    end: datetime


def on_call_at(directory: Directory, rotation: str, at: datetime) -> str | None:
    """The id of the person on duty at `at`, or None when the schedule has a gap there."""
    for override in reversed(directory.overrides):
        if override.rotation == rotation and override.start <= at < override.end:
            return override.person
    schedule = directory.rotations[rotation]
    turn = _turn_number(schedule, at)
    if turn < 0 or not schedule.people:
        return None
    return schedule.people[turn % len(schedule.people)]


def duty_at(directory: Directory, rotation: str, at: datetime) -> Duty:
    """The regular turn that holds `at`; the person is the one really on duty, overrides included."""
    schedule = directory.rotations[rotation]
    turn = _turn_number(schedule, at)
    return Duty(on_call_at(directory, rotation, at), _turn_start(schedule, turn), _turn_start(schedule, turn + 1))


def _turn_number(rotation: Rotation, at: datetime) -> int:
    local = at.astimezone(ZoneInfo(rotation.timezone))
    guess = (local.date() - rotation.first_day).days // rotation.turn_days
    # Near a hand-over the local date alone may be one turn off; the instants decide.
    for turn in (guess + 1, guess, guess - 1):
        if _turn_start(rotation, turn) <= at:
            return turn
    return guess - 1


def _turn_start(rotation: Rotation, turn: int) -> datetime:
    day = rotation.first_day + timedelta(days=turn * rotation.turn_days)
    return datetime.combine(day, rotation.handover, ZoneInfo(rotation.timezone)).astimezone(UTC)
