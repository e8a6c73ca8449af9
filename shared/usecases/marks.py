"""What happened beside the figures: incidents, releases and maintenance windows of a span, to be drawn into charts."""

from collections.abc import Iterator

from shared.domain.changes import UNDONE, Change
from shared.domain.chart_data import Mark, MarkKind
from shared.domain.figures import Span
from shared.domain.incidents import Incident, State
from shared.domain.severities import Severity
from shared.domain.signals import TEST_SOURCE
from shared.ports.store import Query, StateStore
from shared.usecases.changes import CHANGES
from shared.usecases.records import INCIDENTS, instant, value_of

MOST = 10_000
DRAWN = frozenset({Severity.CRITICAL, Severity.HIGH})


def incidents_of(span: Span, store: StateStore) -> list[Incident]:
    """Real incidents that opened in the span, oldest first, each once; never those that only a few may know of."""
    query = Query(INCIDENTS, order_by="opened_at", low=instant(span.since), high=instant(span.until), limit=MOST)
    found = (value_of(row, Incident) for row in store.find(query))
    return [one for one in found if one.opened_at < span.until and is_told_of(one)]


def is_told_of(incident: Incident) -> bool:
    """False for rehearsals, for what a storm or another incident took in, and for restricted ones."""
    is_part = incident.storm or incident.state is State.MERGED
    return not (is_part or incident.restricted or incident.source == TEST_SOURCE)


def changes_of(span: Span, store: StateStore) -> list[Change]:
    """The releases and deployments of the span, oldest first."""
    query = Query(CHANGES, order_by="at", low=instant(span.since), high=instant(span.until), limit=MOST)
    found = (value_of(row, Change) for row in store.find(query))
    return [one for one in found if one.at < span.until and one.kind in UNDONE]


def marks(span: Span, store: StateStore) -> tuple[Mark, ...]:
    """The span's critical and high incidents and its releases, oldest first."""
    return tuple(sorted(_marks(span, store), key=lambda mark: mark.at))


def _marks(span: Span, store: StateStore) -> Iterator[Mark]:
    for one in incidents_of(span, store):
        if one.severity in DRAWN:
            end = one.resolved_at
            yield Mark(MarkKind.INCIDENT, one.opened_at, end, one.title, one.id, one.severity)
    for change in changes_of(span, store):
        yield Mark(
            MarkKind.RELEASE, change.at, text=" ".join(part for part in (change.service, change.version) if part)
        )
