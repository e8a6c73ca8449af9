"""Reads what was found out about an incident by itself."""

from shared.domain.configuration import Configuration
from shared.domain.incidents import Incident
from shared.ports.store import Document, StateStore
from shared.rendering.view import Explained
from shared.usecases.changes import suspects_of
from shared.usecases.diagnosing import DIAGNOSES, read_diagnosis
from shared.usecases.impact_statements import STATEMENTS, read_statement


def explained(incident: Incident, *, config: Configuration, store: StateStore) -> Explained:
    """The changes that may explain it, its diagnosis, and whom it hurts."""
    return Explained(
        suspects_of(incident, config=config, store=store),
        read_diagnosis(store, incident.id),
        read_statement(store, incident.id),
    )


def found_out(store: StateStore, incident: str) -> dict[str, Document]:
    """The diagnosis and the impact statement as they are kept, those that there are."""
    kept = {"diagnosis": store.get(DIAGNOSES, incident), "impact": store.get(STATEMENTS, incident)}
    return {name: document for name, document in kept.items() if document is not None}
