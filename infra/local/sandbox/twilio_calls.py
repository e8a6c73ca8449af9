"""The part of Twilio's REST API that makes and lists calls; who answers them is `telephone`'s business."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from infra.local.sandbox.faults import Fault, takes_message
from infra.local.sandbox.store import Message, SandboxStore
from infra.local.sandbox.twilio_api import E164, RefusalError, met, page
from shared.ports.platform import Clock

PROVIDER = "voice"


def calls(store: SandboxStore, *, clock: Clock) -> Blueprint:
    """The two operations at Twilio's own path. Faults are those of "voice" and "voice.list"."""
    blueprint = Blueprint("calls", __name__)
    path = "/2010-04-01/Accounts/<sid>/Calls.json"

    @blueprint.post(path)
    def create(sid: str) -> ResponseReturnValue:
        fault = store.faults.take(PROVIDER, request.form.get("To", ""))
        if {"status", "code"} & fault.keys():
            return met(fault)
        call = _created(store, request.form, clock.now(), fault=fault) if takes_message(fault) else None
        store.faults.lose(fault, request.environ)
        return (_resource(call, sid) if call else {}), 201

    @blueprint.get(path)
    def listed(sid: str) -> ResponseReturnValue:
        fault = store.faults.take(f"{PROVIDER}.list", request.args.get("To", ""))
        if {"status", "code"} & fault.keys():
            return met(fault)
        store.faults.lose(fault, request.environ)
        found = reversed(store.messages(PROVIDER, to=request.args.get("To", "")))
        return page("calls", [_resource(call, sid) for call in found], request.args)

    return blueprint


def _created(store: SandboxStore, form: MultiDict[str, str], now: datetime, *, fault: Fault) -> Message:
    _check(form)
    content = {
        "from": form["From"],
        "url": form["Url"],
        "callback": form.get("StatusCallback", ""),
        "events": form.getlist("StatusCallbackEvent"),
        "answers": fault.get("final", "human"),
        "spoken": [],
    }
    call = Message(
        id=f"CA{store.next_number('twilio.sid'):032x}",
        provider=PROVIDER,
        to=form["To"],
        content=content,
        created_at=now,
        updated_at=now,
        status="queued",
        reference=parse_qs(urlsplit(form["Url"]).query).get("notification", [""])[0],
    )
    store.add(call)
    return call


def _check(form: Mapping[str, str]) -> None:
    if not form.get("From"):
        raise RefusalError(21213)
    if not E164.fullmatch(form.get("To", "")):
        raise RefusalError(21211)
    if not form.get("Url", "").startswith(("http://", "https://")):
        raise RefusalError(21205)


def _resource(call: Message, account: str) -> dict[str, Any]:
    uri = f"/2010-04-01/Accounts/{account}/Calls/{call.id}"
    begun = None if call.status == "queued" else format_datetime(call.created_at)
    over = call.status not in {"queued", "in-progress"}
    return {
        "sid": call.id,
        "account_sid": account,
        "api_version": "2010-04-01",
        "answered_by": call.content.get("answered_by"),
        "caller_name": None,
        "date_created": format_datetime(call.created_at),
        "date_updated": format_datetime(call.updated_at),
        "direction": "outbound-api",
        "duration": "0" if over else None,
        "end_time": format_datetime(call.updated_at) if over else None,
        "forwarded_from": None,
        "from": call.content["from"],
        "from_formatted": call.content["from"],
        "group_sid": None,
        "parent_call_sid": None,
        "phone_number_sid": None,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "start_time": begun,
        "status": call.status,
        "subresource_uris": {"notifications": f"{uri}/Notifications.json", "recordings": f"{uri}/Recordings.json"},
        "to": call.to,
        "to_formatted": call.to,
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }
