"""Merging two incidents in one commit: their records, their tasks, and where the signals go from then on."""

from collections.abc import Sequence
from datetime import datetime

from shared.domain.acting import By
from shared.domain.configuration import Configuration
from shared.domain.incidents import Acked, Incident
from shared.domain.merging import Merged, Merging, merge
from shared.domain.permissions import is_shown, permissions_of
from shared.domain.reasons import Notify
from shared.domain.tasks import Task, moved_to
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Document, Query, Replace, StateStore, Write
from shared.usecases.commits import committed
from shared.usecases.outbox import publish_planned
from shared.usecases.planning import Planned, plan_in_threads, plan_update
from shared.usecases.records import (
    GROUPS,
    TASKS,
    body_of,
    incident_writes,
    notifications_of,
    read_incident,
    value_of,
)
from shared.usecases.wishes import Act, Acted, may_act_on

MOST = 500


def merge_incidents(
    wish: Act, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> Acted:
    """Let `wish.incident` go on in `wish.into`; a refusal changes neither and its outcome says why."""
    return committed(lambda: _attempt(wish, config, store, publisher, clock.now()))


def _attempt(wish: Act, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> Acted:
    gone, survivor = read_incident(store, wish.incident), read_incident(store, wish.into)
    person = config.directory.people[wish.person]
    if gone is None or not may_act_on(gone[0], wish.person, config):
        return Acted(Acked.UNKNOWN_INCIDENT)
    if survivor is None or not is_shown(survivor[0].labels, permissions_of(person, config.directory)):
        return Acted(Merging.UNKNOWN, gone[0])
    merged = merge(gone[0], survivor[0], By(wish.person, wish.via, now))
    if merged.gone_entry is None or merged.survivor_entry is None:
        return Acted(merged.outcome, gone[0])
    planned = _told(merged, person.name, store, now)
    store.commit(
        [
            *incident_writes(merged.gone, [merged.gone_entry], gone[1]),
            *incident_writes(merged.survivor, [merged.survivor_entry], survivor[1]),
            *_pointer(merged, store),
            *_tasks(merged, store),
            *planned.writes,
        ]
    )
    publish_planned(publisher, planned.rows, now)
    return Acted(merged.outcome, merged.gone, happened=True)


def _told(merged: Merged, by_name: str, store: StateStore, now: datetime) -> Planned:
    """Both living messages change, and a line in the threads of either says which went into which."""
    planned = Planned()
    note = f"{merged.gone.id} -> {merged.survivor.id}, {by_name}"
    for incident in (merged.gone, merged.survivor):
        ledger = notifications_of(store, incident.id)
        planned += plan_update(incident, ledger, now=now)
        planned += plan_in_threads(incident, ledger, reason=Notify.MERGED, now=now, note=note)
    return planned


def _pointer(merged: Merged, store: StateStore) -> Sequence[Write]:
    """What fires with the fingerprint of the one that is gone belongs to the survivor from now on."""
    group = store.get(GROUPS, merged.gone.fingerprint)
    if group is None or group.body["incident"] != merged.gone.id:
        return ()
    return (Replace(GROUPS, group.id, {"incident": merged.survivor.id}, group.version),)


def _tasks(merged: Merged, store: StateStore) -> list[Write]:
    rows = store.find(Query(TASKS, equal={"incident": merged.gone.id}, order_by="created_at", limit=MOST))
    return [_moved(row, merged.survivor) for row in rows]


def _moved(row: Document, survivor: Incident) -> Write:
    task = moved_to(value_of(row, Task), survivor.id)
    return Replace(TASKS, row.id, {**body_of(task), "is_open": row.body["is_open"]}, row.version)
