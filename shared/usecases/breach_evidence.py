"""The evidence of a breach as one package: what is kept about it, written once, its digest on the record."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta

from shared.domain.breaches import Breach
from shared.domain.breaches import Said as BreachSaid
from shared.domain.evidence_package import Package, packed
from shared.domain.incidents import TimelineEntry
from shared.ports.objects import ObjectStore
from shared.ports.store import Body, Query, Replace, StateStore, Write
from shared.rendering.breach import neutral_title
from shared.usecases.breach_records import (
    BREACHES,
    MOST,
    SEALED,
    SECURITY_SIGNALS,
    breach_body,
    full_timeline_of,
    read_breach,
)
from shared.usecases.breaches import told_to_team
from shared.usecases.changes import CHANGES
from shared.usecases.commits import committed
from shared.usecases.containment import CONTAINMENTS, Ports
from shared.usecases.outbox import publish_planned
from shared.usecases.records import (
    INCIDENTS,
    NOTIFICATIONS,
    PROCEDURES,
    TASKS,
    body_of,
    incident_writes,
    instant,
    read_incident,
)

BEFORE = timedelta(hours=24)  # security events of the day before may belong to it
TYPE = "application/zip"


@dataclass(frozen=True, slots=True)
class Kept:
    """The package, where it is, and its digest; `said` is why there is none."""

    said: str
    name: str = ""
    package: Package | None = None


def keep_evidence(about: str, *, by: str, objects: ObjectStore, ports: Ports) -> Kept:
    """Pack what is known, keep it where nothing is ever overwritten, and put its digest on the record.

    The same state packs to the same bytes: asked for again, the package that is there is told.
    """
    if by not in ports.config.response_team.members:
        return Kept(BreachSaid.NOT_IN_TEAM)
    found = read_breach(about, ports.store)
    if found is None:
        return Kept(BreachSaid.UNKNOWN)
    breach = found[0]
    package = packed(files_of(breach, ports.store), {"breach": breach.id, "title": neutral_title(breach)})
    name = f"evidence/{breach.id}/{package.digest}.zip"
    objects.create(name, package.data, content_type=TYPE)
    if package.digest not in breach.evidence:
        committed(lambda: _recorded(breach.id, package, by, ports))
    return Kept("kept", name, package)


def files_of(breach: Breach, store: StateStore) -> dict[str, bytes]:
    """Everything that is kept about a breach, as JSON; people stand in it as they are stored, under their ids.

    The breach's own list of packages, and what was told of them, are left out: a package cannot hold its own digest.
    """
    incident, name = breach.incident, breach.incident
    record = [body_of(entry) for entry in full_timeline_of(store, incident) if entry.event != "evidence kept"]
    kept = {
        "breach.json": body_of(replace(breach, evidence=())),
        "incident.json": _document(store, INCIDENTS, name, without=("entries", "head", "revision")),
        "details.json": _document(store, SEALED, name),
        "record.json": record,
        "diagnosis.json": _document(store, SEALED, f"{name}-diagnosis"),
        "changes.json": _found(store, _around(CHANGES, breach)),
        "messages.json": _of(store, NOTIFICATIONS, {"incident": name}, "planned_at"),
        "signals.json": _of(store, SECURITY_SIGNALS, {"incident": name}, "at"),
        "security_events_around.json": [
            body for body in _found(store, _around(SECURITY_SIGNALS, breach)) if body["incident"] != name
        ],
        "containment.json": _of(store, CONTAINMENTS, {"breach": breach.id}, "asked_at"),
        "procedures.json": _of(store, PROCEDURES, {"incident": name}, "started_at"),
        "tasks.json": _of(store, TASKS, {"incident": name}, "created_at"),
    }
    return {file: _json(value) for file, value in kept.items()}


def _recorded(name: str, package: Package, by: str, ports: Ports) -> None:
    found = read_breach(name, ports.store)
    if found is None or package.digest in found[0].evidence:
        return
    breach, version = found
    now = ports.clock.now()
    title = f"{neutral_title(breach)}: a package of evidence is kept"
    rows, told = told_to_team(
        breach, title, (f"SHA-256 {package.digest}",), unique=package.digest, config=ports.config, now=now
    )
    after = replace(breach, evidence=(*breach.evidence, package.digest))
    writes: list[Write] = [Replace(BREACHES, breach.id, breach_body(after), version), *told]
    incident = read_incident(ports.store, breach.incident)
    if incident is not None:
        entry = TimelineEntry(now, "evidence kept", "package", by, f"SHA-256 {package.digest}")
        writes += incident_writes(incident[0], [entry], incident[1])
    ports.store.commit(writes)
    publish_planned(ports.publisher, rows, now)


def _around(collection: str, breach: Breach) -> Query:
    """What happened from the day before detection to the end of the clock."""
    low, high = instant(breach.detected_at - BEFORE), instant(breach.regulator_at)
    return Query(collection, order_by="at", low=low, high=high, limit=MOST)


def _document(store: StateStore, collection: str, name: str, *, without: tuple[str, ...] = ()) -> Body:
    document = store.get(collection, name)
    return {key: value for key, value in document.body.items() if key not in without} if document else {}


def _of(store: StateStore, collection: str, equal: dict[str, str], order_by: str) -> list[Body]:
    return _found(store, Query(collection, equal=equal, order_by=order_by, limit=MOST))


def _found(store: StateStore, query: Query) -> list[Body]:
    return [row.body for row in store.find(query)]


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, default=str).encode()
