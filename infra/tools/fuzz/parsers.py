"""Every reader of what comes from outside: it answers, or refuses in its own way, and does nothing else."""

import base64
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, quote

import flask
from werkzeug.test import EnvironBuilder

from infra.local.ci.post_measurement import signed
from infra.tools.fuzz.house import FORM, JSON, KEY
from infra.tools.fuzz.seeds import AT
from infra.tools.fuzz.signatures import signatures
from shared.domain.signals import MAX_TEXT, Signal
from shared.errors import PermanentError
from shared.inbound import (
    changes,
    devices,
    envelopes,
    firebase_alerts,
    log_entries,
    measurements,
    page_requests,
    probes,
    pubsub,
    slack,
    subscriptions,
    support,
    topics,
    twilio,
    twilio_calls,
    twilio_texts,
    unwrapped,
)
from shared.inbound import post_mortems as edited_texts
from shared.inbound.envelopes import Envelope
from shared.inbound.signed_posts import Guard

LONGEST_PATH = 2_000
Read = Callable[[bytes], Any]


class UnboundedError(Exception):
    """A parser let a text through that is too long or cannot be stored."""


def envelope(data: bytes) -> None:
    """A whole body through the unwrapping, and then through every parser of events."""
    for headers in (JSON, JSON | {"ce-id": "1", "ce-type": "t", "ce-alerttype": "crashlytics.velocity"}):
        with suppress(PermanentError):
            payload(envelopes.read(headers, data))


def inside(data: bytes) -> None:
    """A payload as it stands inside of an envelope, through every parser of events."""
    for kind in ("crashlytics.velocity", "performance.threshold", "billing.planUpdate", "new.type"):
        named = {"alerttype": kind, "appid": "1:402938475610:web:4b2c", "buildId": "1"}
        payload(Envelope("e", "s", "t", AT, envelopes.decode(data), named))


def payload(found: Envelope) -> None:
    """Every parser of events, one after the other; what they let through is bounded and can be stored."""
    for parse in (
        partial(firebase_alerts.parse, now=AT),
        partial(log_entries.parse, now=AT, own_services="soukmon-"),
        partial(pubsub.parse_incident_topic, now=AT),
        partial(changes.change_of, now=AT),
    ):
        with suppress(PermanentError):
            _bounded(parse(found))


def posted(read: Callable[..., object], **wish: object) -> Read:
    """A signed post."""

    def target(data: bytes) -> None:
        request = _request(data, _signed(data))
        read(request, now=AT, **wish)

    return target


def slack_form(data: bytes) -> None:
    """A body that Slack signed, of either kind."""
    for kind in (FORM, JSON):
        with suppress(PermanentError):
            slack.parse(kind, data)


def slack_payload(data: bytes) -> None:
    """An interaction inside of Slack's form."""
    slack.parse(FORM, f"payload={quote(data)}".encode())


def twilio_form(data: bytes) -> None:
    """A form that Twilio signed, through the readers of receipts, calls and texts."""
    form = dict(parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True))
    with suppress(ValueError, RecursionError):
        document = json.loads(data)
        form = {name: str(value) for name, value in document.items()} if isinstance(document, dict) else form
    for read in (twilio.report, twilio.nonce, twilio_calls.phone_call, twilio_texts.text_message):
        with suppress(PermanentError):
            read(form)


def page(data: bytes) -> None:
    """A form of the pages, and an address."""
    text = data.decode("utf-8", "replace")
    page_requests.read(_request(data, FORM, path=f"/{quote(text[:LONGEST_PATH])}"))
    subscriptions.read(_request(data, FORM))
    subscriptions.read(_request(b"", FORM, path=f"/confirm/{quote(text[:LONGEST_PATH])}"))


def topic(data: bytes) -> None:
    """What is pushed from our own topics."""
    event = {"message": {"data": base64.b64encode(data).decode()}}
    for read in (
        topics.signal, topics.notification, topics.look, topics.diagnosis, topics.procedure, topics.redrive,
        topics.status_change, topics.status_mail, topics.containment, topics.touched, topics.rollback,
    ):  # fmt: skip
        with suppress(PermanentError):
            read(event)


def post_mortem(data: bytes) -> None:
    """An edited post-mortem; a ValueError is its way to refuse."""
    with suppress(ValueError):
        edited_texts.edited(data.decode("utf-8", "replace"))


def device(data: bytes) -> None:
    """A device that wants to register."""
    devices.read(_request(data, JSON))


def measured(data: bytes) -> None:
    """Measurements that are posted, and the same that are pushed."""
    guard = Guard(KEY, trusts_pushes=True)
    with suppress(PermanentError):
        measurements.read(_request(data, _signed(data)), guard=guard, now=AT)
    measurements.read(Envelope("e", "s", "t", AT, envelopes.decode(data), {}), guard=guard, now=AT)


PARSERS: Mapping[str, Read] = {
    "envelope": envelope,
    "payload": inside,
    "measurements": measured,
    "support": posted(support.read, keys=KEY),
    "probes": posted(probes.read, keys=KEY),
    "slack_form": slack_form,
    "slack_payload": slack_payload,
    "twilio_form": twilio_form,
    "signatures": signatures,
    "page": page,
    "topic": topic,
    "post_mortem": post_mortem,
    "device": device,
    "replayed_file": unwrapped.wrap,
}


def _bounded(found: object) -> None:
    if not isinstance(found, Signal):
        return
    for text in (found.title, found.summary, found.service, found.key, *found.labels.values()):
        if len(text) > MAX_TEXT or b"\x00" in text.encode():
            raise UnboundedError(f"a text of {len(text)} characters: {text[:80]!r}")


def _signed(body: bytes) -> dict[str, str]:
    return JSON | signed(body, key=KEY, at=int(AT.timestamp()))


def _request(body: bytes, headers: Mapping[str, str], *, path: str = "/") -> flask.Request:
    return flask.Request(
        EnvironBuilder(path=path, method="POST", data=body, headers=list(headers.items())).get_environ()
    )
