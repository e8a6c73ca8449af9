"""Rollbacks topic -> the webhook or build trigger a maintenance window names, called once or only tried."""

import functions_framework
from cloudevents.http import CloudEvent

from shared import bootstrap
from shared.inbound import topics
from shared.runtime import event_handler
from shared.usecases import window_rollbacks
from shared.usecases.window_notices import Office


@functions_framework.cloud_event
@event_handler
def run_rollback(event: CloudEvent) -> None:
    """Redelivery is harmless: a rollback that was claimed is never called a second time by itself."""
    window_rollbacks.run_rollback(
        topics.rollback(event.data),
        triggers=bootstrap.rollbacks(),
        office=Office(bootstrap.present(), bootstrap.state(), bootstrap.publisher()),
        clock=bootstrap.clock(),
    )
