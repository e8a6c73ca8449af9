"""Measurements that no export holds (bundle size, releases, latencies) -> warehouse, and the rules they touch."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.inbound import measurements
from shared.inbound.envelopes import Envelope
from shared.inbound.signed_posts import Guard
from shared.runtime import event_receiver, http_handler
from shared.usecases.measure import measure


@functions_framework.http
@measurements.by_wrapping(posted=http_handler, pushed=event_receiver)
def receive_measurement(arrived: Envelope | flask.Request) -> ResponseReturnValue:
    """A poster is told what is wrong; what is wrong in a push, whose sender never hears, goes to the dead letters."""
    guard = Guard(bootstrap.settings().measurement_keys, trusts_pushes=bool(bootstrap.settings().push_audience))
    posting = measurements.read(arrived, guard=guard, now=bootstrap.clock().now())
    accepted = measure(
        posting.measurements,
        nonce=posting.nonce,
        release=posting.release,
        metrics=bootstrap.config().metrics,
        warehouse=bootstrap.warehouse(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
    return {"accepted": accepted}, 202
