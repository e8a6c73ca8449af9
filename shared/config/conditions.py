"""The mission's two sentences: "error_rate > 1%" becomes a limit, "0.5% increase" a change.

Percent of a share means percentage points, percent of anything else is relative to the baseline, and every other
unit is absolute.
"""

import re

from shared.config.faults import Fault, Path
from shared.config.quantities import EXAMPLES, UNITS, Kind, Quantity, in_unit, kind_of, quantity, unit_of
from shared.domain.rules import Change, ChangeUnit, Comparison, Direction, Limit, Unit

_CONDITION = re.compile(
    r"(?P<metric>[a-z][a-z0-9_]*) *(?P<comparison>[<>=!]+) *(?P<number>[-+\d.,]+) *(?P<unit>[%A-Za-z]*)"
)
_THRESHOLD = re.compile(r"(?P<number>[-+\d.,]+) *(?P<unit>[%A-Za-z ]*?) *(?P<direction>increase|decrease)")
_POINTS = frozenset({"pp", "point", "points", "percentage point", "percentage points"})
_EVERYTHING = 100.0


def condition(text: str, path: Path = ()) -> tuple[str, Limit]:
    """The metric and its limit, in the metric's own unit. Raises Fault."""
    found = _CONDITION.fullmatch(text.strip())
    if found is None:
        raise Fault(
            path, f"{text!r} is not a condition", "write <metric> > <number><unit>, as error_rate > 1%, instead"
        )
    metric, comparison = found["metric"], found["comparison"]
    if comparison not in set(Comparison):
        strict = f"{metric} {'<' if '<' in comparison else '>'} {found['number']}{found['unit']}"
        raise Fault(path, f"{comparison} is not a strict comparison", f"write {strict} instead")
    amount = _amount(found["number"], found["unit"], text, path)
    _require_kind(metric, amount, path)
    unit = unit_of(metric, amount.kind)
    return metric, Limit(Comparison(comparison), in_unit(amount, unit), unit)


def threshold(text: str, metric: str, *, limit: Limit | None = None, path: Path = ()) -> Change:
    """The change of `metric` that fires; the limit's unit tells shares whose name does not. Raises Fault."""
    found = _THRESHOLD.fullmatch(text.strip())
    if found is None:
        raise Fault(path, f"{text!r} is not a change", "write it like 10% increase or 500ms decrease instead")
    unit, direction = found["unit"].lower(), Direction(found["direction"])
    amount = _amount(found["number"], "%" if unit in _POINTS else unit, text, path)
    if not amount.value:
        raise Fault(path, "a change of nothing fires always", "write a positive number instead")
    if amount.kind is not Kind.SHARE:
        return Change(_absolute(amount, text, metric, limit=limit, path=path), ChangeUnit.ABSOLUTE, direction)
    if kind_of(metric) is Kind.SHARE or (limit is not None and limit.unit is Unit.PERCENT):
        return Change(amount.value, ChangeUnit.POINTS, direction)
    if unit in _POINTS:
        raise Fault(path, f"{metric} has no percentage points", f"write {found['number']}% {direction} instead")
    if direction is Direction.DECREASE and amount.value >= _EVERYTHING:
        raise Fault(path, f"{metric} cannot fall by 100% or more", "write less than 100% decrease instead")
    return Change(amount.value, ChangeUnit.RELATIVE, direction)


def _amount(number: str, unit: str, text: str, path: Path) -> Quantity:
    if number.startswith("-"):
        raise Fault(path, f"{text!r} has a negative number", f"write {text.replace(number, number[1:])} instead")
    amount = quantity(number, unit)
    if amount is None:
        fix = f"write the number as 1000 or 0.5 with one of {UNITS} instead"
        raise Fault(path, f"{number}{unit} in {text!r} is not a quantity", fix)
    return amount


def _require_kind(metric: str, amount: Quantity, path: Path) -> None:
    expected = kind_of(metric)
    if expected is not None and amount.kind is not expected:
        raise Fault(
            path, f"{metric} measures {expected}, not {amount.kind}", f"write it like {EXAMPLES[expected]} instead"
        )


def _absolute(amount: Quantity, text: str, metric: str, *, limit: Limit | None, path: Path) -> float:
    _require_kind(metric, amount, path)
    unit = unit_of(metric, amount.kind)
    if limit is not None and limit.unit is not unit:
        raise Fault(path, f"{text!r} is not in the limit's unit ({limit.unit})", "write both in the same unit instead")
    return in_unit(amount, unit)
