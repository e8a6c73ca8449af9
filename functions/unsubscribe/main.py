"""The signed link in optional mails: a GET shows what it would do, only a POST does it."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.runtime import http_handler, only
from shared.usecases.unsubscribe_page import respond


@functions_framework.http
@http_handler
@only("GET", "HEAD", "POST")
def unsubscribe(request: flask.Request) -> ResponseReturnValue:
    """Mail scanners open links; that must not end anything."""
    return respond(
        request.path.rsplit("/", 1)[-1],
        form=request.form.to_dict() if request.method == "POST" else None,
        language=request.args.get("lang", ""),
        keys=bootstrap.link_keys(),
        config=bootstrap.present(),
        store=bootstrap.state(),
        clock=bootstrap.clock(),
    )
