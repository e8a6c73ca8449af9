"""Keeps for every incident what it did to people and sales, at latest when it is over."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.domain.configuration import Configuration
from shared.domain.impact_statements import (
    METRICS,
    Estimate,
    Levels,
    Scope,
    Statement,
    Total,
    Unknown,
    estimates,
    is_wanted,
    next_look,
    scope_of,
    span_of,
    unknown_all,
    weeks_alike,
)
from shared.domain.incidents import Incident, TimelineEntry
from shared.errors import ByteCapError, QueryError
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Put, StateStore, Write
from shared.ports.warehouse import Parameter, Warehouse
from shared.usecases.commits import committed
from shared.usecases.looks import look_write
from shared.usecases.outbox import publish_planned
from shared.usecases.planning import Planned, plan_update
from shared.usecases.records import body_of, incident_writes, notifications_of, read_incident, value_of

STATEMENTS = "impact_statements"
STATED, SO_FAR, FINAL = "impact stated", "what is known so far", "what is known of all of it"
WHY = {Scope.OURS: Unknown.OURS, Scope.FOLDED: Unknown.FOLDED, Scope.NOT_TRACED: Unknown.NOT_TRACED}

log = logging.getLogger(__name__)


def state_impact(
    name: str, *, config: Configuration, warehouse: Warehouse, store: StateStore, publisher: Publisher, clock: Clock
) -> Statement | None:
    """Assess the incident and keep what was found; None when nothing is due. "Unknown, because ..." is an assessment.

    A warehouse that cannot answer makes the figures unknown; the next look asks again.
    """
    now = clock.now()
    found = read_incident(store, name)
    last = read_statement(store, name)
    if found is None or not is_wanted(last, found[0], now):
        return None
    incident = found[0]
    since, until = span_of(incident, now)
    made = Statement(
        incident=name,
        at=now,
        since=since,
        until=until,
        estimates=_estimates(incident, (since, until), config, warehouse),
        is_final=not incident.state.is_open,
        looks=last.looks + 1 if last else 1,
    )
    return committed(lambda: _keep(made, last, store, publisher))


def read_statement(store: StateStore, incident: str) -> Statement | None:
    """The incident's latest assessment."""
    document = store.get(STATEMENTS, incident)
    return value_of(document, Statement) if document else None


def _estimates(
    incident: Incident, span: tuple[datetime, datetime], config: Configuration, warehouse: Warehouse
) -> tuple[Estimate, ...]:
    scope = scope_of(incident)
    if scope in WHY:
        return unknown_all(WHY[scope])
    since, until = span
    parameters: dict[str, Parameter] = {"metrics": list(METRICS), "since": since, "until": until}
    try:
        answer = warehouse.query("span_levels", parameters, maximum_bytes=config.limits.query_bytes)
    except (QueryError, ByteCapError):
        log.exception("the impact could not be stated")
        return unknown_all(Unknown.FAILED)
    levels = _levels(answer.rows, config, service=incident.labels.get("service", ""))
    return estimates(incident, levels, until=until, weeks=weeks_alike(since, config.seasons))


def _levels(rows: Iterable[Mapping[str, Any]], config: Configuration, *, service: str) -> Levels:
    """The rows as totals; errors of an incident that names its service are those of the service alone."""
    totals: dict[str, dict[int, Total]] = defaultdict(dict)
    reached: dict[str, datetime] = {}
    for row in rows:
        metric, week = str(row["metric"]), int(row["weeks_ago"])
        if week < 0:
            reached[metric.removeprefix("rows.")] = row["newest"]
        elif not service or metric != "error_rate" or row["dimensions"] == f"service={service}":
            total = Total(float(row["count"]), float(row["sum"]), float(row["bad"]), float(row["bad_clients"]))
            totals[metric][week] = totals[metric].get(week, Total()) + total
    known = {name: config.metrics[name].source for name in METRICS if name in config.metrics}
    return Levels(totals, reached, {name: source for name, source in known.items() if source in config.sources})


def _keep(made: Statement, last: Statement | None, store: StateStore, publisher: Publisher) -> Statement:
    """One attempt: the statement, its line on the record when it is news, the living message, and the next look."""
    found = read_incident(store, made.incident)
    if found is None:
        return made
    incident, version = found
    writes: list[Write] = [Put(STATEMENTS, made.incident, body_of(made))]
    due = next_look(made, incident) if scope_of(incident) is Scope.MARKET else None
    if due is not None:
        writes.append(look_write(incident, due))
    planned = Planned()
    if _is_news(made, last):
        entry = TimelineEntry(made.at, STATED, FINAL if made.is_final else SO_FAR, detail=in_words(made))
        after = replace(incident, revision=incident.revision + 1)
        planned = plan_update(after, notifications_of(store, incident.id), now=made.at)
        writes += [*incident_writes(after, [entry], version), *planned.writes]
    store.commit(writes)
    publish_planned(publisher, planned.rows, made.at)
    return made


def _is_news(made: Statement, last: Statement | None) -> bool:
    """The first and the last word are on the record, and whatever makes another figure known."""
    if last is None or last.is_final != made.is_final:
        return True
    if made.is_final:
        return made.estimates != last.estimates
    return [one.unknown for one in made.estimates] != [one.unknown for one in last.estimates]


def in_words(made: Statement) -> str:
    """The statement as the record has it: "users 40 (medium); revenue unknown, because ..."."""
    known = [f"{one.figure} {_amount(one, made)} ({one.confidence})" for one in made.estimates if one.value is not None]
    reasons: dict[str, list[str]] = {}
    for one in made.estimates:
        if one.unknown is not None:
            reasons.setdefault(one.unknown, []).append(one.figure)
    return "; ".join([*known, *(f"{', '.join(names)} unknown, because {why}" for why, names in reasons.items())])


def _amount(one: Estimate, made: Statement) -> str:
    value = f"{one.value:,.10g}" if one.value is not None and one.value < 10 else f"{one.value:,.0f}"  # noqa: PLR2004
    return {"revenue": f"{made.currency} {value}", "traffic": f"{value} %"}.get(one.figure, value)
