"""The signed address of a report -> its file, until the address expires."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.runtime import http_handler, only
from shared.usecases.report_link import respond


@functions_framework.http
@http_handler
@only("GET", "HEAD")
def serve_report(request: flask.Request) -> ResponseReturnValue:
    """Reads and changes nothing, so it may be fetched as often as anybody likes."""
    return respond(request.path, keys=bootstrap.link_keys(), archive=bootstrap.reports(), clock=bootstrap.clock())
