"""Status mails asked for, confirmed and ended: a GET shows what it would do, only a POST does it."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.inbound import subscriptions
from shared.runtime import http_handler, only
from shared.usecases.subscription_pages import respond


@functions_framework.http
@http_handler
@only("GET", "HEAD", "POST")
def manage_subscriptions(request: flask.Request) -> ResponseReturnValue:
    """Whoever asks learns nothing about an address: the mail is written by another function."""
    return respond(
        subscriptions.read(request),
        config=bootstrap.config(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
        status_url=bootstrap.status_url(),
    )
