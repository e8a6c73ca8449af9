"""Sample payloads in the forms production sends: what becomes of each."""

import json
from pathlib import Path

import pytest

from shared.domain.signals import Signal, SignalKind
from shared.errors import UndecodableError
from shared.inbound import envelopes, firebase_alerts, log_entries, pubsub, unwrapped
from tests.conftest import NIGHT

EVENTS = Path(__file__).parents[2] / "events"
PARSERS = {
    unwrapped.FIREBASE: lambda e: firebase_alerts.parse(e, now=NIGHT),
    unwrapped.LOGS: lambda e: log_entries.parse(e, now=NIGHT, own_services="soukmon-"),
    unwrapped.INCIDENTS: lambda e: pubsub.parse_incident_topic(e, now=NIGHT),
}
SIGNALS = {
    "firebase_crash_velocity": ("crashlytics.velocity", "app", "Crash rate is spiking: CheckoutScreen.kt line 112"),
    "firebase_new_crash_arabic": ("crashlytics.newFatalIssue", "app", "New crash: تعذّر حفظ الإعلان — SellCarScreen"),
    "firebase_slow_web_page": ("performance.threshold", "web", "Slow page load https://souk-demo.example/cars: 2.48 s (limit 1.50 s)"),
    "recorded_http_request": ("crashlytics.newAnrIssue", "app", "New ANR (app not responding): ListingsFragment.onResume"),
    "push_request_failed": ("log.request_5xx", "orders-api", "orders-api answers with 503"),
    "log_python_traceback": ("log.error", "price-estimate", "price-estimate: KeyError: 'Fiat 128'"),
    "log_web_crash": ("crashlytics.webError", "web", "Web error: TypeError: Cannot read properties of undefined (reading 'price')"),
    "log_scheduled_run_failed": ("log.scheduler_attempt_failed", "expire-listings", "expire-listings answers with errors (scheduled job expire-listings)"),
    "audit_bucket_made_public": ("security.public_access", "security", "Public access granted: projects/_/buckets/souk-demo-invoices"),
    "incident_open": ("monitoring.uptime", "souk-demo.example", "Uptime check failing: souk-demo.example"),
    "incident_closed_cloud_event": ("monitoring.uptime", "souk-demo.example", "Uptime check failing: souk-demo.example"),
    "budget_legacy_event": ("budget.threshold", "billing", "Budget souk-demo monthly has reached 90%"),
    "build_failed": ("build.failed", "delivery", "Build deploy-web failed on main (FAILURE)"),
}  # fmt: skip
QUIET = {
    "firebase_stability_digest": ("recorded", "0 trending issues"),
    "log_request_slow_but_fine": ("ignored", "answered with 200"),
    "audit_key_denied": ("recorded", "denied"),
    "log_our_own_error": ("ignored", "our own"),
}
REFUSED = {"firebase_unknown_type": "crashlytics.somethingNew", "push_broken": "not JSON"}


def parsed(name):
    request = unwrapped.wrap((EVENTS / f"{name}.json").read_bytes())
    return PARSERS[request.function](envelopes.read(request.headers, request.body))


def test_every_file_is_expected_to_become_something():
    assert {path.stem for path in EVENTS.glob("*.json")} == {*SIGNALS, *QUIET, *REFUSED}


@pytest.mark.parametrize(("name", "expected"), SIGNALS.items(), ids=SIGNALS)
def test_what_somebody_should_know_of_is_a_signal(name, expected):
    found = parsed(name)
    assert isinstance(found, Signal)
    assert (found.alert_type, found.service, found.title) == expected
    assert found.kind is (SignalKind.RESOLVED if "closed" in name else SignalKind.FIRING)


@pytest.mark.parametrize(("name", "expected"), QUIET.items(), ids=QUIET)
def test_what_needs_nobody_says_why(name, expected):
    found = parsed(name)
    assert (found.outcome, expected[1] in found.reason) == (expected[0], True)


@pytest.mark.parametrize(("name", "reason"), REFUSED.items(), ids=REFUSED)
def test_E07_what_nobody_can_read_is_refused_with_its_reason(name, reason):
    with pytest.raises(UndecodableError, match=reason):
        parsed(name)


def test_an_incident_opens_and_closes_under_one_fingerprint():
    assert parsed("incident_open").fingerprint == parsed("incident_closed_cloud_event").fingerprint


def test_a_recorded_request_keeps_no_length_of_its_old_body():
    raw = (EVENTS / "recorded_http_request.json").read_bytes()
    request = unwrapped.wrap(raw)
    assert "content-length" not in {name.lower() for name in request.headers}
    assert json.loads(request.body) == json.loads(raw)["body"]


def test_a_log_entry_is_as_old_as_itself_and_not_as_its_delivery():
    request = unwrapped.wrap((EVENTS / "push_request_failed.json").read_bytes())
    assert request.at == parsed("push_request_failed").occurred_at == NIGHT.replace(microsecond=123456)
