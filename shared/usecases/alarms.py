"""What an evaluation says, as signals: fired, raised, resolved, corrected, flapping, chronic, late or broken."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from shared.domain.evaluation import Decision, Say
from shared.domain.evidence import HISTORY, STEP, Evidence
from shared.domain.judgements import Level, Outcome
from shared.domain.metrics import Metric
from shared.domain.readings import EVERYTHING, usual_value
from shared.domain.rules import METRIC_SOURCE, Comparison, Direction, MetricRule, Unit
from shared.domain.series import Series, value_over
from shared.domain.signals import MAX_TITLE, Signal, SignalKind, bounded, digest, own_signal
from shared.domain.steady import Why
from shared.rendering.evidence import limit_words, metric_name, value_words

DAY = timedelta(days=1)


def evidence_of(rule: MetricRule, series: Series, decision: Decision) -> Evidence:
    """Everything the decision rests on, in figures."""
    judgement, metric = decision.judgement, series.metric
    usual = usual_value(metric, judgement.baseline)
    limit = judgement.bound if judgement.bound is not None else (rule.limit.value if rule.limit else None)
    return Evidence(
        rule=rule.name,
        metric=rule.metric,
        unit=metric.unit,
        value=judgement.value,
        limit=limit,
        comparison=_comparison(rule),
        baseline=usual,
        change=_change(judgement.value, usual, metric),
        samples=judgement.samples,
        failures=judgement.failures,
        window=timedelta(seconds=judgement.window),
        confidence=None if judgement.chance is None else 1 - judgement.chance,
        complete_until=datetime.fromtimestamp(series.end or 0, UTC),
        points=recent_points(series),
        reason=str(judgement.outcome),
    )


def _comparison(rule: MetricRule) -> str:
    """On which side of the bound it is bad."""
    if rule.limit is not None:
        return str(rule.limit.comparison)
    falls = rule.change is not None and rule.change.direction is Direction.DECREASE
    return str(Comparison.BELOW if falls else Comparison.ABOVE)


def recent_points(series: Series) -> tuple[tuple[datetime, float | None], ...]:
    """The last hours in steps of five minutes."""
    step, end = STEP.total_seconds(), series.end or series.since
    first = end - HISTORY.total_seconds()
    first -= first % step
    starts = [first + step * n for n in range(int((end - first) // step) + 1)]
    return tuple(
        (datetime.fromtimestamp(start, UTC), value_over(series.metric, series.window(start, min(start + step, end))))
        for start in starts
        if start < end
    )


def signals_of(rule: MetricRule, decision: Decision, evidence: Evidence, *, now: datetime) -> list[Signal]:
    """The signals of one decision; the same decision about the same window makes the same ids."""
    say = decision.say
    told = []
    if say in {Say.FIRED, Say.RAISED, Say.ONGOING}:
        told.append(_signal(rule, decision, evidence, SignalKind.FIRING, now))
    elif say in {Say.RESOLVED, Say.CORRECTED}:
        told.append(_signal(rule, decision, evidence, SignalKind.RESOLVED, now))
    elif say is Say.CHRONIC:
        told.append(_chronic(rule, evidence, now))
    if say is Say.FLAPPING or decision.why in {Why.STABLE_OK, Why.STABLE_FIRING}:
        told.append(_flapping(rule, decision, now))
    return told


def source_is_late(source: str, *, late: bool, at: datetime, since: datetime, detail: str) -> Signal:
    """The source's data stopped coming, or comes again."""
    return own_signal(
        "data_late",
        subject=source,
        title=f"Data of {source} is late; its rules are held",
        summary=detail,
        at=at,
        unique=f"{since.isoformat()} {late}",
        over=not late,
    )


def not_evaluated(subject: str, outcome: Outcome, *, detail: str, at: datetime, over: bool = False) -> Signal:
    """A rule or a rollup that could not run is itself an alert; one incident each, told again by its rule."""
    name = "byte_cap" if outcome is Outcome.BYTE_CAP else "not_evaluated"
    return own_signal(name, subject=subject, title=f"{subject}: {outcome}", summary=detail, at=at, over=over)


