"""How the burden of being on call is shared: hours, hours at night and hours of the week-end, person by person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from shared.domain.oncall import Directory, shifts
from shared.domain.wallclock import ALL_DAY, Hours, stretches

NIGHT = Hours(time(22), time(7))
FRIDAY, SATURDAY = 4, 5
WEEKEND = frozenset({FRIDAY, SATURDAY})
HORIZON = timedelta(weeks=8)
TOO_MUCH = 1.5


@dataclass(frozen=True, slots=True)
class Load:
    """Time on call; night is 22:00 to 07:00 and the week-end Friday and Saturday, by the rotation's clock."""

    total: timedelta = timedelta(0)
    nights: timedelta = timedelta(0)
    weekends: timedelta = timedelta(0)

    def __add__(self, other: "Load") -> "Load":
        """Both together."""
        return Load(self.total + other.total, self.nights + other.nights, self.weekends + other.weekends)


def loads(
    directory: Directory, start: datetime, end: datetime, *, rotations: Iterable[str] | None = None
) -> Mapping[str, Load]:
    """The load of everybody who takes turns in the rotations (None: in any), also of who has none in this time."""
    names = tuple(directory.rotations if rotations is None else rotations)
    found = {person: Load() for name in names for person in directory.rotations[name].people}
    for name in names:
        for duty in shifts(directory, name, start, end):
            if duty.person is not None:
                zone = ZoneInfo(directory.rotations[name].zone_of(duty.person))
                found[duty.person] = found.get(duty.person, Load()) + _load(duty.start, duty.end, zone)
    return found


def whole_cycles(directory: Directory, rotation: str, *, at_least: timedelta = HORIZON) -> timedelta:
    """The shortest time, at least that long, in which everybody has had the same number of turns of each layer."""
    longest = max(layer.turn * max(len(layer.people), 1) for layer in directory.rotations[rotation].every)
    return longest * ceil(at_least / longest)


def overloaded(found: Mapping[str, Load]) -> tuple[tuple[str, str], ...]:
    """Whose hours, nights or week-ends are more than one and a half times the mean, with the word for which."""
    kinds = {"hours": "total", "nights": "nights", "week-ends": "weekends"}
    return tuple(
        (person, word)
        for word, field in kinds.items()
        for person, load in found.items()
        if getattr(load, field) > TOO_MUCH * sum((getattr(x, field) for x in found.values()), timedelta(0)) / len(found)
    )


def _load(start: datetime, end: datetime, zone: ZoneInfo) -> Load:
    return Load(
        end - start,
        _within(start, end, stretches(NIGHT, frozenset(), zone, start=start, end=end)),
        _within(start, end, stretches(ALL_DAY, WEEKEND, zone, start=start, end=end)),
    )


def _within(start: datetime, end: datetime, parts: Iterable[tuple[datetime, datetime]]) -> timedelta:
    return sum((min(end, last) - max(start, first) for first, last in parts), timedelta(0))
