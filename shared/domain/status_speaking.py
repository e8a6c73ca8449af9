"""Which incidents speak for which parts of the status page."""

from shared.domain.incidents import Incident
from shared.domain.labels import labels_of_incident
from shared.domain.matchers import all_accept
from shared.domain.status import Component, StatusPage


def speaks_for(component: Component, incident: Incident) -> bool:
    """True when the incident is named for the component."""
    labels = labels_of_incident(incident)
    return any(all_accept(alternative, labels) for alternative in component.incidents)


def is_public(incident: Incident, page: StatusPage) -> bool:
    """True when the incident is named for any part of the page."""
    return any(speaks_for(component, incident) for component in page.components.values())
