"""Cloud Scheduler, every 13 minutes: proves that each due step happened, and shouts past the bus where one did not."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.runtime import http_handler
from shared.usecases.audit_escalations import audit_escalations as audit


@functions_framework.http
@http_handler
def audit_escalations(request: flask.Request) -> ResponseReturnValue:
    """An audit that comes twice finds the same and says it once."""
    del request
    done = audit(
        notifier=bootstrap.notifier,
        config=bootstrap.present(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
    return {"found": len(done.proofs), "shouted_to": done.shouted_to}
