"""Cloud Scheduler, every five minutes: the maintenance jobs that are due, and those that were cut off."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.runtime import http_handler
from shared.usecases.run_jobs import run_due_jobs


@functions_framework.http
@http_handler
def run_jobs(request: flask.Request) -> ResponseReturnValue:
    """A call that comes twice runs nothing twice: a due run has one name, and a lease while it goes on."""
    del request
    return {"ended": run_due_jobs(bootstrap.workshop())}
