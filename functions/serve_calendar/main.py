"""The signed address of a calendar -> duties or maintenance as an iCalendar feed, for whatever subscribes to it."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.runtime import http_handler, only
from shared.usecases.calendar_link import respond


@functions_framework.http
@http_handler
@only("GET", "HEAD")
def serve_calendar(request: flask.Request) -> ResponseReturnValue:
    """Changes nothing; what was taken over a minute ago is in it."""
    return respond(
        request.path,
        keys=bootstrap.link_keys(),
        config=bootstrap.present(),
        store=bootstrap.state(),
        clock=bootstrap.clock(),
    )
