"""Real payloads to begin with: what Google, Slack, Twilio, the help desk, probes and pipelines send."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from infra.local import samples
from shared.domain.post_mortems import Section
from shared.rendering.post_mortem_markdown import END_OF_RECORD, FROM_RECORD
from shared.rendering.post_mortem_words import EN

AT = datetime(2026, 3, 10, 0, 10, tzinfo=UTC)
STAMP = samples.stamp(AT)


def payloads() -> list[bytes]:
    """What stands inside of an event of each kind: alerts, log entries, incidents, budgets, builds."""
    events = (
        samples.crash(AT, "velocityAlert", issue="1", title="A.kt", crashCount="132", crashPercentage=12.4),
        samples.crash(AT, "newFatalIssue", issue="2", title="B.kt", subtitle="pay"),
        samples.slow_page(AT, "https://souk.example/", seconds=2.3),
        samples.request_log(AT, "orders-api", 500),
        samples.web_error(AT, "boom", frame="pay (https://souk.example/app.js"),
        samples.audit(AT, "cloudresourcemanager.googleapis.com", "SetIamPolicy", "projects/p", serviceData=_policy()),
        samples.audit(AT, "run.googleapis.com", "google.cloud.run.v2.Services.UpdateService", "services/web"),
        samples.uptime_incident(AT, name="0.a"),
        samples.uptime_incident(AT, name="0.b", ended=AT),
        samples.budget(AT, threshold=0.9),
        samples.build(AT, "FAILURE"),
        samples.build(AT, "SUCCESS"),
    )
    return [_inside(event) for event in events]


def events() -> list[bytes]:
    """Whole bodies of events, in each wrapping that a receiver knows."""
    inside = json.loads(payloads()[3])
    data = base64.b64encode(json.dumps(inside).encode()).decode()
    message = {"data": data, "messageId": "1", "publishTime": STAMP, "attributes": {"a": "b"}}
    cloud = {"specversion": "1.0", "id": "1", "type": "t", "source": "//pubsub", "time": STAMP}
    legacy = {"eventId": "1", "timestamp": STAMP, "resource": {"name": "topics/t"}}
    return _spelt(
        {"message": message, "subscription": "s"},
        {**cloud, "data": {"message": message}},
        {**cloud, "data_base64": data},
        {"context": legacy, "data": message},
        json.loads(payloads()[0]),
    )


def measurements() -> list[bytes]:
    """Posted measurements and releases."""
    measured = {"metric": "bundle_size", "value": 748512, "unit": "KB", "measured_at": STAMP, "labels": {"app": "web"}}
    release = {"service": "web", "version": "3.4.1", "commit": "9f3c2d1", "at": STAMP, "by": "ci", "previous": "3.4.0"}
    return _spelt({"measurements": [measured]}, {"release": release}, {"measurements": [measured], "release": release})


def support_requests() -> list[bytes]:
    """What the help desk posts."""
    return _spelt({"channel": "email", "request": "T-1042", "event": "opened", "at": STAMP, "subject": "Paid twice"})


def probes() -> list[bytes]:
    """What probes elsewhere post."""
    good = {"target": "website", "place": "cairo", "at": STAMP, "ok": True, "latency_ms": 231.5}
    bad = {"target": "website", "place": "cairo", "at": STAMP, "ok": False, "reason": "dns"}
    return _spelt({"probes": [good, bad]})


def slack_payloads() -> list[bytes]:
    """Pressed buttons and sent modals, as they stand in `payload`."""
    who = {"user": {"id": "U0MONA"}, "channel": {"id": "C0INCIDENTS"}, "trigger_id": "1.2.x"}
    where = {"container": {"message_ts": "1.2", "channel_id": "C0INCIDENTS"}}
    pressed = [
        {"type": "block_actions", **who, **where, "actions": [{"action_id": name, "value": "i-1", "action_ts": "1.1"}]}
        for name in ("acknowledge", "snooze", "more", "approve_draft")
    ]
    inputs = {"b1": {"note": {"value": "on it"}}, "b2": {"severity": {"selected_option": {"value": "high"}}}}
    view = {"callback_id": "incident", "private_metadata": "i-1", "state": {"values": inputs}}
    return _spelt(*pressed, {"type": "view_submission", **who, "view": view})


def slack_bodies() -> list[bytes]:
    """Whole bodies of Slack's: a form with an interaction, a form of a command, and its first question as JSON."""
    command = {"command": "/incident", "text": "list", "user_id": "U0MONA", "channel_id": "C1"}
    challenge = {"type": "url_verification", "challenge": "c", "token": "t"}
    pressed = urlencode({"payload": slack_payloads()[0]}).encode()
    return [pressed, urlencode(command).encode(), *_spelt(challenge)]


