"""Promises that were broken: on the incident's record, and once to those whom its severity names for that."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.configuration import Configuration
from shared.domain.escalation import Step
from shared.domain.incidents import Incident
from shared.domain.notifications import Route, plan, recipients
from shared.domain.promises import broken, still_to_tell
from shared.domain.reasons import Notify
from shared.ports import Publisher, Query, StateStore
from shared.usecases.commits import committed
from shared.usecases.muting import Muting
from shared.usecases.outbox import publish_planned
from shared.usecases.planning import Planned, template
from shared.usecases.records import INCIDENTS, incident_writes, instant, notifications_of, read_incident

BATCH = 500


@dataclass(frozen=True, slots=True)
class _Round:
    config: Configuration
    store: StateStore
    publisher: Publisher
    muting: Muting
    now: datetime


def record_broken_promises(*, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> int:
    """Each broken promise once, however often this runs; returns how many incidents broke one."""
    late = store.find(Query(INCIDENTS, order_by="promise_at", high=instant(now), limit=BATCH))
    tick = _Round(config, store, publisher, Muting(config.noise, store=store, now=now), now)
    return sum(committed(lambda row=row: _record(row.id, tick)) for row in late)  # type: ignore[misc]


def _record(name: str, tick: _Round) -> int:
    found = read_incident(tick.store, name)
    breach = broken(found[0], tick.now) if found else None
    if found is None or breach is None:
        return 0
    incident = breach.incident
    silent = not incident.state.is_open or tick.muting.hold_on(incident) is not None
    planned = Planned() if silent else _told(incident, tick.config, tick.store, tick.now)
    tick.store.commit([*incident_writes(incident, breach.entries, found[1]), *planned.writes])
    publish_planned(tick.publisher, planned.rows, tick.now)
    return 1


def _told(incident: Incident, config: Configuration, store: StateStore, now: datetime) -> Planned:
    promise = config.promises[incident.severity]
    if not promise.tell_when_broken:
        return Planned()
    route = Route(config.directory, incident.channels)
    found, _ = recipients(Step(promise.tell_when_broken), route, now)
    wanted = still_to_tell(found, notifications_of(store, incident.id), now)
    base = template(incident, Notify.PROMISE_BROKEN, now)
    return Planned(plan(wanted, base=base, fallback_after=promise.fallback_after))
