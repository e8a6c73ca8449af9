"""The success metrics of the incidents on record, as readings like any other metric's."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from shared.domain.configuration import Configuration
from shared.domain.effectiveness import counts
from shared.domain.figures import Figure, Span
from shared.domain.incidents import Incident
from shared.domain.metrics import Point
from shared.domain.notifications import LedgerState
from shared.domain.series import HOUR
from shared.domain.severities import Severity
from shared.domain.success import STAKEHOLDERS, SUCCESS_METRICS, Case, success_points
from shared.ports.store import StateStore
from shared.ports.warehouse import Warehouse
from shared.usecases.figure_reading import OURS, Asked, Readings, figure, read
from shared.usecases.impact_statements import STATEMENTS
from shared.usecases.job_success import job_points
from shared.usecases.marks import incidents_of
from shared.usecases.records import notifications_of

WENT_OUT = frozenset({LedgerState.SENT, LedgerState.DELIVERED, LedgerState.READ})


def own_readings(asked: Asked, *, config: Configuration, store: StateStore) -> Readings:
    """The points of either span for the metrics of our own records, to be read with those of the warehouse."""
    return Readings(
        asked,
        now=_points(asked.span, config=config, store=store),
        before=_points(asked.compared, config=config, store=store),
    )


def _points(span: Span, *, config: Configuration, store: StateStore) -> Mapping[str, Sequence[Point]]:
    of_incidents = success_points(cases_of(span, config=config, store=store), span.until)
    return {**of_incidents, **job_points(span, store)}


def success_figures(readings: Readings, config: Configuration) -> tuple[Figure, ...]:
    """The success metrics, each against its target; those of `own_readings` and those that the warehouse holds."""
    names = (name for name in SUCCESS_METRICS if name in config.metrics)
    return tuple(figure(config.metrics[name], readings, config) for name in names)


def read_success(
    length: timedelta, *, config: Configuration, store: StateStore, warehouse: Warehouse | None, now: datetime
) -> tuple[Figure, ...]:
    """The success metrics of so long up to now, against their targets and against the same length before.

    Without a warehouse those that it holds cannot be read; ours can.
    """
    span = Span(now - length, now)
    asked = Asked(span, Span(span.since - length, span.since), HOUR)
    metrics = [config.metrics[name] for name in SUCCESS_METRICS if name in config.metrics]
    own = own_readings(asked, config=config, store=store)
    if warehouse is None:
        held = frozenset(one.points for one in metrics if one.source not in OURS)
        return success_figures(replace(own, failed=held), config)
    return success_figures(read(metrics, asked, config=config, warehouse=warehouse, own=own, now=now), config)


def cases_of(span: Span, *, config: Configuration, store: StateStore) -> list[Case]:
    """The incidents that opened in the span and count, oldest first; restricted ones are left out."""
    people = {person for team in STAKEHOLDERS for person in config.directory.teams.get(team, ())}
    return [_case(one, people, store) for one in incidents_of(span, store) if counts(one)]


def _case(incident: Incident, people: set[str], store: StateStore) -> Case:
    is_assessed = not incident.state.is_open and store.get(STATEMENTS, incident.id) is not None
    return Case(incident, _told_at(incident, people, store), is_assessed)


def _told_at(incident: Incident, people: set[str], store: StateStore) -> datetime | None:
    """Only of critical ones; what failed on its way told nobody."""
    if incident.severity is not Severity.CRITICAL:
        return None
    rows = (row for row in notifications_of(store, incident.id) if row.recipient in people and row.state in WENT_OUT)
    return min((row.sent_at for row in rows if row.sent_at is not None), default=None)
