"""How domain values are kept in the state store: collections, encoding, and the writes of a decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

import msgspec

from shared import typed
from shared.domain.chain import Head, hash_of, linked
from shared.domain.incidents import Incident, TimelineEntry
from shared.domain.notifications import Notification
from shared.domain.restricted import concealed
from shared.domain.signals import TEST_SOURCE
from shared.domain.tasks import Task
from shared.ports.store import Body, Create, Document, Put, Query, Replace, StateStore, Write

INCIDENTS = "incidents"
GROUPS = "groups"
TIMELINE = "timeline"
NOTIFICATIONS = "notifications"
RECEIPTS = "receipts"
OUTBOX = "outbox"
DEAD_LETTERS = "dead_letters"
THREADS = "threads"
NONCES = "nonces"
HEARTBEATS = "heartbeats"
AMENDMENTS = "amendments"
BULLETINS = "bulletins"
ANSWERED = "answered"
SPENDING = "spending"
GAME_DAYS = "game_days"
AUDITS = "audits"
DUTY_CHANGES = "duty_changes"
SILENCES = "silences"
WINDOWS = "windows"
TASKS = "tasks"
REPORTS = "reports"
JOB_RUNS = "job_runs"
HEALTH = "health"  # written, read back and deleted by the health check
JOB_LOCKS = "job_locks"  # by the name of what is worked on: which run holds it, and until when
CONTINUITY = "continuity_reviews"
PROCEDURES = "procedures"
DRAFTS = "drafts"
SEALED_LINES = "sealed_lines"
UPDATES = "updates"  # what a run of the updates has chosen, by its id, and the proposal that is open
ARCHIVES = "archives"  # by the archive's name: its manifest's hash, and when it was read again last
RETENTION = "retention"  # one document: the holds
ADVISORIES = "advisories"  # what OSV said of packages, by the id of each vulnerability, and what was asked last

LOOKS = "impact-looks"
ENDS = frozenset({"resolved", "merged"})
SETTLES = timedelta(minutes=4)  # until what happened at the very end is in the warehouse
SEALED = "sealed"  # in a line of a restricted incident's record: the hash of what it says in full

RECEIPT_LIFETIME = timedelta(days=7)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of something that arrived, and why."""

    outcome: str
    reason: str
    incident: str = ""
    severity: str = ""


def receipt(handled: Handled, *, now: datetime, alert_type: str = "", kept_for: timedelta = RECEIPT_LIFETIME) -> Body:
    """The record of what became of an event, kept under the event's id."""
    return {
        "outcome": handled.outcome,
        "reason": handled.reason,
        "incident": handled.incident,
        "severity": handled.severity,
        "alert_type": alert_type,
        "at": instant(now),
        "expires_at": instant(now + kept_for),
    }


def instant(at: datetime) -> str:
    """An instant as fixed-width text, so that texts sort as the instants do."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def body_of(value: object) -> Body:
    """A dataclass as JSON types, instants in fixed width."""
    return cast("Body", _plain(msgspec.to_builtins(value, builtin_types=(datetime,))))


def value_of(document: Document, kind: type[T]) -> T:
    """The dataclass a document holds."""
    return typed.convert(document.body, kind)


def read_incident(store: StateStore, incident: str) -> tuple[Incident, str] | None:
    """An incident and its version, or None."""
    document = store.get(INCIDENTS, incident)
    return (value_of(document, Incident), document.version) if document else None


def notifications_of(store: StateStore, incident: str) -> list[Notification]:
    """The incident's ledger rows in the order they were planned."""
    rows = store.find(Query(NOTIFICATIONS, equal={"incident": incident}, order_by="planned_at", limit=1_000))
    return [value_of(row, Notification) for row in rows]


def ledger_around(store: StateStore, row: Notification) -> list[Notification]:
    """The rows of the same incident, or of the same bulletin, in the order they were planned."""
    if not row.bulletin:
        return notifications_of(store, row.incident)
    rows = store.find(Query(NOTIFICATIONS, equal={"bulletin": row.bulletin}, order_by="planned_at", limit=1_000))
    return [value_of(found, Notification) for found in rows]


