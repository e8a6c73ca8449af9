"""Cloud Scheduler, every ten minutes: drafts of post-mortems for what is over, reminders, the monthly review."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.runtime import http_handler
from shared.usecases.follow_up import follow_up


@functions_framework.http
@http_handler
def follow_up_incidents(request: flask.Request) -> ResponseReturnValue:
    """A run that comes twice opens nothing twice and reminds nobody twice."""
    del request
    done = follow_up(
        config=bootstrap.present(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
        pages_url=bootstrap.dashboard_url(),
    )
    return {"opened": done.opened, "reminded": done.reminded, "reviews": done.reviews}
