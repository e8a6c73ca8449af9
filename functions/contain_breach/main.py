"""Containments topic -> the dry run of a measure against a breach, or, confirmed by two, the measure itself."""

import functions_framework
from cloudevents.http import CloudEvent

from shared import bootstrap
from shared.inbound import topics
from shared.runtime import event_handler
from shared.usecases.containment import Ports, carry_out


@functions_framework.cloud_event
@event_handler
def contain_breach(event: CloudEvent) -> None:
    """Redelivery is safe: a measure that was begun is never begun again, its outcome is told as unknown instead."""
    ports = Ports(bootstrap.present(), bootstrap.state(), bootstrap.publisher(), bootstrap.clock())
    carry_out(topics.containment(event.data), measures=bootstrap.containing, ports=ports)
