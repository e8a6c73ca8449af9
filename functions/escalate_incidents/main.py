"""Cloud Scheduler, each minute: climb due escalations, expire acknowledgements, resend what a crash held back."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.runtime import http_handler
from shared.usecases.escalate import escalate


@functions_framework.http
@http_handler
def escalate_incidents(request: flask.Request) -> ResponseReturnValue:
    """A tick that comes twice, late or not at all does no harm: each step is taken once, the highest due one."""
    del request
    tick = escalate(
        config=bootstrap.present(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
    return {"escalated": tick.escalated, "swept": tick.swept}
