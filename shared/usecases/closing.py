"""Resolved incidents that close themselves: after a while, once no task is left; action items live on."""

from datetime import datetime

from shared.domain.configuration import Configuration
from shared.domain.lifecycle import close
from shared.ports.platform import Publisher
from shared.ports.store import Query, StateStore
from shared.usecases.commits import committed
from shared.usecases.outbox import publish_planned
from shared.usecases.planning import plan_update
from shared.usecases.records import INCIDENTS, incident_writes, instant, notifications_of, read_incident

BATCH = 200
DETAIL = "by itself, some time after it was resolved"


def close_settled(*, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> int:
    """Close what has been resolved for `limits.close_after`; returns how many. What is left is the next tick's."""
    until = instant(now - config.limits.close_after)
    rows = store.find(Query(INCIDENTS, equal={"may_close": "yes"}, order_by="resolved_at", high=until, limit=BATCH))
    return sum(committed(lambda name=row.id: _close(name, store, publisher, now)) for row in rows)  # type: ignore[misc]


def _close(name: str, store: StateStore, publisher: Publisher, now: datetime) -> int:
    found = read_incident(store, name)
    if found is None or not found[0].may_close:
        return 0
    changed = close(found[0], actor="soukmon", now=now, detail=DETAIL)
    planned = plan_update(changed.incident, notifications_of(store, name), now=now)
    store.commit([*incident_writes(changed.incident, changed.entries, found[1]), *planned.writes])
    publish_planned(publisher, planned.rows, now)
    return 1
