"""Topic diagnoses -> what stands out about a critical or high incident, in its thread and on its record."""

import functions_framework
from cloudevents.http import CloudEvent

from shared import bootstrap
from shared.inbound import topics
from shared.runtime import event_handler
from shared.usecases import diagnose


@functions_framework.cloud_event
@event_handler
def diagnose_incident(event: CloudEvent) -> None:
    """The page was sent before. Redelivery is safe: an incident is diagnosed once in ten minutes."""
    wanted = topics.diagnosis(event.data)
    diagnose.diagnose(
        wanted.incident,
        wanted.due_at,
        config=bootstrap.config(),
        warehouse=bootstrap.warehouse(),
        platform=bootstrap.platform_metrics(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
