"""Touched metrics (a posted measurement, a failing request) -> their rules, evaluated at once."""

import functions_framework
from cloudevents.http import CloudEvent

from shared import bootstrap
from shared.inbound import topics
from shared.runtime import event_handler
from shared.usecases.evaluate_rules import evaluate_rules


@functions_framework.cloud_event
@event_handler
def evaluate_touched_rules(event: CloudEvent) -> None:
    """Redelivery is harmless: a rule that was just evaluated is left to the next minute."""
    evaluate_rules(
        config=bootstrap.config(),
        warehouse=bootstrap.warehouse(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
        touched=topics.touched(event.data),
    )
