"""The weekly look at the database: its indexes, its documents and queries, its connections, and what nobody uses."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from shared.domain import document_review, index_review
from shared.domain.configuration import Configuration
from shared.domain.figures import Figure, Span
from shared.domain.index_review import ALERT, Declared
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.errors import NotMeasuredError, QueryError
from shared.ports.audits import ConnectionPool, Connections, DocumentCounts, IndexReader
from shared.ports.store import StateStore
from shared.ports.warehouse import PlatformFigure, PlatformMetrics, Warehouse
from shared.usecases.figure_reading import Asked, figure, read
from shared.usecases.jobs.reviewing import reviewed
from shared.usecases.jobs.running import Step

A_WEEK = timedelta(days=7)
AN_HOUR_IN_SECONDS = 3_600
NEARLY = 0.8  # of what is allowed
MANY_SCANNED = 1_000  # documents that a query reads to answer; ours take at most so many
METRIC = "database_connections"


@dataclass(frozen=True, slots=True)
class Database:
    """What is looked at. `declared` are our queries' indexes by collection."""

    config: Configuration
    declared: Declared
    store: StateStore
    counts: DocumentCounts
    indexes: IndexReader
    pool: ConnectionPool
    platform: PlatformMetrics
    warehouse: Warehouse


def database_steps(database: Database, storage: Step) -> Mapping[str, Step]:
    """The steps; only `queries` writes, to remember what it saw, and `storage` (see cleaning) proposes."""
    steps: Mapping[str, Callable[[Database, Run], StepResult]] = {
        "indexes": indexes,
        "queries": queries,
        "connections": connections,
    }
    return {**{name: partial(step, database) for name, step in steps.items()}, "storage": storage}


def indexes(database: Database, run: Run) -> StepResult:
    """Every index that a query of ours needs is there and ready, and none is there that nothing needs."""
    del run
    try:
        there = database.indexes.states()
    except NotMeasuredError as error:
        return StepResult("indexes", Verdict.SKIPPED, str(error))
    wanted = len(set(index_review.needed(database.declared)))
    return result_of(index_review.judged(database.declared, there), needed=wanted, there=len(there))


def queries(database: Database, run: Run) -> StepResult:
    """Large documents, ones written all the time, collections that grow, and queries that read far too much."""
    review = reviewed(database.store, database.counts, sorted(database.declared), run)
    found = [*document_review.judged(review.seen, review.before, days=review.days)]
    evidence = document_review.evidence_of(review.seen, review.before)
    hot = next(iter(document_review.hottest(review.seen, review.before).items()), None)
    reason = f"most written: {hot[0]} ({hot[1]} times since the last look)" if hot else ""
    try:
        scanned = _platform(database, run, "firestore_queries")
    except QueryError as error:
        return replace(result_of(found, reason="; ".join(filter(None, (reason, str(error))))), evidence=evidence)
    found += [_scans(one) for one in scanned if one.what == "scanned_documents" and one.now > MANY_SCANNED]
    return replace(result_of(found, reason=reason), evidence={**evidence, **{one.what: one.now for one in scanned}})


def connections(database: Database, run: Run) -> StepResult:
    """Connections as the app measures them, as the platform does, and this process's own; against what is allowed."""
    measured, limit = _measured(database, run), _limit(database.config)
    found, evidence = list[Finding](), dict[str, float]()
    missing = [] if measured.value is not None else [f"{METRIC} was not measured; post it to receive_measurement"]
    missing += [] if limit is not None else [f"{METRIC} has no limit; set its target in metrics.yaml"]
    if measured.value is not None:
        evidence[METRIC] = measured.value
        found += _against(METRIC, measured.value, limit)
    own = _own(database.pool)
    if own is not None:
        evidence |= {"own": own.open, "own_limit": own.most}
        found += _against("this process's connections to its store", own.open, own.most)
    with suppress(QueryError):  # beside the point: Firestore sets no limit to them
        evidence |= {one.what: round(one.now, 1) for one in _platform(database, run, "firestore_connections")}
    if missing and own is None:
        return StepResult("connections", Verdict.SKIPPED, "; ".join(missing), evidence)
    return replace(result_of(found, reason="; ".join(missing)), evidence=evidence)


def _own(pool: ConnectionPool) -> Connections | None:
    try:
        return pool.connections()
    except NotMeasuredError:  # the engine has none to count
        return None


def _measured(database: Database, run: Run) -> Figure:
    metric = database.config.metrics[METRIC]
    span, before = Span(run.at - A_WEEK, run.at), Span(run.at - 2 * A_WEEK, run.at - A_WEEK)
    asked = Asked(span, before, AN_HOUR_IN_SECONDS)
    found = read([metric], asked, config=database.config, warehouse=database.warehouse, now=run.at)
    if found.failed:
        raise QueryError(f"the warehouse did not answer about {METRIC}")
    return figure(metric, found, database.config)


def _limit(config: Configuration) -> float | None:
    limits = [rule.limit.value for rule in config.metric_rules if rule.metric == METRIC and rule.limit is not None]
    return min(limits) if limits else config.metrics[METRIC].target


def _against(what: str, count: float, limit: float | None) -> list[Finding]:
    if limit is None or count <= NEARLY * limit:
        return []
    verdict = Verdict.FAIL if count > limit else Verdict.WARN
    fix = "see what holds them; close what is done with, and share one client in each instance"
    return [Finding(what, f"{what}: {count:,.0f} of {limit:,.0f}", verdict, fix, ALERT)]


def _platform(database: Database, run: Run, group: str) -> list[PlatformFigure]:
    since = run.at - A_WEEK
    return database.platform.figures(group, usual_since=since - A_WEEK, since=since, until=run.at)


def _scans(one: PlatformFigure) -> Finding:
    what = f"queries of {one.resource} read up to {one.now:,.0f} documents to answer (95th percentile)"
    fix = "run the query with Query Explain, and give it an index over what it filters by"
    return Finding(f"{one.resource}.{one.what}", what, Verdict.WARN, fix, ALERT)
