"""Who is on call, reckoned anew from the rotations of oncall.yaml and the duties people took over."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from infra.local.year.oracle.cairo import instant
from shared.domain.oncall import Directory, Rotation
from shared.errors import ConfigurationError

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Taken:
    """A duty that somebody took over."""

    rotation: str
    person: str
    start: datetime
    end: datetime


class Rota:
    """Weekly turns that change by Egypt's wall clock, and what was taken over, the last asked for first."""

    def __init__(self, directory: Directory) -> None:
        self._rotations = directory.rotations
        self.taken: list[Taken] = []

    def on_call(self, rotation: str, at: datetime) -> str | None:
        """Who has the duty then."""
        for one in reversed(self.taken):
            if one.rotation == rotation and one.start <= at < one.end:
                return one.person
        return _turn(self._rotations[rotation], at)

    def everybody(self, at: datetime) -> dict[str, str | None]:
        """Who has which duty then."""
        return {name: self.on_call(name, at) for name in self._rotations}

    def give_back(self, rotation: str, around: datetime, now: datetime) -> None:
        """The newest that holds the instant ends now; one that had not begun never does."""
        for number in range(len(self.taken) - 1, -1, -1):
            one = self.taken[number]
            if one.rotation == rotation and one.start <= around < one.end:
                self.taken[number] = replace(one, end=max(one.start, min(one.end, now)))
                return


def _turn(rotation: Rotation, at: datetime) -> str | None:
    """Turns of whole days without hours; the files of other shapes are not simulated."""
    base = rotation.base
    days, turn = base.turn // DAY, 0
    if rotation.layers or base.hours or base.days or base.turn % DAY:
        raise ConfigurationError(f"the rotation {rotation.name} has layers or hours; a year knows plain turns")
    turn = (at.astimezone(base.zone).date() - base.first_day).days // days + 1
    while instant(base.first_day + turn * days * DAY, base.handover, base.zone) > at:
        turn -= 1
    return base.people[turn % len(base.people)] if turn >= 0 else None
