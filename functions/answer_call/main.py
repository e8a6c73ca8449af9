"""A call was answered, or a key was pressed in it: Twilio asks what to do next."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.inbound import twilio_calls
from shared.runtime import http_handler, only, twilio_form
from shared.usecases.answer_call import answer


@functions_framework.http
@http_handler
@only("POST")
def answer_call(request: flask.Request) -> ResponseReturnValue:
    """Somebody listens meanwhile: one instance is always warm."""
    form = twilio_form(request, "answer_call")
    said = answer(
        twilio_calls.phone_call({**request.args, **form}),
        url=bootstrap.function_url("answer_call"),
        config=bootstrap.present(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
    return said, {"Content-Type": "text/xml; charset=utf-8"}
