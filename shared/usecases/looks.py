"""When to look at what an incident does to people: beside the path of the page, by the minute tick, and bounded."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.impacts import is_worth_a_look, next_look, subject_of
from shared.domain.incidents import Incident
from shared.domain.signals import TEST_SOURCE
from shared.errors import ConflictError
from shared.ports.store import Create, Document, Replace, StateStore, Write
from shared.usecases.records import body_of, impact_look, value_of

IMPACTS = "impacts"


@dataclass(frozen=True, slots=True)
class Look:
    """What is kept of an issue from look to look."""

    asked_at: datetime
    stamp: str = ""
    outcome: str = ""


def wanted_looks(incident: Incident, before: Incident | None, now: datetime) -> list[Write]:
    """A look to be taken by the next minute tick: when it opens, and perhaps once in each minute that brings events.

    The latter where the warehouse may know whom it hurts. It is committed with the incident and not published with it:
    whatever it costs, no page stands behind it.
    """
    if not is_worth_a_look(incident, now) or incident.source == TEST_SOURCE:
        return []
    if before is not None and (subject_of(incident) is None or incident.recent.keys() <= before.recent.keys()):
        return []
    return [look_write(incident, now)]


def look_write(incident: Incident, due_at: datetime) -> Write:
    """A look to be taken then, by the tick."""
    return impact_look(incident.id, due_at)


def claimed(incident: Incident, store: StateStore, now: datetime) -> Look | None:
    """What the last look left behind, now that this one is ours; None when it is too soon, or somebody else's.

    Either way the next look is planned, so that one that dies here is not the last.
    """
    document = store.get(IMPACTS, incident.fingerprint)
    last = value_of(document, Look) if document else None
    if last is not None and now < next_look(incident, last.asked_at):
        store.commit([look_write(incident, next_look(incident, last.asked_at))])
        return None
    mine = replace(last, asked_at=now) if last else Look(now)
    try:
        store.commit([_kept(incident, mine, document), look_write(incident, next_look(incident, now))])
    except ConflictError:
        return None
    return mine


def _kept(incident: Incident, look: Look, document: Document | None) -> Write:
    if document is None:
        return Create(IMPACTS, incident.fingerprint, body_of(look))
    return Replace(IMPACTS, incident.fingerprint, body_of(look), document.version)
