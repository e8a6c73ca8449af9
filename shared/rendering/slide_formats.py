"""How a chart's axis writes its figures: the same round steps and units as every other form of it."""

import math
from dataclasses import dataclass

from shared.domain.chart_data import Chart
from shared.domain.rules import Unit
from shared.rendering.chart_scales import ladder, values_of
from shared.rendering.figures import PERCENT, SCALES, WHOLE, Scale, figure, scale_of

THOUSANDS = {1: 0, 1_000: 1, 1_000_000: 2, 1_000_000_000: 3}  # a format divides by a thousand for each comma
MOST_DECIMALS = 6
RLM = "\u200f"


@dataclass(frozen=True, slots=True)
class Axis:
    """Where it begins and how far its steps are, in the chart's unit; `high` only where nothing can lie beyond."""

    low: float
    step: float
    high: float | None
    format: str


def axis_of(chart: Chart, locale: str) -> Axis:
    """The axis of figures, open above for who edits them but to a share's whole and a target that would flatten all."""
    rungs = ladder(chart, locale)
    levels = [level.at for level in rungs.levels]
    step = levels[1] - levels[0] if len(levels) > 1 else rungs.high - rungs.low
    low = math.floor(rungs.low / step + 1e-9) * step
    scale = rungs.scale
    is_far = chart.target is not None and chart.target / scale.divisor > rungs.high
    is_whole = chart.unit is Unit.PERCENT and rungs.high == WHOLE
    high = math.ceil(rungs.high / step - 1e-9) * step
    return Axis(
        _exact(low * scale.divisor),
        _exact(step * scale.divisor),
        _exact(high * scale.divisor) if is_far or is_whole else None,
        number_format(chart.unit, scale, _decimals(step), locale),
    )


def label_format(chart: Chart, locale: str) -> str:
    """How the figures at the ends of bars are written: none with fewer digits than anywhere else."""
    scale = scale_of(chart.unit, max(map(abs, values_of(chart)), default=0.0))
    texts = [figure(rank.value / scale.divisor) for rank in chart.ranks]
    decimals = max((len(text.partition(".")[2]) for text in texts), default=0)
    return number_format(chart.unit, scale, decimals, locale)


def number_format(unit: Unit, scale: Scale, decimals: int, locale: str) -> str:
    """The spreadsheet's format for raw figures of the unit; one that a format cannot divide to stays in the unit."""
    if scale.divisor not in THOUSANDS:
        scale, decimals = SCALES[unit][0], 0
    suffix = scale.arabic if locale == "ar" else scale.english
    apart = "" if not suffix or (locale == "ar" and suffix == PERCENT) else "\u00a0"
    ahead = f'"{RLM}"' if locale == "ar" and suffix and suffix != PERCENT else ""
    behind = f'"{apart}{suffix}"' if suffix else ""
    shown = "#,##0" + ("." + "0" * decimals if decimals else "") + "," * THOUSANDS[int(scale.divisor)]
    written = f"{ahead}{shown}{behind}"
    return f"{written};-{written};{ahead}0{behind}" if decimals else written


def _decimals(step: float) -> int:
    return next((n for n in range(MOST_DECIMALS) if math.isclose(round(step, n), step, rel_tol=1e-6)), MOST_DECIMALS)


def _exact(value: float) -> float:
    """Without the dust of floating point."""
    return float(f"{value:.9g}")
