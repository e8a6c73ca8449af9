"""Topic signals -> incidents: deduplicate, group, open or update, plan notifications."""

import functions_framework
from cloudevents.http import CloudEvent

from shared import bootstrap
from shared.inbound import topics
from shared.runtime import event_handler
from shared.usecases import handle_signal as incidents


@functions_framework.cloud_event
@event_handler
def handle_signal(event: CloudEvent) -> None:
    """Redelivery is safe: the receipt of the signal's event id is created in the same commit."""
    incidents.handle_signal(
        topics.signal(event.data),
        config=bootstrap.present(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
