"""What rules would have done over the past: how often, for how long, how rightly, and what evaluating them costs."""

import multiprocessing
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from shared.domain.configuration import Configuration
from shared.domain.metrics import Metric
from shared.domain.paging import Outcome, Recorded, Report, Said, outcome
from shared.domain.rules import MetricRule
from shared.ports.warehouse import Warehouse
from shared.usecases.backtest_reading import Readings
from shared.usecases.backtest_replay import Task, recent_seconds, replay
from shared.usecases.measured import RECENT, measured

WORTH_A_PROCESS = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Span:
    """The evaluations in (since, until], both whole minutes."""

    since: datetime
    until: datetime


def backtest(
    rules: Sequence[MetricRule],
    readings: Readings,
    *,
    config: Configuration,
    span: Span,
    recorded: Sequence[Recorded] = (),
    processes: int = 1,
) -> list[Outcome]:
    """What each rule (of those whose metric is known) would have done, in their order."""
    said = verdicts(rules, readings, config=config, span=span, processes=processes)
    by_rule: dict[str, list[Said]] = defaultdict(list)
    for one in said:
        by_rule[one.rule].append(one)
    return [
        outcome(rule, by_rule[rule.name], recorded, since=span.since, until=span.until)
        for rule in rules
        if rule.metric in config.metrics
    ]


def verdicts(
    rules: Sequence[MetricRule],
    readings: Readings,
    *,
    config: Configuration,
    span: Span,
    processes: int = 1,
) -> list[Said]:
    """Everything the rules would have said, in time; the same for any number of processes."""
    known = [rule for rule in rules if rule.metric in config.metrics]
    tasks = _tasks(known, readings, config, parts=processes)
    work = partial(replay, since=span.since, until=span.until)
    if processes < 2 or len(tasks) < 2 or span.until - span.since < WORTH_A_PROCESS:  # noqa: PLR2004 - a pair
        found = [work(task) for task in tasks]
    else:
        with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
            found = list(pool.map(work, tasks))
    order = {rule.name: position for position, rule in enumerate(known)}
    return sorted((one for said in found for one in said), key=lambda one: (one.at, order[one.rule]))


def report(
    rules: Sequence[MetricRule],
    readings: Readings,
    *,
    config: Configuration,
    warehouse: Warehouse,
    span: Span,
    recorded: Sequence[Recorded] = (),
    processes: int = 1,
) -> Report:
    """Replay, and price a live evaluation. Raises NoHistoryError where nothing was measured, QueryError."""
    covered = Span(readings.begin(span.since), span.until)
    outcomes = backtest(rules, readings, config=config, span=covered, recorded=recorded, processes=processes)
    known = [rule for rule in rules if rule.metric in config.metrics]
    live = measured(known, config.metrics, warehouse=warehouse, until=span.until, cap=config.limits.query_bytes)
    return Report(covered.since, covered.until, tuple(outcomes), readings.bytes_billed, live.bytes_billed)


def _tasks(rules: Sequence[MetricRule], readings: Readings, config: Configuration, *, parts: int) -> list[Task]:
    """One for each metric's points (several, where there is only one metric), those that take longest first."""
    together: dict[str, list[tuple[MetricRule, Metric]]] = defaultdict(list)
    for rule in rules:
        metric = config.metrics[rule.metric]
        together[metric.points].append((rule, metric))
    recent = recent_seconds(rules, RECENT)
    tasks = [
        Task(
            tuple(part),
            source,
            readings.histories[points],
            readings.arrivals[source.name],
            recent,
            config.seasons,
            readings.windows,
        )
        for points, pairs in together.items()
        if (source := config.sources.get(pairs[0][1].source)) is not None
        for part in _split(pairs, parts if len(together) == 1 else 1)
    ]
    return sorted(tasks, key=lambda task: -len(task.rules) * len(task.history.starts))


def _split(pairs: Sequence[tuple[MetricRule, Metric]], parts: int) -> list[Sequence[tuple[MetricRule, Metric]]]:
    return [pairs[part::parts] for part in range(min(parts, len(pairs)))]
