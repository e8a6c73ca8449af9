"""Cloud Scheduler, each minute: look at every component, post what has to be said, renew the status page."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.runtime import http_handler
from shared.usecases import status_site


@functions_framework.http
@http_handler
def publish_status(request: flask.Request) -> ResponseReturnValue:
    """A run that comes twice writes nothing: what lies there already is known by its digest."""
    del request
    published = status_site.publish_status(
        status_site.Places(bootstrap.status_url(), bootstrap.subscriptions_url()),
        config=bootstrap.config(),
        store=bootstrap.state(),
        website=bootstrap.website(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
    return {"outcome": published.outcome, "files": published.files}
