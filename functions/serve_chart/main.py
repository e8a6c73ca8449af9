"""The signed address of a chart -> its picture, for Slack and whoever else shows our messages."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.runtime import http_handler, only
from shared.usecases.chart_link import respond


@functions_framework.http
@http_handler
@only("GET", "HEAD")
def serve_chart(request: flask.Request) -> ResponseReturnValue:
    """Changes nothing but the kept picture, so it may be fetched as often as anybody likes."""
    return respond(
        request.path,
        keys=bootstrap.link_keys(),
        store=bootstrap.state(),
        objects=bootstrap.objects(),
    )
