"""One evaluation of one metric rule: (rule, what is known, memory) -> (new memory, what to say, named reason)."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from shared.domain.baselines import DAY, Baseline, Season, Span, baseline, usual_rate
from shared.domain.counts import upper_tail
from shared.domain.detection import SHORT_ALPHA
from shared.domain.judgements import Judgement, Level, Outcome, Situation, step_of
from shared.domain.judging import judge
from shared.domain.metrics import Metric
from shared.domain.rules import MetricRule, Mode, NoData
from shared.domain.series import HOUR, Reading, Series, Side
from shared.domain.severities import Severity
from shared.domain.steady import Steady, SteadyState, Transition, Why

ALERTS_KEPT = 40
VALUES_KEPT = 5
NEW_NORMAL = 3 * DAY
LEAST_REPEAT = timedelta(minutes=15)
CORRECTABLE = 6 * HOUR


class Say(StrEnum):
    """What an evaluation tells the rest of the system."""

    NOTHING = "nothing"
    FIRED = "fired"
    RAISED = "raised"
    ONGOING = "still firing"
    RESOLVED = "resolved"
    CORRECTED = "corrected by late data"
    FLAPPING = "flapping"
    CHRONIC = "chronic"


@dataclass(frozen=True, slots=True)
class Decided:
    """The window (epoch seconds) that made a rule fire, and the test that it failed: data may still come for it."""

    start: float
    end: float
    side: Side
    value: float
    share: float


@dataclass(frozen=True, slots=True)
class Memory:
    """What is kept of a rule between evaluations; all instants are epoch seconds, 0 for never.

    `since` is the last resolve (windows restart there), `alerts` the spans in which the rule fired, `decided` what
    made it fire, `values` the last values of a gauge.
    """

    steady: SteadyState = field(default_factory=SteadyState)
    level: Level = Level.NONE
    outcome: Outcome = Outcome.FINE
    breach: Outcome = Outcome.LIMIT
    fired_at: float = 0.0
    since: float = 0.0
    said_at: float = 0.0
    chronic_said_at: float = 0.0
    alerts: tuple[Span, ...] = ()
    decided: Decided | None = None
    values: tuple[float, ...] = ()
    value_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a rule does not know by itself: spans to leave out of baselines (maintenance, incidents) and seasons."""

    left_out: tuple[Span, ...] = ()
    seasons: tuple[Season, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The evaluation's result; `severity` is what `say` is worth."""

    memory: Memory
    judgement: Judgement
    say: Say
    severity: Severity
    why: Why


def evaluate(
    rule: MetricRule, series: Series, memory: Memory, *, now: datetime, around: Surroundings = Surroundings()
) -> Decision:
    """Evaluate a rule at the end of what its source has delivered.

    Twice the same end, or an older one, changes nothing. Late or missing data never resolves an alert by itself: it is
    held, or what the rule's no-data policy says.
    """
    metric, end = series.metric, series.end
    if not metric.source:
        return _unknown(rule, metric, memory, Outcome.NO_SOURCE, now)
    if end is None:
        return _unknown(rule, metric, memory, Outcome.NO_DATA, now)
    if metric.freshness and now.timestamp() - end > metric.freshness.total_seconds():
        return _held(rule, memory, Judgement(Outcome.LATE))
    situation = _situation(rule, series, memory, end, around)
    judgement = judge(rule, situation)
    if judgement.outcome is Outcome.NOTHING_NEW:
        return _held(rule, memory, judgement)
    corrected = _corrected(series, rule, memory, end)
    if corrected and not judgement.breached:
        return _as_corrected(rule, memory, judgement, end)
    return _decided(rule, metric, memory, judgement, end=end)


def lower(severity: Severity) -> Severity:
    """One severity below; low stays low."""
    return list(Severity)[max(0, severity.rank - 1)]


def _situation(rule: MetricRule, series: Series, memory: Memory, end: float, around: Surroundings) -> Situation:
    usual = 0.0
    if series.metric.silence:
        key = ("usual rate", (end - 1) // HOUR, around.seasons)
        usual = series.remembered(key, lambda: usual_rate(series, end, seasons=around.seasons))
    return Situation(
        series,
        end,
        _usual(rule, series, memory, end, around),
        usual=usual,
        since=memory.since,
        fired_at=memory.fired_at if memory.steady.is_firing else None,
        breach=memory.breach,
        values=memory.values,
        value_at=memory.value_at,
    )


def _usual(rule: MetricRule, series: Series, memory: Memory, end: float, around: Surroundings) -> Baseline:
    """The rule's baseline: without the hours of its own alerts (but three days of one are the new normal)."""
    if rule.change is None and rule.mode is not Mode.UNUSUAL:
        return Baseline()
    span = DAY if rule.every >= timedelta(days=1) else HOUR
    hour = (end if span > HOUR else end - 1) // HOUR  # what is compared with lies before it, whatever the minute
    own = [(start, min(stop, start + NEW_NORMAL, hour * HOUR)) for start, stop in memory.alerts]
    if memory.steady.is_firing:
        own.append((memory.fired_at - HOUR, min(hour * HOUR, memory.fired_at + NEW_NORMAL)))
    left_out = (*around.left_out, *own)
    return series.remembered(
        ("baseline", span, hour, left_out, around.seasons),
        lambda: baseline(series, end, span=span, left_out=left_out, seasons=around.seasons),
    )


def _decided(rule: MetricRule, metric: Metric, memory: Memory, judgement: Judgement, *, end: float) -> Decision:
    steady, moved = _steady(rule, metric).step(
        memory.steady, breached=judgement.breached, cleared=judgement.over, at=datetime.fromtimestamp(end, UTC)
    )
    if moved.why in {Why.DUPLICATE, Why.OLDER}:
        return Decision(memory, judgement, Say.NOTHING, rule.severity, moved.why)
    after = _remembered(memory, steady, moved, judgement, end)
    say = _said(rule, memory, after, judgement, moved, end=end)
    if say in {Say.FIRED, Say.RAISED, Say.ONGOING}:
        after = replace(after, said_at=end)
    if say is Say.CHRONIC:
        after = replace(after, chronic_said_at=end)
    return Decision(after, judgement, say, _severity(rule, after, say), moved.why)


def _steady(rule: MetricRule, metric: Metric) -> Steady:
    no_data = metric.no_data if rule.no_data is NoData.INHERIT else rule.no_data
    return Steady(for_=rule.hold_for, clear_windows=rule.clear_windows, no_data=no_data)


def _remembered(memory: Memory, steady: SteadyState, moved: Transition, judgement: Judgement, end: float) -> Memory:
    after = replace(memory, steady=steady, outcome=judgement.outcome)
    if judgement.measured_at:
        after = _with_value(after, judgement)
    if steady.is_firing and not memory.steady.is_firing:
        decided = None
        if test := judgement.test:
            decided = Decided(end - judgement.window, end, test.reading.side, test.reading.value, test.share)
        level = judgement.level if judgement.breached else Level.CHANGE
        return replace(after, level=level, breach=judgement.outcome, fired_at=end, decided=decided)
    if memory.steady.is_firing and not steady.is_firing:
        return _ended(after, memory, end)
    if steady.is_firing and judgement.level is Level.LIMIT and memory.level is Level.CHANGE:
        return replace(after, level=Level.LIMIT, breach=judgement.outcome)
    if moved.why is Why.STILL_FIRING and judgement.breached and memory.breach is Outcome.SILENCE:
        return replace(after, breach=judgement.outcome)
    return after


def _ended(after: Memory, memory: Memory, end: float) -> Memory:
    alerts = (*memory.alerts, (memory.fired_at - HOUR, end))[-ALERTS_KEPT:]
    return replace(after, level=Level.NONE, fired_at=0.0, since=end, alerts=alerts)


def _with_value(after: Memory, judgement: Judgement) -> Memory:
    """A gauge remembers its good values, so that a jump is compared with what was before it."""
    values = after.values
    if not judgement.breached and judgement.value is not None:
        values = (*values, judgement.value)[-VALUES_KEPT:]
    return replace(after, values=values, value_at=judgement.measured_at)


def _said(
    rule: MetricRule, memory: Memory, after: Memory, judgement: Judgement, moved: Transition, *, end: float
) -> Say:
    news = {
        Why.FIRED: Say.FIRED,
        Why.FIRED_WITHOUT_DATA: Say.FIRED,
        Why.STABLE_FIRING: Say.FIRED,
        Why.RESOLVED: Say.RESOLVED,
        Why.STABLE_OK: Say.RESOLVED,
        Why.BEGAN_FLAPPING: Say.FLAPPING,
    }
    if moved.why in news:
        return news[moved.why]
    if moved.why is Why.SUPPRESSED:
        return Say.NOTHING
    if after.steady.is_firing:
        if memory.level is Level.CHANGE and after.level is Level.LIMIT:
            return Say.RAISED
        repeat = max(rule.every, LEAST_REPEAT).total_seconds()
        return Say.ONGOING if judgement.breached and end - memory.said_at >= repeat else Say.NOTHING
    if judgement.outcome is Outcome.CHRONIC and end - memory.chronic_said_at >= DAY:
        return Say.CHRONIC
    return Say.NOTHING


def _severity(rule: MetricRule, after: Memory, say: Say) -> Severity:
    if say is Say.CHRONIC:
        return Severity.LOW
    return lower(rule.severity) if after.level is Level.CHANGE else rule.severity


def _held(rule: MetricRule, memory: Memory, judgement: Judgement) -> Decision:
    """Nothing was learned: everything stays as it is, but for the reason."""
    return Decision(replace(memory, outcome=judgement.outcome), judgement, Say.NOTHING, rule.severity, Why.HELD)


def _unknown(rule: MetricRule, metric: Metric, memory: Memory, outcome: Outcome, now: datetime) -> Decision:
    """The source has never delivered anything: the no-data policy decides, by the clock's minute."""
    end = float(int(now.timestamp()) // 60 * 60)
    return _decided(rule, metric, memory, Judgement(outcome), end=end)


def _corrected(series: Series, rule: MetricRule, memory: Memory, end: float) -> bool:
    """Whether data that came late explains what made the rule fire, on the very window that decided."""
    decided = memory.decided
    if not memory.steady.is_firing or decided is None:
        return False
    if end - decided.end > CORRECTABLE or decided.start < series.since:
        return False
    counts = series.counts(Reading(decided.side, decided.value), step=step_of(rule))
    trials, failures = counts.between(decided.start, decided.end)
    return trials > 0 and upper_tail(failures, trials, decided.share) > SHORT_ALPHA


def _as_corrected(rule: MetricRule, memory: Memory, judgement: Judgement, end: float) -> Decision:
    steady = replace(memory.steady, beneath=SteadyState().beneath, clean=0, window_end=datetime.fromtimestamp(end, UTC))
    after = replace(_ended(replace(memory, steady=steady), memory, end), outcome=judgement.outcome)
    return Decision(after, judgement, Say.CORRECTED, rule.severity, Why.RESOLVED)
