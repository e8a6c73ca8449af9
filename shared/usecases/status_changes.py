"""Word to the status page that something may have changed, so that nobody waits for the minute."""

import msgspec

from shared.domain.incidents import Incident
from shared.domain.status import StatusPage
from shared.domain.status_speaking import is_public
from shared.ports.platform import Publisher

CHANGES = "status-changes"


def look_at_status(publisher: Publisher, cause: str) -> None:
    """Have the page looked at now; what is lost on the way is made good by the minute."""
    publisher.publish(CHANGES, msgspec.json.encode({"cause": cause}))


def incident_changed(publisher: Publisher, incident: Incident, page: StatusPage) -> None:
    """Have the page looked at when the incident speaks for a part of it."""
    if is_public(incident, page):
        look_at_status(publisher, incident.id)
