"""What every function does around its one line: check the caller, bind the log context, keep what cannot be read.

The wrappers return plain functions, because the functions framework refuses anything else.
"""

import logging
from collections.abc import Callable
from functools import wraps

import flask
from cloudevents.http import CloudEvent
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed

from shared import bootstrap, logs
from shared.errors import NotYetError, PermanentError, RefusedError
from shared.inbound import envelopes
from shared.inbound.envelopes import Envelope
from shared.usecases.quarantine import Delivery, quarantine

log = logging.getLogger(__name__)
Handler = Callable[[flask.Request], ResponseReturnValue]
NOT_YET = 429  # anything but 2xx has the bus deliver again, after its shortest pause


def event_receiver(function: Callable[[Envelope], None]) -> Callable[[flask.Request], ResponseReturnValue]:
    """A receiver of events from outside, in any wrapping; what cannot be read is kept and acknowledged."""

    @wraps(function)
    def handle(request: flask.Request) -> ResponseReturnValue:
        with _bound(function.__name__, request):
            try:
                _check_push(request)
                function(envelopes.read(dict(request.headers), request.get_data()))
            except RefusedError as error:
                return _refused(error)
            except PermanentError as error:
                keep_in_dead_letters(function.__name__, request, str(error))
            return "", 204

    return handle


def event_handler(function: Callable[[CloudEvent], None]) -> Callable[[CloudEvent], None]:
    """A handler of our own topics: a permanent error is kept and acknowledged, anything else raises for redelivery."""

    @wraps(function)
    def handle(event: CloudEvent) -> None:
        request = flask.request
        with _bound(function.__name__, request):
            try:
                _check_push(request)
                function(event)
            except RefusedError as error:
                flask.abort(error.status)
            except NotYetError as error:
                log.debug("not yet", extra={"reason": str(error)})
                flask.abort(NOT_YET)
            except PermanentError as error:
                keep_in_dead_letters(function.__name__, request, str(error))

    return handle


def http_handler(
    function: Callable[[flask.Request], ResponseReturnValue],
) -> Callable[[flask.Request], ResponseReturnValue]:
    """A function that people, providers or the scheduler call: refusals answer with their status and leave nothing."""

    @wraps(function)
    def handle(request: flask.Request) -> ResponseReturnValue:
        with _bound(function.__name__, request):
            try:
                return function(request)
            except RefusedError as error:
                return _refused(error)
            except PermanentError as error:
                log.warning("bad request", extra={"reason": str(error)})
                return {"error": str(error)}, 400

    return handle


def only(*methods: str) -> Callable[[Handler], Handler]:
    """Inside of `http_handler`: any other method is answered 405, before anything is looked at."""

    def decorate(function: Handler) -> Handler:
        @wraps(function)
        def handle(request: flask.Request) -> ResponseReturnValue:
            if request.method not in methods:
                raise MethodNotAllowed(methods)
            return function(request)

        return handle

    return decorate


def twilio_form(request: flask.Request, function: str) -> dict[str, str]:
    """The form of a request that Twilio signed; raises RefusedError (401).

    The signature covers the public address, which differs from the one seen behind the proxy.
    """
    from shared.inbound import twilio  # noqa: PLC0415 - paid for only where Twilio calls

    url = bootstrap.function_url(function) + (f"?{request.query_string.decode()}" if request.query_string else "")
    form = request.form.to_dict()
    twilio.verify(url, form, request.headers.get("X-Twilio-Signature"), tokens=bootstrap.twilio_tokens())
    return form


def keep_in_dead_letters(function: str, request: flask.Request, reason: str) -> None:
    """Store the request as it came, and say so."""
    delivery = Delivery(function, dict(request.headers), request.get_data())
    letter = quarantine(
        delivery,
        reason,
        store=bootstrap.state(),
        objects=bootstrap.objects(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
    log.warning("kept in the dead letters", extra={"reason": reason, "letter": letter})


class _bound:  # noqa: N801 - used as a verb
    """Sets up logging once and puts function and trace on every line written inside."""

    def __init__(self, function: str, request: flask.Request) -> None:
        header = request.headers.get("X-Cloud-Trace-Context") or request.headers.get("traceparent")
        self._fields = {"function": function, **logs.trace_of(header, bootstrap.settings().project)}

    def __enter__(self) -> None:
        logs.set_up()
        self._token = logs.context.set(self._fields)

    def __exit__(self, *_: object) -> None:
        logs.context.reset(self._token)


def _check_push(request: flask.Request) -> None:
    chosen = bootstrap.settings()
    if not chosen.push_audience:
        return  # Cloud Run's own check (no public invoker) is then the only one
    from shared.adapters.push_tokens import check  # noqa: PLC0415 - google.auth is paid for only where it is used

    check(
        request.headers.get("Authorization", ""),
        audience=chosen.push_audience,
        account=chosen.push_account,
        keys=chosen.push_keys,
    )


def _refused(error: RefusedError) -> ResponseReturnValue:
    log.info("refused", extra={"reason": str(error), "status": error.status})
    return {"error": str(error)}, error.status
