"""Cloud Scheduler, every five minutes: audits of the whole system, when one is due or was cut off."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared.bootstrap import jobs
from shared.runtime import http_handler
from shared.usecases.jobs.running import run_due_jobs

JOBS = {
    "performance_audit": jobs.performance_audit,
    "database_optimization": jobs.database_optimization,
    "system_audit": jobs.system_audit,
    "security_scan": jobs.security_scan,
    "dependency_updates": jobs.dependency_updates,
}


@functions_framework.http
@http_handler
def audit_system(request: flask.Request) -> ResponseReturnValue:
    """A call that comes twice runs nothing twice: a due run has one name, and a lease while it goes on."""
    del request
    ended = run_due_jobs(jobs.shop(JOBS))
    return {"ended": ended, "checks": jobs.followed_proposal()}
