"""Cloud Scheduler, every five minutes: audits of the whole system, when one is due or was cut off."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap_jobs
from shared.runtime import http_handler
from shared.usecases.jobs.running import run_due_jobs

JOBS = {
    "performance_audit": bootstrap_jobs.performance_audit,
    "database_optimization": bootstrap_jobs.database_optimization,
    "system_audit": bootstrap_jobs.system_audit,
    "security_scan": bootstrap_jobs.security_scan,
    "dependency_updates": bootstrap_jobs.dependency_updates,
}


@functions_framework.http
@http_handler
def audit_system(request: flask.Request) -> ResponseReturnValue:
    """A call that comes twice runs nothing twice: a due run has one name, and a lease while it goes on."""
    del request
    ended = run_due_jobs(bootstrap_jobs.shop(JOBS))
    return {"ended": ended, "checks": bootstrap_jobs.followed_proposal()}