def slack_commands() -> list[bytes]:
    """What is typed after /incident."""
    words = ("list", "ack i-1", "note i-1 it is the bank", "silence add rule 2h deploy", "oncall", "help", "search x")
    return [word.encode() for word in words]


def twilio_forms() -> list[bytes]:
    """Receipts, calls and texts: the fields as an object."""
    number = "+201000000011"
    return _spelt(
        {"MessageSid": "SM1", "MessageStatus": "delivered", "To": number, "ErrorCode": "", "notification": "n-1"},
        {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30008"},
        {"CallSid": "CA1", "CallStatus": "completed", "AnsweredBy": "human", "turn": "1", "Digits": "4"},
        {"MessageSid": "SM2", "From": number, "Body": "STOP", "OptOutType": "STOP"},
    )


def messages() -> list[bytes]:
    """What is published on our own topics."""
    signal = {
        "event_id": "e1", "fingerprint": "f1", "key": "k1", "alert_type": "crashlytics.velocity", "source": "firebase",
        "service": "app", "title": "Crash", "occurred_at": STAMP, "received_at": STAMP, "labels": {"app": "web"},
    }  # fmt: skip
    pointers = ("notification", "incident", "letter", "cause", "run", "containment", "window", "post")
    return _spelt(
        signal, {"metrics": ["error_rate"]}, {"incident": "i-1", "due_at": STAMP}, *({name: "x"} for name in pointers)
    )


def paths() -> list[bytes]:
    """Addresses with a signature or a handle in them."""
    return [
        b"n-1.AAAA",
        b"person/mona/AAAA.ics",
        b"1767225600/AAAA/report.pdf",
        b"e-1/en/AAAA.png",
        b"confirm/" + b"h" * 24,
    ]


def devices() -> list[bytes]:
    """What the responders' app sends."""
    return _spelt({"token": "cPhone0000000000000001:APA91bX"})


def post_mortems() -> list[bytes]:
    """A post-mortem that somebody edited."""
    head = f"<!-- post-mortem i-1 revision 1 -->\n# A title\n{FROM_RECORD}\nfacts\n{END_OF_RECORD}\n"
    return ["".join([head, *(f"## {EN[section]}\n\nWhat we found.\n\n" for section in Section)]).encode()]


def tokens() -> list[bytes]:
    """Bearer tokens: unsigned, signed by nobody, and no token at all."""
    return [b"Bearer eyJhbGciOiJub25lIn0.eyJlbWFpbCI6IngifQ.", b"Bearer a.b.c", b"Basic b21hcjp4"]


def _policy() -> dict[str, Any]:
    return {"policyDelta": {"bindingDeltas": [{"action": "ADD", "role": "roles/owner", "member": "allUsers"}]}}


def _inside(event: samples.Event) -> bytes:
    document = json.loads(event.body)
    return base64.b64decode(document["message"]["data"]) if "message" in document else event.body


def _spelt(*documents: object) -> list[bytes]:
    return [json.dumps(document, ensure_ascii=False).encode() for document in documents]
