"""An account of its own: the part of Twilio's REST API that sends and lists text messages and calls."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask, request
from flask.typing import ResponseReturnValue

from infra.local.sandbox.faults import Fault, takes_message
from infra.local.sandbox.store import Message, SandboxStore
from infra.local.sandbox.twilio_api import E164, RefusalError, error, met, page
from infra.local.sandbox.twilio_calls import calls
from shared.ports.platform import Clock

LONGEST_BODY = 1600
STEPS = {
    "delivered": ("queued", "sent", "delivered"),
    "undelivered": ("queued", "sent", "undelivered"),
    "failed": ("queued", "failed"),
}


def create_app(store: SandboxStore, *, clock: Clock, account: str, token: str) -> Flask:
    """The API at Twilio's own paths."""
    app = Flask("twilio_sandbox")
    path = "/2010-04-01/Accounts/<sid>/Messages.json"
    app.register_blueprint(calls(store, clock=clock))

    @app.errorhandler(RefusalError)
    def refuse(refusal: RefusalError) -> ResponseReturnValue:
        return error(refusal.code, refusal.status), refusal.status

    @app.before_request
    def authenticate() -> None:
        given = request.authorization
        sid = (request.view_args or {}).get("sid")
        if given is None or (given.username, given.password) != (account, token) or sid != account:
            raise RefusalError(20003)

    @app.get("/2010-04-01/Accounts/<sid>.json")
    def account_of(sid: str) -> ResponseReturnValue:
        fault = store.faults.take("twilio.account")
        if {"status", "code"} & fault.keys():
            return met(fault)
        return {"sid": sid, "friendly_name": "Sandbox", "status": "active", "type": "Full"}

    @app.post(path)
    def create(sid: str) -> ResponseReturnValue:
        form = request.form
        fault = store.faults.take("twilio", form.get("To", ""))
        if {"status", "code"} & fault.keys():
            return met(fault)
        message = _created(store, form, clock.now(), final=fault) if takes_message(fault) else None
        store.faults.lose(fault, request.environ)
        return (_resource(message, sid) if message else {}), 201

    @app.get(path)
    def listed(sid: str) -> ResponseReturnValue:
        fault = store.faults.take("twilio.list", request.args.get("To", ""))
        if {"status", "code"} & fault.keys():
            return met(fault)
        store.faults.lose(fault, request.environ)
        return page("messages", [_resource(m, sid) for m in _found(store, request.args)], request.args)

    return app


def _created(store: SandboxStore, form: Mapping[str, str], now: datetime, *, final: Fault) -> Message:
    _check(form)
    callback = form.get("StatusCallback", "")
    sid = f"SM{store.next_number('twilio.sid'):032x}"
    message = Message(
        id=sid,
        provider="twilio",
        to=form["To"],
        content={"body": form["Body"], "from": form.get("From") or form.get("MessagingServiceSid", "")},
        created_at=now,
        updated_at=now,
        status="queued",
        reference=parse_qs(urlsplit(callback).query).get("notification", [""])[0],
    )
    store.add(message)
    for status in STEPS[str(final.get("final", "delivered"))]:
        last = status in STEPS
        error = str(final.get("error_code", "")) if last else ""
        if callback:
            store.callbacks.put(callback, _receipt(message, status, error))
    return message


def _check(form: Mapping[str, str]) -> None:
    if not form.get("To"):
        raise RefusalError(21604)
    if not (form.get("From") or form.get("MessagingServiceSid")):
        raise RefusalError(21603)
    if not form.get("Body"):
        raise RefusalError(21602)
    if not E164.fullmatch(form["To"]):
        raise RefusalError(21211)
    if len(form["Body"]) > LONGEST_BODY:
        raise RefusalError(21617)


def _receipt(message: Message, status: str, error: str) -> dict[str, str]:
    form = {
        "MessageSid": message.id,
        "MessageStatus": status,
        "SmsSid": message.id,
        "SmsStatus": status,
        "To": message.to,
        "From": message.content["from"],
        "ApiVersion": "2010-04-01",
    }
    return form | ({"ErrorCode": error} if error else {})


def _found(store: SandboxStore, wanted: Mapping[str, str]) -> list[Message]:
    """Newest first, as Twilio lists them. A message that is queued has no date of sending, so no filter finds it."""
    messages = list(reversed(store.messages("twilio", to=wanted.get("To", ""))))
    earliest = wanted.get("DateSent>", "")
    return [m for m in messages if not earliest or (m.status != "queued" and _stamp(m.updated_at) >= earliest)]


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _resource(message: Message, account: str) -> dict[str, Any]:
    uri = f"/2010-04-01/Accounts/{account}/Messages/{message.id}"
    sender = message.content["from"]
    service = sender.startswith("MG")  # which of its numbers sends is not known yet
    return {
        "sid": message.id,
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": message.content["body"],
        "date_created": format_datetime(message.created_at),
        "date_sent": None if message.status == "queued" else format_datetime(message.updated_at),
        "date_updated": format_datetime(message.updated_at),
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": None if service else sender,
        "messaging_service_sid": sender if service else None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": None,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.to,
        "uri": f"{uri}.json",
    }
