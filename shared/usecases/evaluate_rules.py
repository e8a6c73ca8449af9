"""The minute's evaluation: roll up what came, ask one question for all rules that are due, say what changed."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from shared.domain.baselines import WEEK, WEEKS
from shared.domain.configuration import Configuration
from shared.domain.evaluation import Decision, Memory, Say, Surroundings, evaluate
from shared.domain.evidence import NAMED_BY
from shared.domain.judgements import Outcome
from shared.domain.maintenance_rules import concerned, spans_left_out
from shared.domain.metrics import Metric
from shared.domain.rules import MetricRule
from shared.domain.series import Series
from shared.domain.signals import Signal
from shared.errors import QueryError
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Create, Document, Put, Replace, StateStore, Write
from shared.ports.warehouse import Warehouse
from shared.usecases.alarms import evidence_of, not_evaluated, signals_of, source_is_late
from shared.usecases.chart_link import evidence_write
from shared.usecases.commits import committed
from shared.usecases.due_rules import MINUTE, NEVER, due_rules, sources_of
from shared.usecases.measured import Measured, measured
from shared.usecases.outbox import publish_outbox, signal_write
from shared.usecases.records import HEARTBEATS, body_of, instant, value_of
from shared.usecases.roll_up import Progress, RolledUp, roll_up
from shared.usecases.window_records import windows

EVALUATIONS = "evaluations"
CURRENT = "current"
REMEMBERED = timedelta(seconds=WEEKS * WEEK) + timedelta(days=1)  # as far as baselines look back

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Evaluations:
    """What is kept between evaluations: of each source, of each rule, and which of them cannot be told now.

    `watermarks` are the newest minutes that the sources are known to have reached (epoch seconds).
    """

    progress: dict[str, Progress] = field(default_factory=dict)
    watermarks: dict[str, float] = field(default_factory=dict)
    memories: dict[str, Memory] = field(default_factory=dict)
    evaluated_at: dict[str, datetime] = field(default_factory=dict)
    late: dict[str, datetime] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What one evaluation did; `said` is what it told of each rule that had something to say."""

    rules: int
    said: Mapping[str, str]
    bytes_billed: int


@dataclass(slots=True)
class _Round:
    """One attempt: the new state and the writes that make it true."""

    now: datetime
    state: Evaluations
    said: dict[str, str] = field(default_factory=dict)
    writes: list[Write] = field(default_factory=list)

    def tell(self, signal: Signal) -> None:
        self.writes.append(signal_write(signal))


def evaluate_rules(
    *,
    config: Configuration,
    warehouse: Warehouse,
    store: StateStore,
    publisher: Publisher,
    clock: Clock,
    touched: Collection[str] | None = None,
) -> Evaluated:
    """Evaluate every rule that is due, or those whose metric was `touched`. Twice for one minute does nothing twice."""
    now = clock.now()
    return committed(lambda: _attempt(config, warehouse, store, publisher, now=now, touched=touched))


def _attempt(
    config: Configuration,
    warehouse: Warehouse,
    store: StateStore,
    publisher: Publisher,
    *,
    now: datetime,
    touched: Collection[str] | None,
) -> Evaluated:
    document = store.get(EVALUATIONS, CURRENT)
    before = Evaluations() if document is None else value_of(document, Evaluations)
    until = now.replace(second=0, microsecond=0)
    work = windows(store, since=now - REMEMBERED)
    watched = concerned(config.metric_rules, (one for one in work if one.is_open_at(now)))
    due = due_rules(config, before.evaluated_at, now, touched=touched, watched=watched)
    sources = sources_of(config, watched)
    if touched is not None:  # the running minute counts too, or what has just happened would not be seen
        until += MINUTE
        sources = [source for source in sources if source.name in {config.metrics[rule.metric].source for rule in due}]
    rolled = roll_up(sources, before.progress, warehouse=warehouse, now=now, until=until, cap=config.limits.query_bytes)
    turn = _Round(now, _copied(before, rolled))
    known = [rule for rule in due if _may_have_changed(config, before, rolled, rule)]
    found = _asked(turn, known, config, warehouse, until=until)
    for rule in known:
        around = Surroundings(spans_left_out(rule, work), config.seasons)
        _evaluate(turn, rule, config.metrics[rule.metric], found, around)
    _tell_sources(turn, config)
    _tell_broken(turn, before, rolled)
    writes = [*turn.writes, *_kept(document, before, turn.state, now)]
    store.commit(writes)
    publish_outbox(store, publisher, writes)
    return Evaluated(len(known), turn.said, rolled.bytes_billed + found.bytes_billed)


def _may_have_changed(config: Configuration, before: Evaluations, rolled: RolledUp, rule: MetricRule) -> bool:
    """False while the rule's source brought nothing since: the verdict would be the same, and is not paid for again."""
    source = config.metrics[rule.metric].source
    progress = rolled.progress.get(source)
    if progress is None or progress.until is None:
        return False
    return rule.name in before.broken or before.evaluated_at.get(rule.name, NEVER) < progress.rolled_at


def _copied(before: Evaluations, rolled: RolledUp) -> Evaluations:
    """A state of one's own to change, with the sources' new progress."""
    return Evaluations(
        dict(rolled.progress),
        dict(before.watermarks),
        dict(before.memories),
        dict(before.evaluated_at),
        dict(before.late),
        dict(before.broken),
    )


