"""Changes on record: kept as they arrive, and linked to the open incidents they may explain."""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.domain.changes import EXPLAINS, KEPT, MOST, SLACK, Change, Suspect, explains, suspects, with_previous
from shared.domain.configuration import Configuration
from shared.domain.incidents import Incident, TimelineEntry
from shared.domain.signals import TEST_SOURCE
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Put, Query, StateStore
from shared.usecases.commits import committed
from shared.usecases.outbox import publish_planned
from shared.usecases.planning import plan_update
from shared.usecases.records import (
    INCIDENTS,
    body_of,
    incident_writes,
    instant,
    notifications_of,
    read_incident,
    value_of,
)

CHANGES = "changes"
LINKED = "may be explained by"
REASON = "a change shortly before it began"
EARLIER = timedelta(days=90)
ASKED = 50


def record_change(change: Change | None, *, store: StateStore, publisher: Publisher, clock: Clock) -> int:
    """Keep the change, and put it on the record of every open incident that it may explain; how many those are.

    Keeping it again changes nothing: its id is the fact's. None is no change.
    """
    if change is None:
        return 0
    kept = with_previous(change, _earlier(change, store))
    is_known = store.get(CHANGES, kept.id) is not None
    store.commit([Put(CHANGES, kept.id, body_of(kept))])
    if is_known:
        return 0
    now = clock.now()
    since = instant(min(kept.at, now) - EXPLAINS)
    opened = Query(INCIDENTS, equal={"is_open": "yes"}, order_by="opened_at", low=since, limit=ASKED)
    names = [row.id for row in store.find(opened) if _concerns(kept, value_of(row, Incident))]
    return sum(committed(lambda name=name: _linked(name, kept, store, publisher, now)) for name in names)  # type: ignore[misc]


def changes_around(store: StateStore, began: datetime) -> list[Change]:
    """The changes on record that may explain trouble which began then."""
    low, high = instant(began - EXPLAINS), instant(began + SLACK)
    query = Query(CHANGES, order_by="at", low=low, high=high, newest_first=True, limit=ASKED)
    return [value_of(row, Change) for row in store.find(query)]


def suspects_of(incident: Incident, *, config: Configuration, store: StateStore) -> tuple[Suspect, ...]:
    """The changes that may explain the incident, the likeliest first."""
    if not incident.suspects:
        return ()
    found = [document for name in incident.suspects if (document := store.get(CHANGES, name)) is not None]
    changes = [value_of(document, Change) for document in found]
    return suspects(changes, service=incident.service, began=incident.began_at, services=config.services)


def with_suspects(
    incident: Incident, *, config: Configuration, store: StateStore, now: datetime
) -> tuple[Incident, tuple[TimelineEntry, ...]]:
    """An incident that opens, with the changes that may explain it: one query, none for a rehearsal or ourselves."""
    if incident.source in {TEST_SOURCE, "soukmon", "support"}:
        return incident, ()
    changes = changes_around(store, incident.began_at)
    found = suspects(changes, service=incident.service, began=incident.began_at, services=config.services, most=KEPT)
    if not found:
        return incident, ()
    known = replace(incident, suspects=tuple(one.change.id for one in found))
    return known, tuple(TimelineEntry(now, LINKED, REASON, detail=in_words(one.change)) for one in found[:MOST])


def in_words(change: Change) -> str:
    """The change as the record has it: "release 4.2.1 of web by mona, 2026-03-10 00:02 UTC"."""
    what = change.version or change.what
    said = " ".join(text for text in (change.kind, what, f"of {change.service}" if change.service else "") if text)
    return said + (f" by {change.by}" if change.by else "") + f", {change.at:%Y-%m-%d %H:%M} UTC"


def _earlier(change: Change, store: StateStore) -> list[Change]:
    if change.previous or not change.version:
        return []
    query = Query(
        CHANGES,
        equal={"service": change.service},
        order_by="at",
        low=instant(change.at - EARLIER),
        high=instant(change.at),
        newest_first=True,
        limit=ASKED,
    )
    found = [value_of(row, Change) for row in store.find(query)]
    return [one for one in found if one.kind is change.kind]


def _concerns(change: Change, incident: Incident) -> bool:
    is_none_of_theirs = incident.source in {TEST_SOURCE, "soukmon", "support"} or bool(incident.restricted)
    return not is_none_of_theirs and explains(change, incident.began_at) and change.id not in incident.suspects


def _linked(name: str, change: Change, store: StateStore, publisher: Publisher, now: datetime) -> int:
    """One attempt to put the change on an open incident's record, and into its living message."""
    found = read_incident(store, name)
    if found is None or not found[0].state.is_open or not _concerns(change, found[0]):
        return 0
    incident, version = found
    known = [value_of(row, Change) for one in incident.suspects if (row := store.get(CHANGES, one))]
    ranked = suspects([*known, change], service=incident.service, began=incident.began_at, most=KEPT)
    named = tuple(one.change.id for one in ranked)
    after = replace(incident, suspects=named, revision=incident.revision + 1)
    planned = plan_update(after, notifications_of(store, name), now=now)
    entry = TimelineEntry(now, LINKED, REASON, detail=in_words(change))
    store.commit([*incident_writes(after, [entry], version), *planned.writes])
    publish_planned(publisher, planned.rows, now)
    return 1
