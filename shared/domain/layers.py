"""One layer of a rotation: people taking turns that hand over by the clock, perhaps only at certain hours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.domain.wallclock import ALL_DAY, DAY, Hours, instant_of, stretches

CAIRO = "Africa/Cairo"
MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Layer:
    """People taking turns of length `turn` from `first_day`, `handover` local time, on.

    Turns of whole days, and those that divide a day, hand over by the wall clock, summer and winter; any other length
    is counted in real hours from the first hand-over. With `hours` the layer is on duty only then, with `days` (Monday
    is 0) only in hours that begin on those days.
    """

    people: tuple[str, ...]
    first_day: date
    handover: time = time(9, 0)
    turn: timedelta = timedelta(weeks=1)
    timezone: str = CAIRO
    hours: Hours | None = None
    days: frozenset[int] = frozenset()

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of its clock."""
        return ZoneInfo(self.timezone)


def holder_at(layer: Layer, at: datetime) -> str | None:
    """Who has the turn at `at`; None before the first one, outside the layer's hours, and without people."""
    if not layer.people or not _is_active(layer, at):
        return None
    turn = turn_number(layer, at)
    return None if turn < 0 else layer.people[turn % len(layer.people)]


def changes(layer: Layer, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every instant in [start, end) at which the layer may change hands, come on duty or go off; in no order."""
    turn = turn_number(layer, start)
    while (at := turn_start(layer, turn)) < end:
        if at >= start:
            yield at
        turn += 1
    if layer.hours or layer.days:
        edges = stretches(layer.hours or ALL_DAY, layer.days, layer.zone, start=start, end=end)
        yield from (edge for pair in edges for edge in pair if start <= edge < end)


def turn_number(layer: Layer, at: datetime) -> int:
    """Which turn holds `at`: 0 is the first, negative ones come before it."""
    if not _is_by_wall_clock(layer):
        return (at - _first(layer)) // layer.turn
    local = at.astimezone(layer.zone).replace(tzinfo=None)
    guess = (local - datetime.combine(layer.first_day, layer.handover)) // layer.turn
    # Where the clock is put back or forward, the local time alone may be one turn off; the instants decide.
    turn = guess + 1
    while turn_start(layer, turn) > at:
        turn -= 1
    return turn


def turn_start(layer: Layer, turn: int) -> datetime:
    """The instant (UTC) of a hand-over."""
    if not _is_by_wall_clock(layer):
        return _first(layer) + turn * layer.turn
    return instant_of(datetime.combine(layer.first_day, layer.handover) + turn * layer.turn, layer.zone)


def _first(layer: Layer) -> datetime:
    return instant_of(datetime.combine(layer.first_day, layer.handover), layer.zone).astimezone(UTC)


def _is_by_wall_clock(layer: Layer) -> bool:
    return not layer.turn % DAY or not DAY % layer.turn


def _is_active(layer: Layer, at: datetime) -> bool:
    if not layer.hours and not layer.days:
        return True
    found = stretches(layer.hours or ALL_DAY, layer.days, layer.zone, start=at, end=at + MOMENT)
    return any(first <= at < last for first, last in found)