def _signal(rule: MetricRule, decision: Decision, evidence: Evidence, kind: SignalKind, now: datetime) -> Signal:
    end = evidence.complete_until.isoformat()
    identity = digest("rule", rule.name)
    return Signal(
        event_id=digest("rule", rule.name, str(decision.say), end),
        fingerprint=identity,
        key=digest("rule", rule.name, str(decision.memory.level)),
        alert_type=f"rule.{rule.name}",
        source=METRIC_SOURCE,
        service=rule.service,
        title=bounded(_title(rule, decision, evidence), MAX_TITLE),
        summary=_summary(decision, evidence, kind),
        kind=kind,
        severity=decision.severity,
        occurred_at=now,
        received_at=now,
        labels={"rule": rule.name, "metric": rule.metric},
        values=_values(decision, evidence),
    )


def _title(rule: MetricRule, decision: Decision, evidence: Evidence) -> str:
    name, value = metric_name(rule.metric), value_words(evidence)
    if decision.judgement.outcome is Outcome.SILENCE:
        return f"{name}: {Outcome.SILENCE}"
    if decision.judgement.outcome is Outcome.NO_DATA:
        return f"{name}: {Outcome.NO_DATA}"
    if decision.judgement.outcome in {Outcome.BURNING, Outcome.UNUSUAL}:
        return f"{name} {value}: {decision.judgement.outcome}"
    if decision.memory.level is Level.CHANGE and evidence.change:
        return f"{name} {value}, {evidence.change} against its baseline"
    return f"{name} {value}" + (f", limit {limit_words(evidence)}" if evidence.limit is not None else "")


def _summary(decision: Decision, evidence: Evidence, kind: SignalKind) -> str:
    if decision.say is Say.CORRECTED:
        return f"Late data: over the window that fired it is no breach any more (now {value_words(evidence)})."
    if kind is SignalKind.RESOLVED:
        return f"{value_words(evidence)} now."
    return f"{str(decision.judgement.outcome).capitalize()}."


def _values(decision: Decision, evidence: Evidence) -> Mapping[str, str]:
    values = {
        "value": _number(evidence.value),
        "limit": _number(evidence.limit),
        "baseline": _number(evidence.baseline),
        "samples": str(evidence.samples),
        "window_seconds": f"{evidence.window.total_seconds():.0f}",
        "complete_until": evidence.complete_until.isoformat(),
        "level": str(decision.memory.level),
        "reason": str(decision.judgement.outcome),
    }
    if decision.say is Say.CORRECTED:
        values |= {"corrected": "late data", "false_positive_candidate": "yes"}
    return {name: text for name, text in values.items() if text}


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _change(value: float | None, baseline: float | None, metric: Metric) -> str:
    if value is None or baseline is None:
        return ""
    if metric.unit is Unit.PERCENT:
        return f"{value - baseline:+.1f} points"
    return f"{(value / baseline - 1) * EVERYTHING:+.0f} %" if baseline else ""


def _chronic(rule: MetricRule, evidence: Evidence, now: datetime) -> Signal:
    return own_signal(
        "chronic",
        subject=rule.name,
        title=f"{metric_name(rule.metric)} is usually beyond its limit ({value_words(evidence)})",
        summary="It pages only when it gets worse than usual. Mend the cause, or move the limit to what is promised.",
        at=now,
        unique=f"{now:%Y-%m-%d}",
    )


def _flapping(rule: MetricRule, decision: Decision, now: datetime) -> Signal:
    return own_signal(
        "flapping",
        subject=rule.name,
        title=f"{rule.name} is flapping",
        summary="It fires and clears again and again; nothing more is said until it is stable.",
        at=now,
        over=decision.say is not Say.FLAPPING,
    )
