"""Topic procedure-steps -> what the machine has to do in a procedure is done at once."""

import functions_framework
from cloudevents.http import CloudEvent

from shared import bootstrap
from shared.inbound import topics
from shared.runtime import event_handler
from shared.usecases.procedure_actions import ACTIONS
from shared.usecases.proceeding import Proceeding, proceed


@functions_framework.cloud_event
@event_handler
def advance_procedure(event: CloudEvent) -> None:
    """Redelivery is safe: each step is done once, and whatever is lost here the minute tick does."""
    config, now = bootstrap.present(), bootstrap.clock().now()
    proceed(topics.procedure(event.data), Proceeding(config, bootstrap.state(), bootstrap.publisher(), ACTIONS, now))
