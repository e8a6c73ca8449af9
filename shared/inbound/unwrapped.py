"""Payload files as people have them -> the request production would make, for `soukmon replay`."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.domain.signals import digest
from shared.errors import UndecodableError
from shared.inbound.envelopes import decode
from shared.inbound.log_entries import is_entry
from shared.inbound.pubsub import is_budget, is_build
from shared.inbound.values import instant, mapping, text

FIREBASE = "receive_firebase_alert"
LOGS = "receive_log_entry"
INCIDENTS = "receive_monitoring_incident"
_JSON = {"content-type": "application/json"}
_HEADER = re.compile(r"ce-[a-z0-9]+")  # CloudEvents attribute names have no other characters
_OWN_TIMES = ("timestamp", "receiveTimestamp", "createTime", "startTime", "finishTime", "time", "publishTime")


@dataclass(frozen=True, slots=True)
class Request:
    """A request to a function; `at` is the instant at which the event is fresh, None when it names none."""

    function: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime | None = None


def wrap(raw: bytes) -> Request:
    """The request for a file's bytes. What nothing recognises goes to the log receiver, which keeps it."""
    try:
        document = decode(raw)
    except UndecodableError:
        return Request(LOGS, _JSON, raw)
    if not isinstance(document, dict):
        return Request(LOGS, _JSON, raw)
    if isinstance(document.get("headers"), dict) and "body" in document:
        return _recorded_request(document)
    if "specversion" in document or "specVersion" in document:
        return _cloud_event(document, raw)
    if "message" in document and isinstance(document["message"], dict):
        return _push(document["message"], raw)
    if "context" in document and isinstance(document.get("data"), dict):
        return _push(document["data"], raw, instant(mapping(document["context"]).get("timestamp")))
    if isinstance(document.get("payload"), dict) and ("createTime" in document or "@type" in document["payload"]):
        return _alert_data(document)
    return _raw(document)


def _recorded_request(document: Mapping[str, Any]) -> Request:
    headers = {**_JSON, **_event_headers(document["headers"])}
    body = document["body"]
    raw = body.encode() if isinstance(body, str) else _bytes(body)
    inner = wrap(raw)
    if "firebasealerts" in headers.get("ce-type", ""):
        return Request(FIREBASE, headers, raw, inner.at or instant(headers.get("ce-time")))
    return Request(inner.function, headers, raw, inner.at or instant(headers.get("ce-time")))


def _event_headers(headers: Mapping[str, Any]) -> dict[str, str]:
    """Those that carry the event. The rest (length, host, credentials) belonged to the recorded connection."""
    named = {name.lower(): text(value) for name, value in headers.items()}
    return {
        name: "".join(c for c in value if c.isprintable()) for name, value in named.items() if _HEADER.fullmatch(name)
    }


def _cloud_event(document: Mapping[str, Any], raw: bytes) -> Request:
    kind, data = text(document.get("type")), mapping(document.get("data"))
    headers = {"content-type": "application/cloudevents+json"}
    at = instant(document.get("time"))
    if "firebasealerts" in kind:
        return Request(FIREBASE, headers, raw, _latest(instant(data.get("createTime")), at))
    if isinstance(data.get("message"), dict):
        inner = _push(data["message"], raw, at)
        return Request(inner.function, headers, raw, inner.at)
    if is_entry(data):
        return Request(LOGS, headers, raw, _own_time(data) or at)
    return Request(_receiver(data), headers, raw, _own_time(data) or at)


def _push(message: Mapping[str, Any], raw: bytes, at: datetime | None = None) -> Request:
    try:
        payload = decode(base64.b64decode(text(message.get("data")), validate=True))
    except (UndecodableError, binascii.Error, ValueError):
        payload = None
    published = instant(message.get("publishTime") or message.get("publish_time")) or at
    own = _own_time(payload)
    return Request(_receiver(payload), _JSON, raw, own if is_entry(payload) else _latest(own, published))


def _alert_data(document: Mapping[str, Any]) -> Request:
    body = _bytes(document)
    at = instant(document.get("createTime"))
    headers = {
        **_JSON,
        "ce-id": digest(body.decode()),
        "ce-source": "//firebasealerts.googleapis.com/projects/replayed",
        "ce-specversion": "1.0",
        "ce-type": "google.firebase.firebasealerts.alerts.v1.published",
        "ce-time": at.isoformat() if at else "",
    }
    return Request(FIREBASE, headers, body, at)


def _raw(document: Mapping[str, Any]) -> Request:
    data = _bytes(document)
    at = _own_time(document)
    message = {"data": base64.b64encode(data).decode(), "messageId": digest(data.decode()), "attributes": {}}
    if at is not None and not is_entry(document):
        message["publishTime"] = at.isoformat()
    return Request(
        _receiver(document),
        _JSON,
        _bytes({"message": message, "subscription": "projects/replayed/subscriptions/replay"}),
        at,
    )


def _receiver(payload: Any) -> str:  # noqa: ANN401
    data = mapping(payload)
    if "incident" in data or is_budget(data) or (is_build(data) and not is_entry(data)):
        return INCIDENTS
    return FIREBASE if isinstance(data.get("payload"), dict) and "createTime" in data else LOGS


def _own_time(payload: Any) -> datetime | None:  # noqa: ANN401
    data = mapping(payload)
    incident = mapping(data.get("incident"))
    if incident:
        return _latest(instant(incident.get("started_at")), instant(incident.get("ended_at")))
    if is_entry(data):
        return instant(data.get("timestamp")) or instant(data.get("receiveTimestamp"))
    return _latest(*(instant(data.get(name)) for name in _OWN_TIMES))


def _latest(*instants: datetime | None) -> datetime | None:
    return max((at for at in instants if at is not None), default=None)


def _bytes(document: Any) -> bytes:  # noqa: ANN401
    return json.dumps(document).encode()
