"""What HTTP brings, whatever its wrapping: CloudEvents in both modes, Pub/Sub pushes, legacy background events."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.domain.signals import digest
from shared.errors import UndecodableError
from shared.inbound.values import instant, mapping, text

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 100
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A delivery without its wrapping. `payload` is decoded JSON.

    `event_id` covers source, id and content: a redelivery carries the same bytes, and two different contents under
    one id are two events, because losing one would be worse than telling twice.
    """

    event_id: str
    source: str
    type: str
    time: datetime | None
    payload: Any
    attributes: Mapping[str, str] = field(default_factory=dict)


def read(headers: Mapping[str, str], body: bytes) -> Envelope:
    """Unwrap a request; raises UndecodableError with the reason when that is impossible."""
    named = {name.lower(): value for name, value in headers.items()}
    document = decode(body)
    if "ce-type" in named or "ce-id" in named:
        attributes = {name[3:]: value for name, value in named.items() if name.startswith("ce-")}
        return _event(attributes, document)
    if not isinstance(document, dict):
        raise UndecodableError("the body is not a JSON object")
    if "specversion" in document or "specVersion" in document:
        attributes = {name.lower(): text(value) for name, value in document.items() if name != "data"}
        return _event(attributes, _structured_data(document))
    if "context" in document and "data" in document:
        context, message = mapping(document["context"]), mapping(document["data"])
        return _published(message, source=_topic(context), fallback=context)
    if "message" in document:
        return _published(document["message"], source=text(document.get("subscription")), fallback={})
    raise UndecodableError("neither a CloudEvent nor a Pub/Sub message")


def decode(body: bytes) -> Any:  # noqa: ANN401 - JSON is anything
    """JSON within our bounds of size and depth, every text in it valid Unicode; raises UndecodableError."""
    if len(body) > MAX_BYTES:
        raise UndecodableError(f"larger than {MAX_BYTES} bytes")
    try:
        written = body.decode(json.detect_encoding(body))
        document = _without_halves(json.loads(written)) if _HALF_CHARACTER.search(written) else json.loads(written)
    except RecursionError:
        raise UndecodableError(f"nested deeper than {MAX_DEPTH}") from None
    except ValueError as error:
        raise UndecodableError(f"not JSON: {error}") from error
    if _too_deep(document):
        raise UndecodableError(f"nested deeper than {MAX_DEPTH}")
    return document


def _without_halves(document: Any) -> Any:  # noqa: ANN401
    """The document with "?" for lone surrogates, which JSON can spell but nothing further on can store or send."""
    return json.loads(json.dumps(document, ensure_ascii=False).encode("utf-8", "replace"))


def _event(attributes: Mapping[str, str], data: Any) -> Envelope:  # noqa: ANN401
    source, kind = attributes.get("source", ""), attributes.get("type", "")
    if isinstance(data, dict) and "message" in data:
        return _published(data["message"], source=source, fallback={"eventId": attributes.get("id", ""), **attributes})
    name = attributes.get("id", "")
    return Envelope(_identity(source, name, data), source, kind, instant(attributes.get("time", "")), data, attributes)


def _structured_data(document: Mapping[str, Any]) -> Any:  # noqa: ANN401
    if "data_base64" in document:
        return decode(_bytes(document["data_base64"]))
    if "data" not in document:
        raise UndecodableError("the CloudEvent has no data")
    data = document["data"]
    return decode(data.encode()) if isinstance(data, str) else data


def _published(message: Any, *, source: str, fallback: Mapping[str, Any]) -> Envelope:  # noqa: ANN401
    if not isinstance(message, dict):
        raise UndecodableError("the Pub/Sub message is not an object")
    if "data" not in message:
        raise UndecodableError("the Pub/Sub message has no data")
    payload = decode(_bytes(message["data"]))
    name = text(message.get("messageId") or message.get("message_id") or fallback.get("eventId"))
    published = (
        message.get("publishTime") or message.get("publish_time") or fallback.get("timestamp") or fallback.get("time")
    )
    attributes = {str(key): text(value) for key, value in mapping(message.get("attributes")).items()}
    kind = "google.cloud.pubsub.topic.v1.messagePublished"
    return Envelope(_identity(name and "pubsub", name, payload), source, kind, instant(published), payload, attributes)


def _topic(context: Mapping[str, Any]) -> str:
    resource = context.get("resource")
    return text(mapping(resource).get("name") or resource)


def _bytes(value: Any) -> bytes:  # noqa: ANN401
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise UndecodableError(f"bad base64: {error}") from error


def _identity(source: str, name: str, payload: Any) -> str:  # noqa: ANN401
    canonical = json.dumps(payload, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return digest(source, name, canonical)


def _too_deep(document: Any) -> bool:  # noqa: ANN401
    level, depth = [document], 0
    while level and depth <= MAX_DEPTH:
        depth += 1
        level = [child for node in level for child in _children(node)]
    return bool(level)


def _children(node: Any) -> list[Any]:  # noqa: ANN401
    if isinstance(node, dict):
        return [child for child in node.values() if isinstance(child, dict | list)]
    return [child for child in node if isinstance(child, dict | list)] if isinstance(node, list) else []
