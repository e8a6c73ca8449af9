"""Cloud Scheduler, every hour: what the record has come to is sealed, where nothing can be overwritten."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.runtime import http_handler
from shared.usecases import seal_records as sealing


@functions_framework.http
@http_handler
def seal_records(request: flask.Request) -> ResponseReturnValue:
    """A run that comes twice finds nothing new; one that died is made good by the next."""
    del request
    made = sealing.seal_records(store=bootstrap.state(), objects=bootstrap.seals(), clock=bootstrap.clock())
    return {"sealed": made.chains if made else 0}
