"""Payload files as people have them go to the function that production would call, at their own time."""

import base64
import json
from datetime import timedelta

import pytest

from infra.local import samples
from shared.inbound import envelopes
from shared.inbound.unwrapped import FIREBASE, INCIDENTS, LOGS, wrap
from tests.conftest import NIGHT

LATER = NIGHT + timedelta(hours=1)
CRASH = samples.crash(NIGHT, "newFatalIssue", issue="1", title="Checkout.kt line 88 فشل")
LOG = samples.request_log(NIGHT, "orders-api", 500)
OPEN = samples.uptime_incident(NIGHT, name="0.a")
CLOSED = samples.uptime_incident(NIGHT, name="0.a", ended=LATER)
BUDGET = samples.budget(NIGHT, threshold=0.9)
BUILD = samples.build(NIGHT, "FAILURE")


def push_of(event):
    return json.loads(event.body)


def inner(event):
    return json.loads(base64.b64decode(push_of(event)["message"]["data"]))


def structured(event):
    return {k[3:]: v for k, v in event.headers.items() if k.startswith("ce-")} | {"data": json.loads(event.body)}


def published(event, **changes):
    envelope = {
        "specversion": "1.0",
        "id": "9",
        "source": "//p",
        "type": "google.cloud.pubsub.topic.v1.messagePublished",
    }
    return {**envelope, "data": push_of(event), **changes}


def legacy(event):
    message = {**push_of(event)["message"]}
    context = {"eventId": message.pop("messageId"), "timestamp": message.pop("publishTime"), "resource": "t"}
    return {"context": context, "data": message}


def dump(event, **headers):
    return {"headers": {**event.headers, **headers}, "body": json.loads(event.body)}


def audit_event():
    kind = "google.cloud.audit.log.v1.written"
    data = inner(samples.audit(NIGHT, "iam.googleapis.com", "CreateServiceAccountKey", "projects/p/k"))
    return {"specversion": "1.0", "id": "9", "source": "//p", "type": kind, "time": LATER.isoformat(), "data": data}


EMULATOR = {("specVersion" if k == "specversion" else k): v for k, v in structured(CRASH).items()}
FILES = {
    "a structured alert": (structured(CRASH), FIREBASE, NIGHT),
    "an alert of the emulator": (EMULATOR, FIREBASE, NIGHT),
    "the bare data of an alert": (json.loads(CRASH.body), FIREBASE, NIGHT),
    "a recorded alert": (dump(CRASH), FIREBASE, NIGHT),
    "a recorded push": (dump(LOG, Host="old.example"), LOGS, NIGHT),
    "a recorded push with its body as text": ({"headers": {}, "body": LOG.body.decode()}, LOGS, NIGHT),
    "a push of a log entry": (push_of(LOG), LOGS, NIGHT),
    "a published log entry": (published(LOG), LOGS, NIGHT),
    "a legacy log entry": (legacy(LOG), LOGS, NIGHT),
    "a bare log entry": (inner(LOG), LOGS, NIGHT),
    "an audit event": (audit_event(), LOGS, NIGHT),
    "a push of an incident": (push_of(OPEN), INCIDENTS, NIGHT),
    "a published incident": (published(CLOSED), INCIDENTS, LATER),
    "a bare incident": (inner(CLOSED), INCIDENTS, LATER),
    "a legacy budget": (legacy(BUDGET), INCIDENTS, NIGHT),
    "a push of a budget": (push_of(BUDGET), INCIDENTS, NIGHT),
    "a bare budget": (inner(BUDGET), INCIDENTS, None),
    "a push of a build": (push_of(BUILD), INCIDENTS, NIGHT),
    "a bare build": (inner(BUILD), INCIDENTS, NIGHT),
    "something else": ({"hello": "world"}, LOGS, None),
    "a list": ([1, 2], LOGS, None),
    "a push of something else": ({"message": {"data": "bm90aGluZw=="}}, LOGS, None),
}


@pytest.mark.parametrize(("document", "function", "at"), FILES.values(), ids=FILES)
def test_a_file_finds_its_function_and_its_time(document, function, at):
    request = wrap(json.dumps(document).encode())
    assert (request.function, request.at) == (function, at)


@pytest.mark.parametrize(("document", "function", "at"), list(FILES.values())[:19], ids=list(FILES)[:19])
def test_what_is_wrapped_reads_as_what_production_delivers(document, function, at):
    request = wrap(json.dumps(document).encode())
    found = envelopes.read(request.headers, request.body)
    payloads = [
        json.loads(CRASH.body),
        inner(LOG),
        audit_event()["data"],
        inner(OPEN),
        inner(CLOSED),
        inner(BUDGET),
        inner(BUILD),
    ]
    assert found.payload in payloads


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"{", b"plain words", b"[" * 100_000])
def test_E07_what_is_no_json_still_goes_to_a_function_that_keeps_it(raw):
    assert (wrap(raw).function, wrap(raw).body) == (LOGS, raw)


def test_the_same_file_is_the_same_event_twice():
    raw = json.dumps(inner(LOG)).encode()
    first, again = wrap(raw), wrap(raw)
    assert first == again
    assert envelopes.read(first.headers, first.body).event_id == envelopes.read(again.headers, again.body).event_id


def test_a_log_entry_keeps_its_own_time_however_late_it_was_published():
    late = push_of(LOG)
    late["message"]["publishTime"] = LATER.isoformat()
    assert wrap(json.dumps(late).encode()).at == NIGHT


@pytest.mark.parametrize("unknown", [0, None, "null"])
def test_an_unknown_end_does_not_hide_the_start_of_an_incident(unknown):
    incident = inner(OPEN)
    incident["incident"]["ended_at"] = unknown
    assert wrap(json.dumps(incident).encode()).at == NIGHT


def test_a_recorded_request_brings_its_event_and_nothing_of_its_connection():
    recorded = dump(
        CRASH, Authorization="Bearer secret", **{"Content-Length": "3", "CE-Subject": "a\r\nb", "ce-x y": "z"}
    )
    headers = wrap(json.dumps(recorded).encode()).headers
    assert {name.lower() for name in headers} == {name.lower() for name in CRASH.headers} | {"ce-subject"}
    assert headers["ce-subject"] == "ab"


def test_half_a_character_in_a_file_is_no_reason_to_fail():
    entry = {**inner(LOG), "textPayload": "cut emoji \ud83d"}
    request = wrap(json.dumps(entry).encode())
    assert request.function == LOGS
    assert envelopes.read(request.headers, request.body).payload["textPayload"].encode().startswith(b"cut emoji ")
