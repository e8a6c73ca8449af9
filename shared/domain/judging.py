"""One window of one metric rule, judged: is it beyond the limit, changed, fine, or unknown, and on what evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from statistics import median

from shared.domain.baselines import Baseline, How
from shared.domain.burn_rates import PAGE, TICKET, Burned, judged
from shared.domain.counts import upper_tail
from shared.domain.detection import (
    ALPHA_PER_MINUTE,
    CLEAR,
    LEAST_ERRORS,
    Breach,
    Found,
    is_over,
    silent,
    too_many,
    windows_of,
)
from shared.domain.metrics import Kind, Metric, Statistic
from shared.domain.readings import Test, change_bound, change_test, is_chronic, is_counted, limit_test
from shared.domain.rules import Comparison, Direction, MetricRule, Mode
from shared.domain.series import HOUR, MINUTE, Reading, Series, Side, value_over
from shared.domain.unusual import HourlyLevels

NO_BASELINE = Baseline()
VALUES_KEPT = 5
USUAL_WINDOW = timedelta(minutes=5)
LEAST_BURNED = 10
SURELY_ABOVE = 0.5  # of the factor


class Level(StrEnum):
    """How bad: a change alone is one severity below the rule's, beyond the limit is the rule's own."""

    NONE = "none"
    CHANGE = "change"
    LIMIT = "limit"


class Outcome(StrEnum):
    """The named reason of every judgement."""

    FINE = "within its limits"
    LIMIT = "beyond the limit"
    CHANGE = "changed against its baseline"
    SILENCE = "far fewer requests than at this hour"
    BURNING = "burns the error budget too fast"
    UNUSUAL = "far from what is usual at this time"
    CHRONIC = "beyond the limit, as it usually is"
    NO_BASELINE = "within its limit; no baseline yet to compare with"
    NO_DATA = "no data"
    NOTHING_NEW = "nothing measured since"
    TOO_FEW = "too few samples to judge"
    LATE = "the source's data is late"
    NO_SOURCE = "no source is configured"
    QUERY_FAILED = "the query failed"
    BYTE_CAP = "the query would read more than it may"
    FAULT = "the rule could not be evaluated"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one window said. `breached` None: nothing was learned. Values are in the metric's unit, `window` in seconds.

    `over` says whether a firing alert may end;
    `failures` of `samples` failed the test whose `chance` is the p value.
    `test` is what was rejected, `measured_at` (epoch seconds) when a gauge was read.
    """

    outcome: Outcome
    breached: bool | None = None
    over: bool | None = None
    level: Level = Level.NONE
    value: float | None = None
    bound: float | None = None
    baseline: Baseline = NO_BASELINE
    samples: int = 0
    failures: int | None = None
    window: float = 0.0
    chance: float | None = None
    test: Test | None = None
    measured_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Situation:
    """What a judgement looks at beside the rule: everything before `end` (epoch seconds).

    `usual` is the usual number of measurements a second, `since` the last resolve, `fired_at` when the rule began to
    fire (None: it does not), `breach` what made it fire, `values` the earlier values of a gauge and `value_at` the
    instant of the newest of them.
    """

    series: Series
    end: float
    baseline: Baseline
    usual: float = 0.0
    since: float = 0.0
    fired_at: float | None = None
    breach: Outcome = Outcome.LIMIT
    values: tuple[float, ...] = ()
    value_at: float = 0.0


def step_of(rule: MetricRule) -> int:
    """Seconds of the finest buckets the rule looks at: minutes, or hours when it is not in a hurry."""
    return HOUR if rule.every >= timedelta(hours=1) else MINUTE


def is_tested(rule: MetricRule, metric: Metric) -> bool:
    """True for rules that are judged by exact tests over several windows."""
    return rule.objective is None and rule.window is None and rule.mode is not Mode.UNUSUAL and is_counted(metric)


