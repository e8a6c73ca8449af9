"""One window of one metric rule, judged: is it beyond the limit, changed, fine, or unknown, and on what evidence."""

from statistics import median

from shared.domain.baselines import Baseline
from shared.domain.judgements import Judgement, Level, Outcome, Situation
from shared.domain.judging_burns import burning
from shared.domain.judging_counts import USUAL_WINDOW, tested
from shared.domain.metrics import Kind, Metric, Statistic
from shared.domain.readings import change_bound, is_chronic, is_counted
from shared.domain.rules import Comparison, Direction, MetricRule, Mode
from shared.domain.series import HOUR, MINUTE, value_over
from shared.domain.unusual import HourlyLevels


def is_tested(rule: MetricRule, metric: Metric) -> bool:
    """True for rules that are judged by exact tests over several windows."""
    return rule.objective is None and rule.window is None and rule.mode is not Mode.UNUSUAL and is_counted(metric)


def judge(rule: MetricRule, around: Situation) -> Judgement:
    """Judge the newest window. A rule with an objective burns, one with a window compares, every other is tested."""
    metric = around.series.metric
    if rule.mode is Mode.UNUSUAL:
        return _unusual(around)
    if rule.objective is not None:
        return burning(rule, around)
    if is_tested(rule, metric):
        return tested(rule, around)
    if metric.statistic is Statistic.LAST and metric.kind is Kind.VALUE and rule.window is None:
        return _gauge(rule, around)
    return _compared(rule, around)


def _unusual(around: Situation) -> Judgement:
    """The last whole hour against the past four weeks (levels.py); the detector remembers what it has seen."""
    series = around.series
    levels = series.remembered(("levels", series.metric.name), lambda: HourlyLevels(series.metric))
    levels.reach(series, around.end)
    last = series.hour(around.end - around.end % HOUR - HOUR)
    return Judgement(
        Outcome.UNUSUAL if levels.is_open else Outcome.FINE,
        breached=levels.is_open,
        level=Level.LIMIT if levels.is_open else Level.NONE,
        value=value_over(series.metric, [last] if last else []),
        baseline=around.baseline,
        samples=last.count if last else 0,
        window=float(HOUR),
    )


def _gauge(rule: MetricRule, around: Situation) -> Judgement:
    """The newest of single measurements that are exact (a build's size), against the median of those before it."""
    latest = around.series.latest(around.end)
    if latest is None or latest.start.timestamp() <= around.value_at or not latest.count:
        return Judgement(Outcome.NOTHING_NEW)
    baseline = Baseline(median(around.values), None, "the builds before") if around.values else Baseline()
    value = latest.total / latest.count
    level = _level(rule, around.series.metric, value, baseline)
    return Judgement(
        _named(level, rule, baseline),
        breached=level is not Level.NONE,
        level=level,
        value=value,
        bound=_bound(rule, around.series.metric, baseline, level),
        baseline=baseline,
        samples=1,
        window=float(MINUTE),
        measured_at=latest.start.timestamp(),
    )


def _compared(rule: MetricRule, around: Situation) -> Judgement:
    """The window's value as it is, against limit and change."""
    metric = around.series.metric
    window = (rule.window or max(rule.every, USUAL_WINDOW)).total_seconds()
    points = around.series.window(around.end - window, around.end)
    samples = sum(point.count for point in points)
    value = value_over(metric, points)
    if value is None or (not points and metric.kind is not Kind.COUNT):
        return Judgement(Outcome.NO_DATA, baseline=around.baseline, window=window)
    if samples < rule.min_samples:
        return Judgement(Outcome.TOO_FEW, value=value, baseline=around.baseline, samples=samples, window=window)
    level = _level(rule, metric, value, around.baseline)
    over = None
    if rule.clear is not None and rule.limit is not None:
        over = value < rule.clear if rule.limit.comparison is Comparison.ABOVE else value > rule.clear
    return Judgement(
        _named(level, rule, around.baseline),
        breached=level is not Level.NONE,
        over=over,
        level=level,
        value=value,
        bound=_bound(rule, metric, around.baseline, level),
        baseline=around.baseline,
        samples=samples,
        failures=sum(point.bad for point in points) if metric.kind is Kind.RATIO else None,
        window=window,
    )


def _level(rule: MetricRule, metric: Metric, value: float, baseline: Baseline) -> Level:
    beyond = rule.limit is not None and rule.limit.is_breached_by(value)
    changed, known = False, (bound := change_bound(rule.change, metric, baseline)) is not None
    if rule.change is not None and bound is not None:
        changed = value > bound if rule.change.direction is Direction.INCREASE else value < bound
    if rule.mode is Mode.CONDITION or (not known and rule.mode is not Mode.CHANGE):
        return Level.LIMIT if beyond else Level.NONE
    if rule.mode is Mode.CHANGE or is_chronic(rule.limit, metric, baseline):
        return Level.LIMIT if changed else Level.NONE
    if rule.mode is Mode.BOTH:
        return Level.LIMIT if beyond and changed else Level.NONE
    if beyond:
        return Level.LIMIT
    return Level.CHANGE if changed else Level.NONE


def _bound(rule: MetricRule, metric: Metric, baseline: Baseline, level: Level) -> float | None:
    if level is Level.CHANGE or rule.limit is None:
        return change_bound(rule.change, metric, baseline)
    return rule.limit.value


def _named(level: Level, rule: MetricRule, baseline: Baseline) -> Outcome:
    if level is Level.NONE:
        missing = rule.change is not None and baseline.value is None and rule.mode is not Mode.CONDITION
        return Outcome.NO_BASELINE if missing else Outcome.FINE
    return Outcome.LIMIT if level is Level.LIMIT else Outcome.CHANGE