def timeline_of(store: StateStore, incident: str) -> list[TimelineEntry]:
    """The incident's record, oldest first; of a restricted one as everybody may see it."""
    return [typed.convert(line, TimelineEntry) for line in lines_of(store, incident)]


def lines_of(store: StateStore, incident: str) -> list[Body]:
    """The record as it is kept, with each line's place; of a restricted incident without the details of its lines."""
    lines = store.find(Query(TIMELINE, equal={"incident": incident}, order_by="seq", limit=1_000))
    found = store.get(INCIDENTS, incident)
    hidden = {"detail": ""} if found is not None and found.body.get("restricted") else {}
    return [{**line.body, **hidden} for line in lines]


def tasks_of(store: StateStore, incident: str) -> list[Task]:
    """The incident's tasks and action items in the order they were opened."""
    rows = store.find(Query(TASKS, equal={"incident": incident}, order_by="created_at", limit=500))
    return [value_of(row, Task) for row in rows]


def incident_writes(incident: Incident, entries: Iterable[TimelineEntry], version: str | None) -> list[Write]:
    """The writes that keep an incident and append its record, each line chained to the one before.

    `version` None creates it. With its end goes a last look at its impact, whoever ended it.
    """
    entries = tuple(entries)
    writes: list[Write] = []
    head = Head(incident.entries, incident.head)
    for entry in entries:
        sealed = _sealed_detail(incident, entry)
        (shown,) = concealed(incident, [entry])
        facts = {**body_of(shown), "incident": incident.id, **({SEALED: hash_of(sealed)} if sealed else {})}
        line, head = linked(facts, head)
        name = f"{incident.id}-{line['seq']}"
        writes += [Create(TIMELINE, name, line), *([Create(SEALED_LINES, name, sealed)] if sealed else [])]
    body = {**body_of(incident), "entries": head.seq, "head": head.hash}
    body["first_told_at"] = body["first_told_at"] or body["last_told_at"]
    body["is_open"] = "yes" if incident.state.is_open else "no"
    body["inhibits_now"] = "yes" if incident.inhibits and incident.state.is_open else "no"
    body["may_close"] = "yes" if incident.may_close else "no"
    body["warn_at"] = instant(incident.warn_at) if incident.warn_at else None
    body["promise_at"] = instant(incident.promise_at) if incident.promise_at else None
    if incident.source != TEST_SOURCE and not incident.state.is_open:
        writes += [impact_look(incident.id, entry.at + SETTLES) for entry in entries if entry.event in ENDS]
    if version is None:
        return [Create(INCIDENTS, incident.id, body), *writes]
    return [Replace(INCIDENTS, incident.id, body, version), *writes]


def impact_look(incident: str, due_at: datetime) -> Write:
    """A look at an incident's impact. An outbox row of its own for each instant: none is overwritten on its way."""
    return outbox_write(f"impact-{incident}-{due_at:%Y%m%dT%H%M%S}", LOOKS, {"incident": incident}, due_at=due_at)


def _sealed_detail(incident: Incident, entry: TimelineEntry) -> Body | None:
    """What a line of a restricted incident's record says in full is kept apart from it, for the response team.

    The line holds its hash, and the salt keeps whoever may read the line from guessing what was written.
    """
    if not incident.restricted or not entry.detail:
        return None
    from secrets import token_hex  # noqa: PLC0415 - only a breach pays for it

    return {**body_of(entry), "incident": incident.id, "salt": token_hex(16)}


def planned_writes(rows: Iterable[Notification]) -> list[Write]:
    """The writes that put planned notifications into the ledger."""
    return [Create(NOTIFICATIONS, row.id, body_of(row)) for row in rows]


def outbox_write(name: str, topic: str, data: Body, *, due_at: datetime) -> Write:
    """An outbox row: published after the commit, or by the minute tick when that was prevented."""
    return Put(OUTBOX, name, {"topic": topic, "data": data, "due_at": instant(due_at)})


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
