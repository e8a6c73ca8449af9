"""Cloud Scheduler, every quarter of an hour: the reports that are due, and final editions of provisional ones."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.runtime import http_handler
from shared.usecases.make_reports import make_due_reports


@functions_framework.http
@http_handler
def send_report(request: flask.Request) -> ResponseReturnValue:
    """A run that comes twice makes nothing twice: an edition has one name, and there is one final edition."""
    del request
    return {"made": make_due_reports(bootstrap.press())}
