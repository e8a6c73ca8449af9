"""Rotations and their layers, from the file's words to the domain's values."""

from datetime import time, timedelta

from shared.config.durations import duration
from shared.config.faults import Fault, Path
from shared.config.time_zones import zone
from shared.config.wire import LayerWire, RotationWire
from shared.domain.oncall import Layer, Rotation
from shared.domain.wallclock import WEEKDAYS, Hours

SHORTEST, LONGEST = timedelta(hours=1), timedelta(weeks=8)


def rotation(name: str, wire: RotationWire) -> Rotation:
    """The rotation; its layers inherit what they leave out. Raises Fault."""
    path: Path = ("rotations", name)
    base = Layer(
        people=wire.people,
        first_day=wire.first_day,
        handover=time.fromisoformat(wire.handover),
        turn=_turn(wire.turn, (*path, "turn")),
        timezone=zone(wire.timezone, (*path, "timezone")).key,
    )
    layers = tuple(_layer(layer, base, (*path, "layers", index)) for index, layer in enumerate(wire.layers))
    return Rotation(name, base, layers)


def _layer(wire: LayerWire, base: Layer, path: Path) -> Layer:
    return Layer(
        people=wire.people,
        first_day=wire.first_day or base.first_day,
        handover=time.fromisoformat(wire.handover) if wire.handover else base.handover,
        turn=_turn(wire.turn, (*path, "turn")) if wire.turn else base.turn,
        timezone=zone(wire.timezone, (*path, "timezone")).key if wire.timezone else base.timezone,
        hours=_hours(wire.hours, (*path, "hours")) if wire.hours else None,
        days=frozenset(WEEKDAYS.index(day) for day in wire.days),
    )


def _turn(text: str, path: Path) -> timedelta:
    length = duration(text)
    if not SHORTEST <= length <= LONGEST:
        raise Fault(
            path, f"a turn of {text!r} is not between one hour and eight weeks", "write for example 12h, 1d, 1w"
        )
    return length


def _hours(text: str, path: Path) -> Hours:
    start, _, end = text.partition("-")
    if start == end:
        raise Fault(
            path, f"{text} begins and ends at the same time", "leave hours out where the layer is always on duty"
        )
    return Hours(time.fromisoformat(start), time.fromisoformat(end))
