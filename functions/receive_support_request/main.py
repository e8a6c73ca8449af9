"""Help desk, inbound mail and live chat -> incidents with the clocks of their support channel."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.inbound import support
from shared.runtime import http_handler, only
from shared.usecases.support_requests import follow


@functions_framework.http
@http_handler
@only("POST")
def receive_support_request(request: flask.Request) -> ResponseReturnValue:
    """Sending the same event again changes nothing; sending the same signed request again is refused."""
    clock = bootstrap.clock()
    event, nonce = support.read(request, keys=bootstrap.settings().support_keys, now=clock.now())
    outcome = follow(
        event,
        nonce=nonce,
        config=bootstrap.present(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=clock,
    )
    return {"outcome": outcome}, 202
