"""The signed link in e-mails and SMS: a GET shows the incident, only a POST acknowledges it."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.runtime import http_handler, only
from shared.usecases.acknowledge_page import respond


@functions_framework.http
@http_handler
@only("GET", "HEAD", "POST")
def acknowledge(request: flask.Request) -> ResponseReturnValue:
    """Mail scanners open links; that must never count as a person's answer."""
    return respond(
        request.path.rsplit("/", 1)[-1],
        posted=request.method == "POST",
        keys=bootstrap.link_keys(),
        config=bootstrap.present(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
