"""Shares and percentiles: judged by exact tests over several windows, as measured on labelled streams."""

from collections.abc import Sequence
from datetime import timedelta

from shared.domain.baselines import How
from shared.domain.detection import CLEAR, LEAST_ERRORS, Breach, Found, is_over, silent, too_many, windows_of
from shared.domain.judgements import Judgement, Level, Outcome, Situation, step_of
from shared.domain.metrics import Kind
from shared.domain.readings import Test, change_test, is_chronic, limit_test
from shared.domain.rules import MetricRule, Mode
from shared.domain.series import HOUR, MINUTE, Reading, Side, value_over

USUAL_WINDOW = timedelta(minutes=5)


def tested(rule: MetricRule, around: Situation) -> Judgement:
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
