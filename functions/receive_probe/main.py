"""What probes elsewhere found -> the status page's checks, alerts, and the uptime metric."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.inbound import probes
from shared.runtime import http_handler, only
from shared.usecases import checks


@functions_framework.http
@http_handler
@only("POST")
def receive_probe(request: flask.Request) -> ResponseReturnValue:
    """Sending the same checks again counts nothing twice; sending the same signed request again is refused."""
    clock = bootstrap.clock()
    found, nonce = probes.read(request, keys=bootstrap.settings().probe_keys, now=clock.now())
    ports = checks.Ports(bootstrap.config(), bootstrap.state(), bootstrap.warehouse(), bootstrap.publisher(), clock)
    return {"accepted": checks.take_posted(found, nonce=nonce, ports=ports)}, 202
