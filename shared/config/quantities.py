"""Numbers with units as people write them in conditions, and the one unit each metric is kept in."""

import re
from dataclasses import dataclass
from enum import StrEnum

from shared.domain.rules import Unit


class Kind(StrEnum):
    """What a number measures."""

    SHARE = "a share"
    SIZE = "a size"
    TIME = "a time"
    NUMBER = "a number"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in percent, bytes, milliseconds or pieces, by its kind."""

    kind: Kind
    value: float


# KB is 1000 bytes as everywhere in networking; KiB is 1024.
_FACTORS: dict[str, tuple[Kind, float]] = {
    "": (Kind.NUMBER, 1),
    "%": (Kind.SHARE, 1),
    "percent": (Kind.SHARE, 1),
    **dict.fromkeys(("b", "byte", "bytes"), (Kind.SIZE, 1)),
    **{unit: (Kind.SIZE, 1000**power) for power, unit in enumerate(("kb", "mb", "gb"), 1)},
    **{unit: (Kind.SIZE, 1024**power) for power, unit in enumerate(("kib", "mib", "gib"), 1)},
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), (Kind.TIME, 1)),
    **dict.fromkeys(("s", "sec", "second", "seconds"), (Kind.TIME, 1000)),
    **dict.fromkeys(("m", "min", "minute", "minutes"), (Kind.TIME, 60000)),
    **dict.fromkeys(("h", "hour", "hours"), (Kind.TIME, 3600000)),
}
UNITS = "%, B, KB, MB, GB, KiB, MiB, GiB, ms, s, minutes, hours"
EXAMPLES = {Kind.SHARE: "1%", Kind.SIZE: "750KB", Kind.TIME: "500ms", Kind.NUMBER: "10"}

_BY_ENDING = {
    Kind.SHARE: ("_rate", "_ratio", "_share", "_percentage", "_percent", "uptime", "availability"),
    Kind.SIZE: ("_size", "_bytes"),
    Kind.TIME: ("_time", "_latency", "_duration", "_paint", "_delay"),
}
_NUMBER = re.compile(r"\d+(\.\d+)?")


def quantity(number: str, unit: str) -> Quantity | None:
    """The value of e.g. ("750", "KB"); None when either part cannot be read."""
    known = _FACTORS.get(unit.lower())
    if known is None or not _NUMBER.fullmatch(number):
        return None
    kind, factor = known
    return Quantity(kind, round(float(number) * factor, 9))


def kind_of(metric: str) -> Kind | None:
    """What the metric's name says that it measures; None when the name does not say."""
    return next((kind for kind, endings in _BY_ENDING.items() if metric.endswith(endings)), None)


def unit_of(metric: str, kind: Kind) -> Unit:
    """The unit in which the metric is kept: durations of visits in seconds, every other time in milliseconds."""
    units = {Kind.SHARE: Unit.PERCENT, Kind.SIZE: Unit.BYTES, Kind.TIME: Unit.MILLISECONDS, Kind.NUMBER: Unit.COUNT}
    return Unit.SECONDS if kind is Kind.TIME and metric.endswith("_duration") else units[kind]


def in_unit(amount: Quantity, unit: Unit) -> float:
    """The value in the metric's unit."""
    return amount.value / 1000 if unit is Unit.SECONDS else amount.value
