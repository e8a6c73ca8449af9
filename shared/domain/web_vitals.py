"""How fast pages feel: a week's web vitals against what is promised, what counts as poor, and the week before."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.domain.bundles import ALERT
from shared.domain.figures import Figure, Standing
from shared.domain.jobs import Finding, Verdict


@dataclass(frozen=True, slots=True)
class Vital:
    """A web vital: its metric, its short name, and the value of the 75th percentile beyond which it is poor.

    `good` is the target where metrics.yaml has none. https://web.dev/articles/defining-core-web-vitals-thresholds,
    https://web.dev/articles/fcp
    """

    metric: str
    short: str
    good: float
    poor: float


WORSE_BY = 10.0  # percent; less is how weeks differ
VITALS = (
    Vital("first_contentful_paint", "FCP", 1_800, 3_000),
    Vital("largest_contentful_paint", "LCP", 2_500, 4_000),
    Vital("interaction_to_next_paint", "INP", 200, 500),
    Vital("cumulative_layout_shift", "CLS", 0.1, 0.25),
)


def judged(measured: Iterable[tuple[Vital, Figure]]) -> tuple[Finding, ...]:
    """A vital that is poor fails, one that misses its target or got worse is a warning; unmeasured ones are neither."""
    return tuple(found for vital, figure in measured if (found := _judged(vital, figure)) is not None)


def _judged(vital: Vital, figure: Figure) -> Finding | None:
    if figure.value is None:
        return None
    before = f", {_said(vital, figure.before)} the week before" if figure.before is not None else ""
    what = f"{vital.short} is {_said(vital, figure.value)} at the 75th percentile{before}"
    if figure.value > vital.poor:
        fix = f"see runbook load_time; up to {_said(vital, vital.poor)} is fair, beyond it visitors leave"
        return Finding(vital.metric, f"{what}: poor", Verdict.FAIL, fix, ALERT)
    if figure.standing is Standing.MISSED:
        fix = f"the target is {_said(vital, figure.metric.target or vital.good)}; see runbook load_time"
        return Finding(vital.metric, f"{what}: over its target", Verdict.WARN, fix, ALERT)
    if (figure.change or 0.0) > WORSE_BY:
        fix = "within its target still; look for what was deployed in the week"
        return Finding(vital.metric, f"{what}: worse", Verdict.WARN, fix, ALERT)
    return None


def _said(vital: Vital, value: float) -> str:
    return f"{value:.2f}" if vital.poor < 1 else f"{value:,.0f} ms"
