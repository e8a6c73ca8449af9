"""Cloud Monitoring incidents with their quirks, budgets, builds, and the door they share."""

from datetime import timedelta

import pytest

from shared.domain.severities import Severity
from shared.domain.signals import SignalKind
from shared.errors import UndecodableError
from shared.inbound.envelopes import Envelope
from shared.inbound.pubsub import parse_incident_topic
from tests.conftest import NIGHT

EPOCH = int(NIGHT.timestamp())


def parsed(payload, **attributes):
    return parse_incident_topic(Envelope("e", "s", "t", NIGHT, payload, attributes), now=NIGHT + timedelta(minutes=1))


def incident(**changes):
    base = {
        "incident_id": "0.a",
        "state": "open",
        "started_at": EPOCH,
        "ended_at": None,
        "summary": "s",
        "condition_name": "c",
    }
    return parsed({"version": "1.2", "incident": {**base, **changes}})


@pytest.mark.parametrize(
    ("state", "kind"), [("open", SignalKind.FIRING), ("OPEN", SignalKind.FIRING), ("closed", SignalKind.RESOLVED)]
)
def test_the_state_decides_in_any_case(state, kind):
    assert incident(state=state).kind is kind


def test_open_and_closed_of_one_incident_share_a_fingerprint():
    assert incident().fingerprint == incident(state="closed", ended_at=EPOCH + 60).fingerprint
    assert incident(state="closed", ended_at=EPOCH + 60).occurred_at.timestamp() == EPOCH + 60


@pytest.mark.parametrize("unknown", [0, None, "null", "", "0"])
def test_an_unknown_time_falls_back_to_the_delivery_s(unknown):
    assert incident(started_at=unknown).occurred_at == NIGHT
    assert incident(state="closed", ended_at=unknown).occurred_at == NIGHT


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"severity": "Critical"}, Severity.CRITICAL),
        ({"severity": "Error"}, Severity.HIGH),
        ({"severity": "WARNING"}, Severity.MEDIUM),
        ({"policy_user_labels": {"severity": "high"}}, Severity.HIGH),
        ({"metadata": {"system_labels": {"severity": "critical"}}}, Severity.CRITICAL),
        ({"severity": "No severity"}, None),
        ({}, None),
    ],
)
def test_severity_is_looked_for_in_three_places(given, expected):
    assert incident(**given).severity is expected


@pytest.mark.parametrize(
    ("given", "alert_type"),
    [
        ({"resource": {"type": "uptime_url", "labels": {"host": "souk.example"}}}, "monitoring.uptime"),
        ({"resource": {"type": "firebasetelemetry.googleapis.com/App"}}, "monitoring.crashlytics_web"),
        ({"condition": {"conditionMatchedLog": {}}}, "monitoring.log_match"),
        ({"condition": {"conditionThreshold": {}}, "documentation": "a bare string"}, "monitoring.threshold"),
        (
            {"documentation": {"content": "x", "mime_type": "text/markdown"}, "scoping_project_number": "12"},
            "monitoring.threshold",
        ),
    ],
)
def test_what_kind_of_incident_it_is(given, alert_type):
    assert incident(**given).alert_type == alert_type


@pytest.mark.parametrize("given", [{"incident_id": ""}, {"state": "paused"}, {"state": None}])
def test_E07_an_incident_without_id_or_state_is_refused(given):
    with pytest.raises(UndecodableError):
        incident(**given)


BUDGET = {
    "budgetDisplayName": "souk",
    "costAmount": 10,
    "costIntervalStart": "2026-03-01T00:00:00Z",
    "budgetAmount": 20,
    "currencyCode": "USD",
}


def test_a_budget_message_without_a_threshold_is_no_alert():
    found = parsed(BUDGET, budgetId="b")
    assert (found.outcome, "without a threshold" in found.reason) == ("ignored", True)


@pytest.mark.parametrize(
    ("given", "alert_type", "severity"),
    [
        ({"alertThresholdExceeded": 0.5}, "budget.threshold", Severity.LOW),
        ({"alertThresholdExceeded": 0.9}, "budget.threshold", Severity.MEDIUM),
        ({"alertThresholdExceeded": "1.0"}, "budget.threshold", Severity.HIGH),
        ({"forecastThresholdExceeded": 1.2}, "budget.forecast", Severity.LOW),
    ],
)
def test_a_budget_s_threshold_decides(given, alert_type, severity):
    found = parsed({**BUDGET, **given}, budgetId="b")
    assert (found.alert_type, found.severity) == (alert_type, severity)


def test_a_repeated_threshold_is_the_same_alert_and_the_next_month_another():
    first = parsed({**BUDGET, "alertThresholdExceeded": 0.5}, budgetId="b")
    again = parsed({**BUDGET, "alertThresholdExceeded": 0.5, "costAmount": 11}, budgetId="b")
    later = parsed({**BUDGET, "alertThresholdExceeded": 0.5, "costIntervalStart": "2026-04-01T00:00:00Z"}, budgetId="b")
    assert first.key == again.key != later.key


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("FAILURE", "build.failed"), ("INTERNAL_ERROR", "build.failed"), ("TIMEOUT", "build.failed"), ("EXPIRED", "build.failed"),
        ("SUCCESS", "recorded"), ("CANCELLED", "recorded"), ("QUEUED", "ignored"), ("WORKING", "ignored"), ("PENDING", "ignored"),
    ],
)  # fmt: skip
def test_only_failed_builds_are_told(status, outcome):
    found = parsed({"id": "1", "projectId": "p", "createTime": "2026-03-10T00:00:00Z", "status": status, "steps": []})
    assert getattr(found, "alert_type", getattr(found, "outcome", "")) == outcome


def test_failed_builds_of_one_trigger_and_branch_are_one_incident_however_the_trigger_is_known():
    def failed(number, **names):
        build = {"id": number, "projectId": "p", "createTime": "2026-03-10T00:00:00Z", "status": "FAILURE"}
        return parsed({**build, "buildTriggerId": "t\x00" * 300, "substitutions": names})

    assert failed("1", TRIGGER_NAME="deploy").fingerprint == failed("2", TRIGGER_NAME="deploy").fingerprint
    assert failed("1", TRIGGER_NAME="deploy").key != failed("2", TRIGGER_NAME="deploy").key
    assert failed("1", BRANCH_NAME="main").fingerprint != failed("1", BRANCH_NAME="next").fingerprint
    trigger = failed("1").labels["trigger"]
    assert (trigger[:3], len(trigger)) == ("ttt", 200)


def test_anything_else_is_refused():
    with pytest.raises(UndecodableError, match="neither"):
        parsed({"hello": 1})
