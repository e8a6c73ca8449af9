"""Cloud Scheduler, each minute: fetch our own addresses, and say why one does not answer rightly."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.runtime import http_handler
from shared.usecases import checks


@functions_framework.http
@http_handler
def probe_endpoints(request: flask.Request) -> ResponseReturnValue:
    """One place among several: what it finds alone is no outage yet."""
    del request
    ports = checks.Ports(
        bootstrap.config(), bootstrap.state(), bootstrap.warehouse(), bootstrap.publisher(), bootstrap.clock()
    )
    return {"right": checks.probe_all(bootstrap.prober(), place=bootstrap.settings().place, ports=ports)}
