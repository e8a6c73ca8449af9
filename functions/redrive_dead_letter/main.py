"""Redrives topic -> a kept dead letter sent to its function again."""

import functions_framework
from cloudevents.http import CloudEvent

from shared import bootstrap
from shared.inbound import topics
from shared.runtime import event_handler
from shared.usecases.redriving import redrive_asked


@functions_framework.cloud_event
@event_handler
def redrive_dead_letter(event: CloudEvent) -> None:
    """Redelivery sends the letter once more only where its function could not be reached or failed."""
    redrive_asked(
        topics.redrive(event.data),
        call=bootstrap.own_functions(),
        store=bootstrap.state(),
        objects=bootstrap.objects(),
        clock=bootstrap.clock(),
    )
