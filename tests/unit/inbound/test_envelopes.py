"""Every wrapping is read, and what cannot be read says why."""

import base64
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local import samples
from shared.domain.signals import NotASignal, Signal
from shared.errors import UndecodableError
from shared.inbound import envelopes, firebase_alerts, log_entries, pubsub, unwrapped
from tests.conftest import NIGHT

JSON = {"Content-Type": "application/json"}
ENTRY = {"severity": "ERROR", "resource": {"type": "x"}, "textPayload": "نص"}


def b64(document):
    return base64.b64encode(json.dumps(document, ensure_ascii=False).encode()).decode()


def body(document):
    return json.dumps(document).encode()


MESSAGE = {"data": b64(ENTRY), "attributes": {"k": "v"}, "messageId": "7", "publishTime": "2026-03-10T00:10:00Z"}
SNAKE = {
    "data": b64(ENTRY),
    "attributes": {"k": "v"},
    "message_id": "7",
    "publish_time": "2026-03-10T00:10:00.000000000Z",
}
CLOUD = {"specversion": "1.0", "id": "7", "type": "google.cloud.pubsub.topic.v1.messagePublished", "source": "//p"}


@pytest.mark.parametrize(
    "document",
    [
        {"message": MESSAGE, "subscription": "s", "deliveryAttempt": 3},
        {"message": SNAKE, "subscription": "s"},
        {**CLOUD, "data": {"message": MESSAGE, "subscription": "s"}},
        {"context": {"eventId": "7", "timestamp": "2026-03-10T00:10:00Z", "resource": {"name": "t"}}, "data": MESSAGE},
    ],
)
def test_every_wrapping_of_a_pub_sub_message_reads_the_same(document):
    found = envelopes.read(JSON, body(document))
    assert (found.payload, dict(found.attributes), found.time) == (ENTRY, {"k": "v"}, NIGHT)
    first = envelopes.read(JSON, body({"message": MESSAGE, "subscription": "s"}))
    assert found.event_id == first.event_id


def test_cloud_events_are_read_in_binary_structured_and_emulator_form():
    event = samples.crash(NIGHT, "newFatalIssue", issue="1", title="A.kt")
    attributes = {k[3:]: v for k, v in event.headers.items() if k.startswith("ce-")}
    structured = {**attributes, "data": json.loads(event.body)}
    emulator = {**{k: v for k, v in structured.items() if k != "specversion"}, "specVersion": "1.0"}
    shouting = {k.upper(): v for k, v in event.headers.items()}
    found = [
        envelopes.read(event.headers, event.body),
        envelopes.read(shouting, event.body),
        envelopes.read({"content-type": "application/cloudevents+json"}, body(structured)),
        envelopes.read(JSON, body(emulator)),
    ]
    assert len({e.event_id for e in found}) == 1
    assert {e.attributes["alerttype"] for e in found} == {"crashlytics.newFatalIssue"}


def test_a_redelivery_is_the_same_event_and_another_content_under_the_same_id_is_not():
    one = envelopes.read(JSON, body({"message": MESSAGE, "deliveryAttempt": 1}))
    again = envelopes.read(JSON, body({"message": MESSAGE, "deliveryAttempt": 2}))
    other = envelopes.read(JSON, body({"message": {**MESSAGE, "data": b64({**ENTRY, "severity": "CRITICAL"})}}))
    assert one.event_id == again.event_id != other.event_id


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"message": 3}', "not an object"),
        (b'{"message": {}}', "no data"),
        (b'{"message": {"data": "a"}}', "bad base64"),
        (b'{"message": {"data": 3}}', "bad base64"),
        (b'{"message": {"data": "e3*0="}}', "bad base64"),
        (b'{"message": {"data": "AQIDBA=="}}', "not JSON"),
        (body({**CLOUD}), "no data"),
        (body({"x": 1}), "neither"),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "nested deeper"),
        (b"[" * 100_000, "nested deeper|not JSON"),
        (b'"' + b"x" * (10 * 1024 * 1024) + b'"', "larger than"),
    ],
)
def test_E07_E10_what_cannot_be_read_says_why(raw, reason):
    with pytest.raises(UndecodableError, match=reason):
        envelopes.read(JSON, raw)


PARSERS = (
    lambda e: firebase_alerts.parse(e, now=NIGHT),
    lambda e: log_entries.parse(e, now=NIGHT, own_services="soukmon-"),
    lambda e: pubsub.parse_incident_topic(e, now=NIGHT),
)
KEYS = st.sampled_from(
    [
        "incident",
        "state",
        "payload",
        "issue",
        "id",
        "title",
        "createTime",
        "resource",
        "labels",
        "severity",
        "timestamp",
        "protoPayload",
        "methodName",
        "status",
        "code",
        "authorizationInfo",
        "httpRequest",
        "requestUrl",
        "jsonPayload",
        "exception.stacktrace",
        "budgetDisplayName",
        "alertThresholdExceeded",
        "projectId",
        "steps",
        "metadata",
        "event",
        "serviceData",
        "policyDelta",
        "bindingDeltas",
        "@type",
        "digestDate",
        "trendingIssues",
        "textPayload",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=5),
    max_leaves=20,
)


@given(VALUES, st.sampled_from(["", "crashlytics.velocity", "performance.threshold", "billing.planAutomatedUpdate"]))
def test_no_json_makes_a_parser_raise_anything_but_undecodable(value, alert_type):
    envelope = envelopes.Envelope("e", "s", "t", None, value, {"alerttype": alert_type, "appid": "1:2:web:3"})
    outcomes = []
    for parse in PARSERS:
        with suppress(UndecodableError):
            outcomes.append(parse(envelope))
    assert all(isinstance(outcome, Signal | NotASignal) for outcome in outcomes)


@given(st.binary(max_size=200) | VALUES.map(lambda v: json.dumps(v).encode()))
def test_no_bytes_make_reading_or_wrapping_raise_anything_but_undecodable(raw):
    request = unwrapped.wrap(raw)
    assert request.function.startswith("receive_")
    with suppress(UndecodableError):
        assert envelopes.read(request.headers, request.body).event_id
