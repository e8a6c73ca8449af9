"""Twilio's receipts of texts and calls -> ledger."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.inbound import twilio
from shared.runtime import http_handler, only, twilio_form
from shared.usecases.receipts import take_report


@functions_framework.http
@http_handler
@only("POST")
def receive_twilio_callback(request: flask.Request) -> ResponseReturnValue:
    """Receipts arrive early, twice and out of order."""
    form = twilio_form(request, "receive_twilio_callback")
    take_report(
        twilio.report({**form, "notification": request.args.get("notification", "")}),
        nonce=twilio.nonce(form),
        config=bootstrap.present(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
    return "", 204
