"""Topic status-changes -> the status page at once: what broke is read within a minute of it."""

import functions_framework
from cloudevents.http import CloudEvent

from shared import bootstrap
from shared.inbound import topics
from shared.runtime import event_handler
from shared.usecases import status_site


@functions_framework.cloud_event
@event_handler
def publish_status_changes(event: CloudEvent) -> None:
    """Redelivery is safe; what is lost on the way is made good by the minute."""
    topics.status_change(event.data)
    status_site.publish_status(
        status_site.Places(bootstrap.status_url(), bootstrap.subscriptions_url()),
        config=bootstrap.config(),
        store=bootstrap.state(),
        website=bootstrap.website(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
