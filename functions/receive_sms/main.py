"""Text messages that people send us: STOP, START, and what nobody understands."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.inbound import twilio_texts
from shared.rendering.twiml import text_answer
from shared.runtime import http_handler, only, twilio_form
from shared.usecases.text_messages import take_text


@functions_framework.http
@http_handler
@only("POST")
def receive_sms(request: flask.Request) -> ResponseReturnValue:
    """Where no two-way texts exist (Egypt) nothing ever arrives here; there a refused send says the same."""
    said = take_text(
        twilio_texts.text_message(twilio_form(request, "receive_sms")),
        config=bootstrap.present(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
    return text_answer(said), {"Content-Type": "text/xml; charset=utf-8"}
