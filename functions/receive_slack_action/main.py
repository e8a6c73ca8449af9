"""Slack buttons and the /incident command: verified on the raw body, carried out in one commit, answered at once."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.inbound import slack
from shared.runtime import http_handler, only
from shared.usecases.slack_actions import answer


@functions_framework.http
@http_handler
@only("POST")
def receive_slack_action(request: flask.Request) -> ResponseReturnValue:
    """Messages are planned, not sent, so the answer comes within Slack's 3 seconds; only a modal is opened at once."""
    clock, body = bootstrap.clock(), request.get_data()
    nonce = slack.verify(request.headers, body, secret=bootstrap.settings().slack_signing_secret, now=clock.now())
    return answer(
        slack.parse(request.headers, body),
        nonce=nonce,
        config=bootstrap.present(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=clock,
        open_view=bootstrap.open_view,
    )
