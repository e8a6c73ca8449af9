"""Promises that are about to break or were broken: on the record, and told once to those whom it concerns."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.configuration import Configuration
from shared.domain.escalation import Step
from shared.domain.incidents import Incident, TimelineEntry
from shared.domain.notifications import Route, plan, recipients
from shared.domain.promises import at_risk, broken, still_to_tell
from shared.domain.reasons import Notify
from shared.ports.platform import Publisher
from shared.ports.store import Query, StateStore
from shared.usecases.commits import committed
from shared.usecases.muting import Muting
from shared.usecases.outbox import publish_planned
from shared.usecases.planning import Planned, plan_by_mail, plan_in_threads, template
from shared.usecases.records import INCIDENTS, incident_writes, instant, notifications_of, read_incident

BATCH = 500
EMAIL = ("email",)


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


def warn_of_promises(*, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> int:
    """Warn once of each promise that is about to break; returns how many warnings there were."""
    near = store.find(Query(INCIDENTS, order_by="warn_at", high=instant(now), limit=BATCH))
    tick = _Round(config, store, publisher, Muting(config.noise, store=store, now=now), now)
    return sum(committed(lambda row=row: _warn(row.id, tick)) for row in near)  # type: ignore[misc]


def _warn(name: str, tick: _Round) -> int:
    found = read_incident(tick.store, name)
    warning = at_risk(found[0], tick.now) if found else None
    if found is None or warning is None:
        return 0
    incident = warning.incident
    silent = not warning.entries or tick.muting.hold_on(incident) is not None
    planned = Planned() if silent else _warned(incident, warning.entries[-1], tick)
    tick.store.commit([*incident_writes(incident, warning.entries, found[1]), *planned.writes])
    publish_planned(tick.publisher, planned.rows, tick.now)
    return len(warning.entries)


def _warned(incident: Incident, last: TimelineEntry, tick: _Round) -> Planned:
    """A line in the threads, and a mail to whoever is at work on it; who is on call hears of it where nobody is."""
    reason, now = Notify.PROMISE_AT_RISK, tick.now
    at_work = incident.state.is_owned and not incident.is_snoozed
    on_call = () if at_work else _on_call(incident, tick.config, now)
    owner = (incident.owner,) if incident.owner else ()
    note = last.reason
    threads = plan_in_threads(incident, notifications_of(tick.store, incident.id), reason=reason, now=now, note=note)
    return threads + plan_by_mail(incident, (*owner, *on_call), reason=reason, config=tick.config, now=now, note=note)


def _on_call(incident: Incident, config: Configuration, now: datetime) -> tuple[str, ...]:
    """Who is on call in the rotations of the first step; everybody it names where there are none."""
    first = incident.ladder.policy.steps[0]
    rotations = tuple(target for target in first.targets if target.startswith("oncall:"))
    found, _ = recipients(replace(first, targets=rotations or first.targets), Route(config.directory, EMAIL), now)
    return tuple(dict.fromkeys(one.id for one in found if one.id in config.directory.people))


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
