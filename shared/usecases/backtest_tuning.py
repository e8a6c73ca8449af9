"""Other settings of a rule, tried over its history: which would page rarely enough, and still see what was wrong."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.configuration import Configuration
from shared.domain.counts import upper_tail
from shared.domain.detection import ALPHA_PER_MINUTE, LEAST_ERRORS
from shared.domain.history import History
from shared.domain.judgements import step_of
from shared.domain.metrics import Kind, Metric
from shared.domain.paging import Outcome, Recorded, Trial, Tuning
from shared.domain.readings import EVERYTHING, is_counted, limit_test
from shared.domain.rules import Comparison, MetricRule, Mode
from shared.domain.series import HOUR, MINUTE, value_over
from shared.usecases.backtest import Span, backtest
from shared.usecases.backtest_reading import Readings

ROOM = (1.1, 1.3, 1.6, 2.0)  # beyond the highest ordinary hour
PATIENCE = (timedelta(minutes=5), timedelta(minutes=15))
SAMPLES = (30, 100)
LEAST_COUNT = 20  # measurements in an hour whose value is to mean something
ORDINARY = 0.99
SEEN_WITHIN = (300, 3_600, 21_600)
DIGITS = 2


class UntunableError(Exception):
    """The rule has no limit that could be moved."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How many false pages in thirty days are still welcome."""

    false_a_month: float


def tune(
    rule: MetricRule,
    readings: Readings,
    *,
    config: Configuration,
    span: Span,
    recorded: Sequence[Recorded],
    wish: Wish,
    processes: int = 1,
) -> Tuning:
    """Try limits first, then patience with the best of them. Raises UntunableError for a rule without a limit."""
    if rule.limit is None or rule.objective is not None:
        raise UntunableError(f"{rule.name} has no limit to move")
    metric = config.metrics[rule.metric]
    history = readings.histories[metric.points]

    def tried(rules: Sequence[MetricRule]) -> list[Trial]:
        named = [replace(one, name=f"{rule.name} {number}") for number, one in enumerate(rules)]
        own = [replace(one, rule="", metric=rule.metric) if one.concerns(rule) else one for one in recorded]
        outcomes = backtest(named, readings, config=config, span=span, recorded=own, processes=processes)
        return [_trial(one, outcome) for one, outcome in zip(rules, outcomes, strict=True)]

    trials = tried([rule, *_limits(rule, metric, history, span=span, recorded=recorded)])
    trials += tried([later for trial in _best(trials, wish)[:2] for later in _patient(trial.rule)])
    best = _best(trials, wish)
    enough = bool(best) and best[0].outcome.false_a_month <= wish.false_a_month
    return Tuning(
        rule, tuple(trials), best[0] if enough else None, wish.false_a_month, tuple(_seen(rule, metric, history, span))
    )


def _trial(rule: MetricRule, outcome: Outcome) -> Trial:
    return Trial(rule, replace(outcome, rule=rule))


def _best(trials: Sequence[Trial], wish: Wish) -> list[Trial]:
    """Quiet enough first; among those, who sees most, soonest, and with the fewest false pages."""

    def worth(trial: Trial) -> tuple[float, ...]:
        found, missed = trial.outcome.score, len(trial.outcome.score.missed)
        late = sum((delay.total_seconds() for _, delay in found.seen), 0.0)
        false = trial.outcome.false_a_month
        return (max(0.0, false - wish.false_a_month), missed, late, false)

    return sorted(trials, key=worth)


def _limits(
    rule: MetricRule, metric: Metric, history: History, *, span: Span, recorded: Sequence[Recorded]
) -> Iterator[MetricRule]:
    """The rule with limits a little beyond what ordinary hours reach, and with twice the change."""
    values = sorted(_ordinary(metric, history, span=span, recorded=recorded))
    if rule.limit is None or not values:
        return
    above = rule.limit.comparison is Comparison.ABOVE
    extreme = (
        values[int(ORDINARY * (len(values) - 1))] if above else values[math.ceil((1 - ORDINARY) * (len(values) - 1))]
    )
    for room in ROOM:
        moved = _rounded(_beyond(metric, extreme, room, above=above))
        if _is_possible(metric, moved) and moved != rule.limit.value:
            yield replace(rule, limit=replace(rule.limit, value=moved), clear=None)
    if rule.change is not None and rule.mode is not Mode.CONDITION:
        yield replace(rule, change=replace(rule.change, by=2 * rule.change.by))


def _ordinary(metric: Metric, history: History, *, span: Span, recorded: Sequence[Recorded]) -> Iterator[float]:
    """The values of the hours in which nothing was wrong."""
    for start in range(int(span.since.timestamp()) // HOUR * HOUR, int(span.until.timestamp()), HOUR):
        point = history.hour(start)
        if point is None or point.count < (LEAST_COUNT if is_counted(metric) else 1):
            continue
        at = datetime.fromtimestamp(start, span.since.tzinfo)
        if any(one.start < at + timedelta(hours=2) and at < one.end + timedelta(hours=1) for one in recorded):
            continue
        if (value := value_over(metric, [point])) is not None:
            yield value


def _beyond(metric: Metric, extreme: float, room: float, *, above: bool) -> float:
    if metric.kind is Kind.RATIO and metric.good_share:
        return EVERYTHING - (EVERYTHING - extreme) * room if not above else extreme * room
    return extreme * room if above else extreme / room


def _is_possible(metric: Metric, limit: float) -> bool:
    return 0 < limit < EVERYTHING if metric.kind is Kind.RATIO else limit > 0


def _rounded(value: float) -> float:
    """Two digits (of the bad share, where the limit is close to everything)."""
    if not value:
        return 0.0
    if EVERYTHING / 2 < value < EVERYTHING:
        return EVERYTHING - _rounded(EVERYTHING - value)
    return round(value, DIGITS - 1 - math.floor(math.log10(abs(value))))


def _patient(rule: MetricRule) -> Iterator[MetricRule]:
    """The rule waiting longer before it fires; where plain values are compared, also with more samples."""
    if step_of(rule) == MINUTE:
        for wait in PATIENCE:
            if wait > rule.hold_for:
                yield replace(rule, hold_for=wait)
    if rule.window is not None:
        for least in SAMPLES:
            if least > rule.min_samples:
                yield replace(rule, min_samples=least)


def _seen(rule: MetricRule, metric: Metric, history: History, span: Span) -> Iterator[tuple[timedelta, float]]:
    """The least share of failures (percent) that stands out within each window at the usual traffic."""
    test = limit_test(rule, metric)
    if test is None or rule.window is not None or not is_counted(metric):
        return
    first, last = history.first(span.since.timestamp()), history.first(span.until.timestamp())
    trials = sum(history.trials(number) for number in range(first, last))
    a_second = trials / max(1.0, (span.until - span.since).total_seconds())
    for window in SEEN_WITHIN:
        usual = round(a_second * window)
        alpha = ALPHA_PER_MINUTE * window / MINUTE
        least = next(
            (
                k
                for k in range(LEAST_ERRORS, usual + 1)
                if k > test.share * usual and upper_tail(k, usual, test.share) <= alpha
            ),
            None,
        )
        if least is not None:
            yield timedelta(seconds=window), EVERYTHING * least / usual
