"""Firebase alerts (Crashlytics, Performance, App Distribution, billing) through Eventarc -> signals."""

import functions_framework

from shared import bootstrap
from shared.inbound import firebase_alerts
from shared.inbound.envelopes import Envelope
from shared.runtime import event_receiver
from shared.usecases.accept import accept


@functions_framework.http
@event_receiver
def receive_firebase_alert(event: Envelope) -> None:
    """Plain HTTP, because the framework answers 400 to what it cannot read and such an alert would be lost."""
    clock = bootstrap.clock()
    parsed = firebase_alerts.parse(event, now=clock.now())
    accept(parsed, store=bootstrap.state(), publisher=bootstrap.publisher(), clock=clock)
