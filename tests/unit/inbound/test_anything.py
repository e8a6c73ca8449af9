"""Real payloads with a piece replaced by anything: a parser answers or refuses, and what it says is fit to store."""

import base64
import copy
import json
from contextlib import suppress
from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from infra.local import samples
from shared.domain.signals import MAX_TEXT, NotASignal, Signal
from shared.errors import UndecodableError
from shared.inbound import firebase_alerts, log_entries, pubsub
from shared.inbound.envelopes import Envelope
from tests.conftest import NIGHT

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(max_size=40)
    | st.sampled_from(
        ["x" * 70_000, "https://[", "https://a/\x00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "nul\x00"]
    )
)
PIECES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=8), inner, max_size=2),
    max_leaves=4,
)


def payload_of(event):
    document = json.loads(event.body)
    return json.loads(base64.b64decode(document["message"]["data"])) if "message" in document else document


def scheduler_entry():
    attempt = {
        "@type": "type.googleapis.com/google.cloud.scheduler.logging.AttemptFinished",
        "jobName": "projects/p/locations/l/jobs/j",
        "status": "INTERNAL",
        "url": "https://europe-west1-p.cloudfunctions.net/run",
    }
    return {"severity": "ERROR", "resource": {"type": "cloud_scheduler_job", "labels": {}}, "jsonPayload": attempt}


def policy_entry():
    delta = {"bindingDeltas": [{"action": "ADD", "role": "roles/owner", "member": "allUsers"}]}
    event = samples.audit(
        NIGHT, "cloudresourcemanager.googleapis.com", "SetIamPolicy", "projects/p", serviceData={"policyDelta": delta}
    )
    return payload_of(event)


SEEDS = [
    *(
        payload_of(event)
        for event in (
            samples.crash(NIGHT, "velocityAlert", issue="1", title="A.kt", crashCount="132", crashPercentage=12.4),
            samples.slow_page(NIGHT, "https://souk.example/", seconds=2.3),
            samples.request_log(NIGHT, "orders-api", 500),
            samples.web_error(NIGHT, "boom", frame="pay (https://souk.example/app.js"),
            samples.uptime_incident(NIGHT, name="0.a"),
            samples.budget(NIGHT, threshold=0.9),
            samples.build(NIGHT, "FAILURE"),
        )
    ),
    scheduler_entry(),
    policy_entry(),
]
ALERTS = st.sampled_from(
    ["", "crashlytics.velocity", "crashlytics.stabilityDigest", "performance.threshold", "new.type"]
)
PARSERS = (
    lambda e: firebase_alerts.parse(e, now=NIGHT),
    lambda e: log_entries.parse(e, now=NIGHT, own_services="soukmon-"),
    lambda e: pubsub.parse_incident_topic(e, now=NIGHT),
)


@st.composite
def altered(draw):
    document = copy.deepcopy(draw(st.sampled_from(SEEDS)))
    node = document
    while True:
        places = list(node) if isinstance(node, dict) else list(range(len(node)))
        place = draw(st.sampled_from(places))
        deeper = isinstance(node[place], dict | list) and node[place] and draw(st.booleans())
        if not deeper:
            node[place] = draw(PIECES)
            return document
        node = node[place]


def outcomes(envelope):
    for parse in PARSERS:
        with suppress(UndecodableError):
            yield parse(envelope)


def texts(found):
    fields = asdict(found)
    for value in fields.values():
        yield from value.values() if isinstance(value, dict) else [value] if isinstance(value, str) else []


@given(altered(), ALERTS, st.text(max_size=400))
def test_E10_whatever_stands_in_a_payload_a_parser_answers_with_bounded_printable_texts(document, alert_type, app):
    envelope = Envelope("e", "s", "t", NIGHT, document, {"alerttype": alert_type, "appid": app})
    for found in outcomes(envelope):
        assert isinstance(found, Signal | NotASignal)
        for text in texts(found):
            assert len(text) <= MAX_TEXT
            assert "\x00" not in text