def _asked(
    turn: _Round, due: list[MetricRule], config: Configuration, warehouse: Warehouse, *, until: datetime
) -> Measured:
    """The query's answer. Where it fails, every rule of it is broken for now, and told as such."""
    if not due:
        return Measured({})
    try:
        found = measured(
            due,
            config.metrics,
            known=turn.state.watermarks,
            warehouse=warehouse,
            until=until,
            cap=config.limits.query_bytes,
        )
    except QueryError as error:
        log.exception("the evaluation's query failed")
        turn.state.broken["evaluate_rules"] = str(error)
        turn.tell(not_evaluated("evaluate_rules", Outcome.QUERY_FAILED, detail=str(error), at=turn.now))
        return Measured({})
    turn.state.watermarks.update(found.watermarks)
    turn.state.broken.pop("evaluate_rules", None)
    return found


def _evaluate(turn: _Round, rule: MetricRule, metric: Metric, found: Measured, around: Surroundings) -> None:
    """One rule; whatever goes wrong with it is an alert of its own and keeps no other from being evaluated."""
    if "evaluate_rules" in turn.state.broken:
        return  # the whole query failed; it is tried again with the next minute
    turn.state.evaluated_at[rule.name] = turn.now
    if metric.points in found.over_cap:
        turn.state.broken[rule.name] = Outcome.BYTE_CAP
        turn.tell(not_evaluated(rule.name, Outcome.BYTE_CAP, detail="Raise query_bytes or shorten it.", at=turn.now))
        return
    shared_series = found.series.get(metric.points)
    if shared_series is None:
        return
    series = shared_series if shared_series.metric == metric else shared_series.as_metric(metric)
    try:
        known = turn.state.memories.get(rule.name, Memory())
        decision = evaluate(rule, series, known, now=turn.now, around=around)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        log.exception("a rule could not be evaluated", extra={"rule": rule.name})
        turn.state.broken[rule.name] = Outcome.FAULT
        turn.tell(not_evaluated(rule.name, Outcome.FAULT, detail=type(error).__name__, at=turn.now))
        return
    turn.state.broken.pop(rule.name, None)
    turn.state.memories[rule.name] = decision.memory
    _say(turn, rule, series, decision)


def _say(turn: _Round, rule: MetricRule, series: Series, decision: Decision) -> None:
    if decision.say is Say.NOTHING:
        return
    evidence = evidence_of(rule, series, decision)
    turn.said[rule.name] = str(decision.say)
    for signal in signals_of(rule, decision, evidence, now=turn.now):
        kept = replace(signal, values={**signal.values, NAMED_BY: signal.event_id})
        turn.writes.append(evidence_write(signal.event_id, evidence))
        turn.tell(kept)


def _tell_sources(turn: _Round, config: Configuration) -> None:
    """Sources that fell behind, and those that came back; a source that never delivered is none of them."""
    allowed: dict[str, float] = {}
    for metric in config.metrics.values():
        if metric.freshness:
            patience = metric.freshness.total_seconds()
            allowed[metric.source] = min(patience, allowed.get(metric.source, patience))
    for source, watermark in turn.state.watermarks.items():
        end = watermark + MINUTE.total_seconds()
        late = source in allowed and turn.now.timestamp() - end > allowed[source]
        since = turn.state.late.get(source)
        if late and since is None:
            turn.state.late[source] = turn.now
            turn.tell(_late(source, end, late=True, at=turn.now, since=turn.now))
        elif not late and since is not None:
            del turn.state.late[source]
            turn.tell(_late(source, end, late=False, at=turn.now, since=since))


def _late(source: str, end: float, *, late: bool, at: datetime, since: datetime) -> Signal:
    detail = f"Complete until {datetime.fromtimestamp(end, UTC):%Y-%m-%d %H:%M} UTC."
    return source_is_late(source, late=late, at=at, since=since, detail=detail)


def _tell_broken(turn: _Round, before: Evaluations, rolled: RolledUp) -> None:
    for source, error in rolled.failed.items():
        turn.state.broken[f"rollup_{source}"] = error
        turn.tell(not_evaluated(f"rollup_{source}", Outcome.QUERY_FAILED, detail=error, at=turn.now))
    for name in before.broken:
        source = name.removeprefix("rollup_")
        healed = source not in rolled.failed if name.startswith("rollup_") else name not in turn.state.broken
        if healed:
            turn.state.broken.pop(name, None)
            outcome = Outcome.BYTE_CAP if before.broken[name] == Outcome.BYTE_CAP else Outcome.FAULT
            turn.tell(not_evaluated(name, outcome, detail="It runs again.", at=turn.now, over=True))


def _kept(document: Document | None, before: Evaluations, after: Evaluations, now: datetime) -> list[Write]:
    beat = Put(HEARTBEATS, "evaluate_rules", {"at": instant(now)})
    if document is None:
        return [beat, Create(EVALUATIONS, CURRENT, body_of(after))]
    if after == before:
        return [beat]
    return [beat, Replace(EVALUATIONS, CURRENT, body_of(after), document.version)]


def memories(store: StateStore) -> Mapping[str, Memory]:
    """What is remembered of every rule, by its name."""
    document = store.get(EVALUATIONS, CURRENT)
    return {} if document is None else value_of(document, Evaluations).memories
