"""Twilio's delivery receipts -> ledger."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.inbound import twilio
from shared.runtime import http_handler
from shared.usecases.receipts import take_report


@functions_framework.http
@http_handler
def receive_twilio_callback(request: flask.Request) -> ResponseReturnValue:
    """The signature covers the public address, which differs from the one seen behind the proxy."""
    url = bootstrap.twilio_callback_url() + (f"?{request.query_string.decode()}" if request.query_string else "")
    form = request.form.to_dict()
    twilio.verify(url, form, request.headers.get("X-Twilio-Signature", ""), token=bootstrap.settings().twilio_token)
    take_report(
        twilio.report({**form, "notification": request.args.get("notification", "")}),
        nonce=twilio.nonce(form),
        config=bootstrap.present(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
    return "", 204
