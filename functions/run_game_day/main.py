"""Cloud Scheduler, Monday from 10:00: a test message on every channel, and a verdict when ten minutes are over."""

import flask
import functions_framework
from flask.typing import ResponseReturnValue

from shared import bootstrap
from shared.inbound import drills
from shared.runtime import http_handler
from shared.usecases import game_day


@functions_framework.http
@http_handler
def run_game_day(request: flask.Request) -> ResponseReturnValue:
    """A call that comes twice or late does no harm; `{"run": true}` asks for a game day now."""
    said, drill = game_day.run_game_day(
        forced=drills.is_forced(request.get_json(silent=True)),
        config=bootstrap.present(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
    return drills.answer(said, drill)
