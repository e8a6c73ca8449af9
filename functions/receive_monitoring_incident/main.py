"""Cloud Monitoring incidents, budget messages and Cloud Build results from their topics -> signals."""

import functions_framework

from shared import bootstrap
from shared.inbound import pubsub
from shared.inbound.changes import change_of
from shared.inbound.envelopes import Envelope
from shared.runtime import event_receiver
from shared.usecases.accept import accept
from shared.usecases.changes import record_change


@functions_framework.http
@event_receiver
def receive_monitoring_incident(event: Envelope) -> None:
    """What it is shows in its content, so the three topics may share one function."""
    clock = bootstrap.clock()
    parsed = pubsub.parse_incident_topic(event, now=clock.now())
    accept(parsed, store=bootstrap.state(), publisher=bootstrap.publisher(), clock=clock)
    changed = change_of(event, now=clock.now())
    record_change(changed, store=bootstrap.state(), publisher=bootstrap.publisher(), clock=clock)
