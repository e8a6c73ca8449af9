"""Where breaches, the details of restricted incidents and the signals that led to them are kept."""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.domain.breaches import Breach, breach_id
from shared.domain.code_names import as_typed
from shared.domain.incidents import Incident, TimelineEntry
from shared.domain.restricted import Details, details_of, unsealed
from shared.domain.signals import Signal
from shared.ports.store import Body, Document, Put, Query, StateStore, Write
from shared.usecases.records import SEALED_LINES, TIMELINE, body_of, instant, value_of

BREACHES = "breaches"
SEALED = "sealed"
SECURITY_SIGNALS = "security_signals"
SIGNALS_KEPT_FOR = timedelta(days=400)
MOST = 1_000
OF_PROCEDURES = frozenset({"draft", "procedure step"})  # whose reasons say what was done
SOUKMON = "soukmon"


def breach_body(breach: Breach) -> Body:
    """A breach as it is kept."""
    return body_of(breach)


def read_breach(name: str, store: StateStore) -> tuple[Breach, str] | None:
    """The breach of an id or a code name (the newest of that name) with its version, or None."""
    document = store.get(BREACHES, name) or _of_code(as_typed(name), store)
    return (value_of(document, Breach), document.version) if document else None


def breach_of(incident: Incident, store: StateStore) -> Breach | None:
    """The breach that the incident was declared as."""
    document = store.get(BREACHES, breach_id(incident.id))
    return value_of(document, Breach) if document else None


def all_breaches(store: StateStore) -> list[Breach]:
    """Every breach, the newest first."""
    rows = store.find(Query(BREACHES, order_by="declared_at", newest_first=True, limit=MOST))
    return [value_of(row, Breach) for row in rows]


def sealed_details(store: StateStore, incident: str) -> Details | None:
    """What the restricted incident is really about; only for what the response team sees."""
    document = store.get(SEALED, incident)
    return value_of(document, Details) if document else None


def details_write(incident: Incident, before: Details | None) -> Write:
    """The write that keeps the details of an incident that is about to be sealed."""
    return Put(SEALED, incident.id, body_of(details_of(incident, before)))


def opened_up(incident: Incident, store: StateStore) -> Incident:
    """The incident with its details where it is restricted; for the restricted channel and for evidence."""
    details = sealed_details(store, incident.id) if incident.restricted else None
    return unsealed(incident, details) if details else incident


def full_timeline_of(store: StateStore, incident: str) -> list[TimelineEntry]:
    """The record with everything that is kept apart from it; for evidence."""
    lines = store.find(Query(TIMELINE, equal={"incident": incident}, order_by="seq", limit=MOST))
    kept = store.find(Query(SEALED_LINES, equal={"incident": incident}, order_by="at", limit=MOST))
    details = {row.id: str(row.body["detail"]) for row in kept}
    entries = [(line.id, value_of(line, TimelineEntry)) for line in lines]
    return [replace(entry, detail=details.get(name, entry.detail)) for name, entry in entries]


def note_at(store: StateStore, incident: str, at: datetime) -> str:
    """What somebody wrote or did to a restricted incident at that instant, for the restricted channel."""
    when = instant(at)
    rows = store.find(Query(SEALED_LINES, equal={"incident": incident}, order_by="at", low=when, high=when, limit=MOST))
    return "; ".join(_written(row.body) for row in rows if row.body["actor"] != SOUKMON)


def _written(line: Body) -> str:
    what = f"{line['reason']}, " if line["event"] in OF_PROCEDURES else ""
    return f"{line['actor']}: {what}{line['detail']}"


def signal_kept(signal: Signal, incident: str, now: datetime) -> Write:
    """A signal that may be evidence, with its incident."""
    more = {"incident": incident, "at": instant(signal.occurred_at), "expires_at": instant(now + SIGNALS_KEPT_FOR)}
    return Put(SECURITY_SIGNALS, signal.event_id, {**body_of(signal), **more})


def _of_code(code: str, store: StateStore) -> Document | None:
    found = store.find(Query(BREACHES, equal={"code": code}, order_by="declared_at", newest_first=True, limit=1))
    return found[0] if found else None
