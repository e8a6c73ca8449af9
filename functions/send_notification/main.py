"""Topic notifications -> Slack, e-mail, SMS, calls, push: one ledger row at a time, claimed with a lease."""

import functions_framework
from cloudevents.http import CloudEvent

from shared import bootstrap
from shared.inbound import topics
from shared.runtime import event_handler
from shared.usecases.deliver import deliver


@functions_framework.cloud_event
@event_handler
def send_notification(event: CloudEvent) -> None:
    """Redelivery is safe: the row's state and lease let one worker send, once."""
    config = bootstrap.present()
    deliver(
        topics.notification(event.data),
        compose=bootstrap.composer(config),
        notifier=bootstrap.notifier,
        config=config,
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
