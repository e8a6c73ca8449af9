"""The responders' app -> the devices that take push messages."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.inbound import devices
from shared.runtime import http_handler
from shared.usecases.devices import keep


@functions_framework.http
@http_handler
def register_device(request: flask.Request) -> ResponseReturnValue:
    """Who signed in decides whose device it is; nothing in the body does."""
    email = bootstrap.identities().email_of(request.headers.get("Authorization", ""))
    wish = devices.read(request)
    count = keep(
        wish.token,
        forget=wish.forget,
        email=email,
        config=bootstrap.config(),
        store=bootstrap.state(),
        clock=bootstrap.clock(),
    )
    return {"devices": count}
