"""Cloud Scheduler, each minute: roll up what the exports brought, and evaluate every metric rule that is due."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.runtime import http_handler
from shared.usecases import evaluate_rules as evaluation


@functions_framework.http
@http_handler
def evaluate_rules(request: flask.Request) -> ResponseReturnValue:
    """A minute that comes twice says nothing twice; after a pause only the newest window is judged."""
    del request
    done = evaluation.evaluate_rules(
        config=bootstrap.config(),
        warehouse=bootstrap.warehouse(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
    return {"rules": done.rules, "said": dict(done.said), "bytes_billed": done.bytes_billed}
