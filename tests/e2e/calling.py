"""How each function is called, in every way its callers know, and what it answers; and how one is started alone."""

import json
import socket
import threading
from datetime import UTC, datetime

import requests

from infra.local import samples

SIGNAL = {
    "event_id": "e1", "fingerprint": "f1", "key": "k1", "alert_type": "crashlytics.velocity", "source": "firebase",
    "service": "app", "title": "Crash", "occurred_at": "2026-03-10T00:00:00Z", "received_at": "2026-03-10T00:00:00Z",
}  # fmt: skip


# Jobs that are due look outside; here they find nobody there.
NOWHERE = dict.fromkeys(("OSV_API_URL", "PYPI_URL", "GITHUB_API_URL", "GOOGLE_APIS_URL"), "http://127.0.0.1:9")

# What is published to the readers of our own topics, good and bad.
PUBLISHED = {
    "handle_signal": (SIGNAL, {"not": "a signal"}),
    "send_notification": ({"notification": "unknown"},),
    "evaluate_touched_rules": ({"metrics": ["error_rate"]}, {"no": "metrics"}),
    "run_rollback": ({"window": "unknown"}, {"no": "order"}),
    "redrive_dead_letter": ({"letter": "unknown"},),
    "advance_procedure": ({"run": "unknown"}, {"no": "run"}),
    "assess_impact": ({"not": "a signal"},),
    "diagnose_incident": ({"not": "an order"},),
    "mail_subscribers": ({"post": "unknown"}, {"update": "no number"}),
    "publish_status_changes": ({"cause": "a test"},),
    "contain_breach": ({"containment": "unknown"}, {"not": "a measure"}),
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_up(port, process):
    """Ask until the framework answers; the wait between two questions is an event nobody sets."""
    pause = threading.Event()
    for _ in range(400):
        if process.poll() is not None:
            return False
        try:
            requests.get(f"http://127.0.0.1:{port}/robots.txt", timeout=5)
        except requests.ConnectionError:
            pause.wait(0.05)
        else:
            return True
    return False


def requests_for(name):
    """(body, headers, method, path, expected status) for each way the function is called."""
    now = datetime.now(UTC)
    cloud = {"content-type": "application/cloudevents+json"}
    if name == "receive_firebase_alert":
        event = samples.crash(now, "newFatalIssue", issue="1", title="A.kt line 1")
        attributes = {k[3:]: v for k, v in event.headers.items() if k.startswith("ce-")}
        structured = json.dumps({**attributes, "data": json.loads(event.body)}).encode()
        emulator = structured.replace(b'"specversion"', b'"specVersion"')
        return [(event.body, event.headers), (structured, cloud), (emulator, cloud), (b"{no", cloud)]
    if name in {"receive_log_entry", "receive_monitoring_incident"}:
        event = samples.request_log(now, "orders", 500) if name == "receive_log_entry" else samples.budget(now)
        message = json.loads(event.body)["message"]
        kind = "google.cloud.pubsub.topic.v1.messagePublished"
        structured = {"specversion": "1.0", "id": "1", "type": kind, "source": "//pubsub", "data": {"message": message}}
        legacy = {"context": {"eventId": "1", "timestamp": samples.stamp(now), "eventType": "x"}, "data": message}
        bodies = [event.body, json.dumps(structured).encode(), json.dumps(legacy).encode(), b"nothing"]
        return [(body, event.headers) for body in bodies]
    if name in PUBLISHED:
        events = [samples.published(now, data, name) for data in PUBLISHED[name]]
        return [(event.body, event.headers) for event in events]
    return [(b"{}", {"content-type": "application/json", "X-CloudScheduler": "true"})]


REFUSING = {
    "receive_slack_action": {401},
    "receive_twilio_callback": {401},
    "answer_call": {401},
    "receive_sms": {401},
    "acknowledge": {401},
    "serve_chart": {405},
    "serve_report": {405},
    "serve_calendar": {405},
    "serve_dashboard": {401},
    "register_device": {401},
    "unsubscribe": {401},
    "receive_measurement": {400},
    "receive_support_request": {401},
    "receive_probe": {401},
    "manage_subscriptions": {400},
}
