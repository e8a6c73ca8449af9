"""Cloud Scheduler, Sunday morning: who is on call this week, to the incident channel and everybody on a rotation."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.runtime import http_handler
from shared.usecases import announce_oncall as notice


@functions_framework.http
@http_handler
def announce_oncall(request: flask.Request) -> ResponseReturnValue:
    """A run that comes twice tells nothing twice: the week is the notice's name."""
    del request
    told = notice.announce_oncall(
        config=bootstrap.present(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
    return {"told": told}
