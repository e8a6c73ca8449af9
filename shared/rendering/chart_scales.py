"""The axis of figures: round numbers in one scale, with the target inside unless that would press everything flat."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain.chart_data import Chart, ChartKind
from shared.domain.rules import Unit
from shared.rendering.figures import WHOLE, Scale, amount, scale_of

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
LEVELS = 4
ROOM = 0.08  # of the height, above and below what is drawn
LEAST_SHARE = 0.22  # of the height, for what is measured


@dataclass(frozen=True, slots=True)
class Level:
    """A round figure on the axis, in its scale."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """The axis, all of it in `scale`."""

    scale: Scale
    low: float
    high: float
    levels: tuple[Level, ...]

    def scaled(self, value: float | None) -> float | None:
        """A figure of the chart as it is drawn: six digits are more than anybody sees."""
        return None if value is None else float(f"{value / self.scale.divisor:.6g}")

    def holds(self, value: float) -> bool:
        """True when a figure of the chart lies on the axis."""
        return self.low <= value / self.scale.divisor <= self.high


def values_of(chart: Chart) -> list[float]:
    """Every figure that is drawn, in the chart's unit."""
    ranked = [value for rank in chart.ranks for value in (rank.value, rank.before) if value is not None]
    return ranked + [value for line in chart.lines for _, value in line.points if value is not None]


def ladder(chart: Chart, locale: str) -> Ladder:
    """The axis of a chart; bars stand on zero, lines too unless they all lie far from it."""
    figures = values_of(chart) or [0.0]
    scale = scale_of(chart.unit, max(map(abs, figures)))
    low, high = _bounds([one / scale.divisor for one in figures], stands=chart.kind is not ChartKind.LINE)
    if chart.target is not None:
        low, high = _with_target(low, high, chart.target / scale.divisor)
    if chart.unit is Unit.PERCENT and max(figures) <= WHOLE:
        high = min(high, WHOLE)
    step = _step(low, high)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    rungs = [float(f"{step * number:.9g}") for number in range(first, last + 1)]
    return Ladder(scale, low, high, tuple(Level(rung, amount(rung * scale.divisor, scale, locale)) for rung in rungs))


def _bounds(figures: Sequence[float], *, stands: bool) -> tuple[float, float]:
    low, high = min(figures), max(figures)
    if stands or 0 <= low <= high / 2:
        low = min(low, 0.0)
    room = (high - low) * ROOM or abs(high) * ROOM or 1.0
    return (low - room if low else 0.0), high + room


def _with_target(low: float, high: float, target: float) -> tuple[float, float]:
    room = (max(high, target) - min(low, target)) * ROOM / 2
    wide = min(low, target - room if low else target), max(high, target + room)
    return wide if high - low >= LEAST_SHARE * (wide[1] - wide[0]) else (low, high)


def _step(low: float, high: float) -> float:
    rough = (high - low) / LEVELS
    tens = 10.0 ** math.floor(math.log10(rough))
    return next(step * tens for step in STEPS if step * tens >= rough * 0.999)
