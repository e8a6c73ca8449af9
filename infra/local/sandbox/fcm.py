"""A push service of its own: the part of the FCM HTTP v1 API that sends; its telephones are shown in the inbox."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from infra.local.sandbox.faults import Fault, takes_message
from infra.local.sandbox.store import Message, SandboxStore
from shared.ports.platform import Clock

FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
LONGEST_DATA = 4_096
# The error codes of https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode with the status each comes with.
ERRORS = {
    "UNREGISTERED": (404, "NOT_FOUND", "Requested entity was not found."),
    "SENDER_ID_MISMATCH": (403, "PERMISSION_DENIED", "SenderId mismatch"),
    "INVALID_ARGUMENT": (400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
    "QUOTA_EXCEEDED": (429, "RESOURCE_EXHAUSTED", "Quota exceeded for the device."),
    "UNAVAILABLE": (503, "UNAVAILABLE", "The service is currently unavailable."),
    "INTERNAL": (500, "INTERNAL", "Internal error encountered."),
    "THIRD_PARTY_AUTH_ERROR": (401, "UNAUTHENTICATED", "Auth error from APNS or Web Push Service"),
}
NOT_A_DEVICE = "The registration token is not a valid FCM registration token"


def create_app(store: SandboxStore, *, clock: Clock, token: str) -> Flask:
    """The API at FCM's own path below where it is mounted."""
    app = Flask("fcm_sandbox")

    @app.post("/v1/projects/<project>/messages:send")
    def send(project: str) -> ResponseReturnValue:
        if request.headers.get("Authorization") != f"Bearer {token}":
            return _error("THIRD_PARTY_AUTH_ERROR", "Request had invalid authentication credentials.", plain=True)
        body: dict[str, Any] = request.get_json(silent=True) or {}
        wanted: dict[str, Any] = body.get("message") or {}
        if body.get("validate_only") and wanted.get("topic"):
            return {"name": f"projects/{project}/messages/fake_message_id"}
        device = str(wanted.get("token") or wanted.get("fid") or "")
        fault = store.faults.take("fcm", device)
        if {"status", "error"} & fault.keys():
            return _met(fault)
        refused = _check(wanted, device)
        if refused:
            return refused
        name = f"projects/{project}/messages/{store.next_number('fcm.id')}"
        if takes_message(fault):
            store.add(_kept(name, device, wanted, clock.now()))
        store.faults.lose(fault, request.environ)
        return {"name": name}

    return app


def _check(wanted: Mapping[str, Any], device: str) -> ResponseReturnValue | None:
    """What FCM refuses of a message."""
    if not device or device.isspace() or len(device) < len("c123456789012345678901"):
        return _error("INVALID_ARGUMENT", NOT_A_DEVICE)
    data = wanted.get("data", {})
    if not all(isinstance(value, str) for value in data.values()):
        return _error("INVALID_ARGUMENT", "Invalid value at 'message.data' (type string)")
    if sum(len(key) + len(value.encode()) for key, value in data.items()) > LONGEST_DATA:
        return _error("INVALID_ARGUMENT", "Message is too big")
    return None


def _kept(name: str, device: str, wanted: Mapping[str, Any], now: datetime) -> Message:
    notification, data = wanted.get("notification", {}), wanted.get("data", {})
    content = {
        "title": notification.get("title", ""),
        "text": notification.get("body", ""),
        "url": data.get("url", ""),
        "android": wanted.get("android", {}),
        "apns": wanted.get("apns", {}),
        "webpush": wanted.get("webpush", {}),
    }
    return Message(
        id=name,
        provider="fcm",
        to=device,
        content=content,
        created_at=now,
        updated_at=now,
        status="accepted",
        reference=data.get("notification", ""),
    )


def _met(fault: Fault) -> ResponseReturnValue:
    if "error" in fault:
        answer = _error(str(fault["error"]), str(fault.get("message", "")))
    else:
        answer = (jsonify(fault.get("body") or {}), int(fault["status"]))
    answer[0].headers.extend(fault.get("headers", {}))
    return answer


def _error(code: str, message: str = "", *, plain: bool = False) -> tuple[Any, int]:
    status, name, text = ERRORS[code]
    details = [] if plain else [{"@type": FCM_ERROR, "errorCode": code}]
    return jsonify({"error": {"code": status, "message": message or text, "status": name, "details": details}}), status