def judge(rule: MetricRule, around: Situation) -> Judgement:
    """Judge the newest window. A rule with an objective burns, one with a window compares, every other is tested."""
    metric = around.series.metric
    if rule.mode is Mode.UNUSUAL:
        return _unusual(around)
    if rule.objective is not None:
        return _burning(rule, around)
    if is_tested(rule, metric):
        return _tested(rule, around)
    if metric.statistic is Statistic.LAST and metric.kind is Kind.VALUE and rule.window is None:
        return _gauge(rule, around)
    return _compared(rule, around)


def _tested(rule: MetricRule, around: Situation) -> Judgement:
    """Exact tests over several windows, as measured on labelled streams (detection.py)."""
    metric, step = around.series.metric, step_of(rule)
    limit, change = limit_test(rule, metric), change_test(rule, metric, around.baseline)
    chronic = rule.mode is Mode.EITHER and is_chronic(rule.limit, metric, around.baseline)
    found_limit = None if limit is None or chronic else _found(around, limit, step)
    found_change = None if change is None else _found(around, change, step)
    level, found, test = _combined(rule, (limit, found_limit), (change, found_change), chronic=chronic)
    if found is None and metric.silence and step == MINUTE and around.series.watermark is not None:
        complete = min(around.end, around.series.watermark)  # the newest minute may not be all there
        counts = around.series.counts(Reading(Side.BAD))
        found = silent(counts, around.usual, complete, step=MINUTE, since=around.since)
        level = Level.LIMIT if found else level
    tests = [one for one in (None if chronic else limit, change) if one]
    over = _is_over(around, tests, step)
    if found is not None and not over:  # once it is over, a long window may still show what was
        return _with_found(rule, around, found, level=level, test=test, over=over)
    return _nothing_found(rule, around, tests=tests, chronic=chronic, over=over)


def _found(around: Situation, test: Test, step: int) -> Found | None:
    counts = around.series.counts(test.reading, step=step)
    _, failures = counts.between(max(around.end - windows_of(step)[-1], around.since), around.end)
    if failures < LEAST_ERRORS:  # too few in the longest window are too few in all of them
        return None
    return too_many(counts, test.share, around.end, step=step, since=around.since)


def _combined(
    rule: MetricRule,
    limit: tuple[Test | None, Found | None],
    change: tuple[Test | None, Found | None],
    *,
    chronic: bool,
) -> tuple[Level, Found | None, Test | None]:
    """The level by the rule's mode; where the baseline is missing, the limit decides alone."""
    if rule.mode is Mode.CONDITION or change[0] is None:
        return (Level.LIMIT if limit[1] else Level.NONE), limit[1], limit[0]
    if rule.mode is Mode.CHANGE or chronic:
        return (Level.LIMIT if change[1] else Level.NONE), change[1], change[0]
    if rule.mode is Mode.BOTH:
        both = limit[1] is not None and change[1] is not None
        return (Level.LIMIT if both else Level.NONE), limit[1] if both else None, limit[0]
    if limit[1] is not None:
        return Level.LIMIT, limit[1], limit[0]
    return (Level.CHANGE if change[1] else Level.NONE), change[1], change[0]


def _with_found(
    rule: MetricRule, around: Situation, found: Found, *, level: Level, test: Test | None, over: bool | None
) -> Judgement:
    outcome = Outcome.LIMIT if level is Level.LIMIT else Outcome.CHANGE
    if found.breach is Breach.SILENCE:
        outcome = Outcome.SILENCE
    return Judgement(
        outcome,
        breached=True,
        over=over,
        level=level,
        value=_value(around, found.window, step_of(rule)),
        bound=None if test is None or found.breach is Breach.SILENCE else test.value,
        baseline=around.baseline,
        samples=found.trials,
        failures=None if found.breach is Breach.SILENCE else found.failures,
        window=found.window,
        chance=found.chance,
        test=None if found.breach is Breach.SILENCE else test,
    )


