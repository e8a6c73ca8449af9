"""Plans the diagnosis of an incident with the decision that opens or raises it; never on the path of its page."""

from datetime import datetime

from shared.domain.diagnoses import Diagnosis, Diagnostics, is_to_be_diagnosed
from shared.domain.incidents import Incident
from shared.ports.store import StateStore, Write
from shared.usecases.records import outbox_write, value_of

DIAGNOSES = "diagnoses"


def wanted_diagnosis(
    incident: Incident, before: Incident | None, diagnostics: Diagnostics, now: datetime
) -> list[Write]:
    """The outbox row that asks for a diagnosis; published after the page, and answered no earlier than it is due."""
    if not is_to_be_diagnosed(incident, before) or not diagnostics.probes_for(incident.alert_type):
        return []
    due_at = now + diagnostics.start_after
    name = f"diagnosis-{incident.id}-{due_at:%Y%m%dT%H%M%S}"
    return [outbox_write(name, DIAGNOSES, {"incident": incident.id, "due_at": due_at.isoformat()}, due_at=due_at)]


def read_diagnosis(store: StateStore, incident: str) -> Diagnosis | None:
    """The incident's latest diagnosis, also one that is still being made."""
    document = store.get(DIAGNOSES, incident)
    return value_of(document, Diagnosis) if document else None
