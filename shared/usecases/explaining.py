"""Reads what was found out about an incident by itself."""

from shared.domain.configuration import Configuration
from shared.domain.incidents import Incident
from shared.ports import StateStore
from shared.rendering.view import Explained
from shared.usecases.changes import suspects_of
from shared.usecases.diagnosing import read_diagnosis


def explained(incident: Incident, *, config: Configuration, store: StateStore) -> Explained:
    """The changes that may explain it, and its diagnosis."""
    return Explained(suspects_of(incident, config=config, store=store), read_diagnosis(store, incident.id))
