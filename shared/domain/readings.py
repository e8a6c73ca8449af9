"""What a rule's limit and change mean as trials that fail more often than a share."""

from dataclasses import dataclass

from shared.domain.baselines import Baseline
from shared.domain.metrics import Kind, Metric, Statistic
from shared.domain.rules import Change, ChangeUnit, Comparison, Direction, Limit, MetricRule
from shared.domain.series import Reading, Side

EVERYTHING = 100.0


@dataclass(frozen=True, slots=True)
class Test:
    """`reading` must not fail more often than `share` (0 to 1); `value` is the same bound in the metric's unit."""

    reading: Reading
    share: float
    value: float


def is_counted(metric: Metric) -> bool:
    """True where single measurements are known well enough for an exact test: shares, and percentiles of values."""
    return metric.kind is Kind.RATIO or (metric.kind is Kind.VALUE and metric.statistic is Statistic.PERCENTILE)


def limit_test(rule: MetricRule, metric: Metric) -> Test | None:
    """The limit as a test; None where the rule has none."""
    if rule.limit is None:
        return None
    return _test(metric, rule.limit.value, above=rule.limit.comparison is Comparison.ABOVE)


def change_test(rule: MetricRule, metric: Metric, baseline: Baseline) -> Test | None:
    """The change against the baseline as a test; None where either is missing, or where nothing can exceed it."""
    bound = change_bound(rule.change, metric, baseline)
    if rule.change is None or bound is None:
        return None
    test = _test(metric, bound, above=rule.change.direction is Direction.INCREASE)
    return test if test is not None and 0 < test.share < 1 else None


def usual_value(metric: Metric, baseline: Baseline) -> float | None:
    """The baseline in the metric's unit; a share's from the failures counted once per client, as its tests are."""
    if metric.kind is Kind.RATIO and baseline.bad_share is not None:
        return EVERYTHING * (1 - baseline.bad_share if metric.good_share else baseline.bad_share)
    return baseline.value


def change_bound(change: Change | None, metric: Metric, baseline: Baseline) -> float | None:
    """The value beyond which the change has happened; None without a baseline.

    Nothing is ever divided by the baseline: a relative change of zero is no bound.
    """
    usual = usual_value(metric, baseline)
    if change is None or usual is None:
        return None
    by = change.by
    if change.unit is ChangeUnit.RELATIVE:
        if usual <= 0:
            return None
        by = usual * change.by / EVERYTHING
    return usual + by if change.direction is Direction.INCREASE else usual - by


def is_chronic(limit: Limit | None, metric: Metric, baseline: Baseline) -> bool:
    """True when the usual value itself lies beyond the limit."""
    usual = usual_value(metric, baseline)
    return limit is not None and usual is not None and limit.is_breached_by(usual)


def _test(metric: Metric, bound: float, *, above: bool) -> Test | None:
    if metric.kind is Kind.RATIO:
        bad = EVERYTHING - bound if metric.good_share else bound
        return Test(Reading(Side.BAD), bad / EVERYTHING, bound) if above is not metric.good_share else None
    rank = metric.percentile / EVERYTHING
    return Test(Reading(Side.ABOVE if above else Side.BELOW, bound), 1 - rank if above else rank, bound)
