"""Numbers with units as people write them in conditions, and the one unit each metric is kept in."""

import re
from dataclasses import dataclass
from enum import StrEnum

from shared.domain import units
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


_KINDS = {
    Unit.PERCENT: Kind.SHARE,
    Unit.BYTES: Kind.SIZE,
    Unit.MILLISECONDS: Kind.TIME,
    Unit.COUNT: Kind.NUMBER,
    Unit.MONEY: Kind.NUMBER,
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
    known = units.named(unit)
    if known is None or not _NUMBER.fullmatch(number):
        return None
    base, factor = known
    return Quantity(_KINDS[base], round(float(number) * factor, 9))


def kind_of(metric: str) -> Kind | None:
    """What the metric's name says that it measures; None when the name does not say."""
    return next((kind for kind, endings in _BY_ENDING.items() if metric.endswith(endings)), None)


def unit_of(metric: str, kind: Kind) -> Unit:
    """The unit in which the metric is kept: durations of visits in seconds, every other time in milliseconds."""
    if kind is Kind.TIME and metric.endswith("_duration"):
        return Unit.SECONDS
    return next(unit for unit, of_kind in _KINDS.items() if of_kind is kind)


def in_unit(amount: Quantity, unit: Unit) -> float:
    """The value in the metric's unit."""
    return amount.value / 1000 if unit is Unit.SECONDS else amount.value
