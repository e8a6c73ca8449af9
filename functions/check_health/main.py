"""Cloud Scheduler, every five minutes: the health check, when it is due or was cut off."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared.bootstrap import jobs
from shared.runtime import http_handler
from shared.usecases.jobs.running import run_due_jobs


@functions_framework.http
@http_handler
def check_health(request: flask.Request) -> ResponseReturnValue:
    """A call that comes twice runs nothing twice: a due run has one name, and a lease while it goes on."""
    del request
    return {"ended": run_due_jobs(jobs.shop({"health_check": jobs.health_check}))}