def _nothing_found(
    rule: MetricRule, around: Situation, *, tests: Sequence[Test], chronic: bool, over: bool | None
) -> Judgement:
    step, metric = step_of(rule), around.series.metric
    window = float(windows_of(step)[-1])
    reading = tests[0].reading if tests else Reading(Side.BAD)
    trials, failures = around.series.counts(reading, step=step).between(around.end - window, around.end)
    outcome = Outcome.CHRONIC if chronic else Outcome.FINE
    if rule.change is not None and around.baseline.how == How.NONE and rule.mode is not Mode.CONDITION:
        outcome = Outcome.NO_BASELINE
    recent = float(windows_of(step)[0] if metric.kind is Kind.RATIO else USUAL_WINDOW.total_seconds())
    recent = max(recent, CLEAR) if around.fired_at is not None else recent
    silence_ends = around.breach is Outcome.SILENCE and around.fired_at is not None
    if not trials and not silence_ends:
        return Judgement(Outcome.NO_DATA, baseline=around.baseline, window=window)
    return Judgement(
        outcome,
        breached=False,
        over=over,
        value=_value(around, max(recent, step), step),
        bound=tests[0].value if tests else None,
        baseline=around.baseline,
        samples=trials,
        failures=failures,
        window=window,
    )


def _is_over(around: Situation, tests: Sequence[Test], step: int) -> bool | None:
    if around.fired_at is None:
        return None
    breach = Breach.SILENCE if around.breach is Outcome.SILENCE else Breach.ERRORS
    complete = around.end if around.series.watermark is None else min(around.end, around.series.watermark)
    return all(
        is_over(
            around.series.counts(test.reading, step=step),
            test.share,
            complete if breach is Breach.SILENCE else around.end,
            breach=breach,
            usual=around.usual,
            fired_at=around.fired_at,
            step=step,
        )
        for test in tests
    )


def _value(around: Situation, window: float, step: int) -> float | None:
    if step >= HOUR:
        starts = range(int(around.end - window) // HOUR * HOUR, int(around.end), HOUR)
        points = [point for start in starts if (point := around.series.hour(float(start))) is not None]
        return value_over(around.series.metric, points)
    return around.series.value(around.end - window, around.end)


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


def _burning(rule: MetricRule, around: Situation) -> Judgement:
    """Fast burns (pages) are the rule's severity, slow ones (tickets) one below; the exact test guards both."""
    goal = (rule.objective or 0.0) / 100
    counts = around.series.counts(Reading(Side.BAD))

    def bad_and_total(window: timedelta) -> tuple[int, int]:
        total, bad = counts.between(max(around.end - window.total_seconds(), 0.0), around.end)
        return bad, total

    page, ticket = (judged(pairs, bad_and_total, goal=goal, least=LEAST_BURNED) for pairs in (PAGE, TICKET))
    for burned, level in ((page, Level.LIMIT), (ticket, Level.CHANGE)):
        if burned.breached and (judgement := _burned(around, burned, level, goal=goal)):
            return judgement
    bad, total = bad_and_total(PAGE[0].long)
    known = page.breached is not None
    value = None if not total else 100.0 * bad / total
    return Judgement(
        Outcome.FINE if known else Outcome.TOO_FEW,
        breached=False if known else None,
        value=value,
        samples=total,
        failures=bad,
        window=PAGE[0].long.total_seconds(),
    )


def _burned(around: Situation, burned: Burned, level: Level, *, goal: float) -> Judgement | None:
    """The pair's judgement if the true burn is surely above half the factor; a handful of errors proves nothing."""
    window = burned.pair.long.total_seconds()
    total, bad = around.series.counts(Reading(Side.BAD)).between(around.end - window, around.end)
    share = min(burned.pair.factor * (1 - goal), 1.0)
    chance = upper_tail(bad, total, share * SURELY_ABOVE)
    if bad < LEAST_ERRORS or chance > ALPHA_PER_MINUTE * window / MINUTE:
        return None
    return Judgement(
        Outcome.BURNING,
        breached=True,
        level=level,
        value=100.0 * bad / total,
        bound=100.0 * share,
        samples=total,
        failures=bad,
        window=window,
        chance=chance,
    )
