"""Topic impact-looks -> the warehouse's figures of an incident, and its severity where they raise it."""

import functions_framework
from cloudevents.http import CloudEvent

from shared import bootstrap
from shared.inbound import topics
from shared.runtime import event_handler
from shared.usecases import impact, impact_statements


@functions_framework.cloud_event
@event_handler
def assess_impact(event: CloudEvent) -> None:
    """Nobody waits for this: people were told before. Redelivery is safe, a second look comes too soon."""
    for look in (impact.assess_impact, impact_statements.state_impact):
        look(
            topics.look(event.data),
            config=bootstrap.present(),
            warehouse=bootstrap.warehouse(),
            store=bootstrap.state(),
            publisher=bootstrap.publisher(),
            clock=bootstrap.clock(),
        )
