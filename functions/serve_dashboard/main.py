"""The pages of incidents, the dashboards and the archive of reports, for whoever signed in and may."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.inbound import page_requests
from shared.runtime import http_handler
from shared.usecases.serve_pages import respond


@functions_framework.http
@http_handler
def serve_dashboard(request: flask.Request) -> ResponseReturnValue:
    """Every request proves anew who it is from; only a POST from a page of ours changes anything."""
    return respond(page_requests.read(request), bootstrap.site())
