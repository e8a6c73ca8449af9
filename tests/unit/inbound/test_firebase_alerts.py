"""Firebase alerts of every type, with the quirks of production."""

import pytest

from infra.local import samples
from shared.domain.signals import NotASignal, Signal
from shared.errors import UndecodableError
from shared.inbound.envelopes import Envelope
from shared.inbound.firebase_alerts import parse
from tests.conftest import NIGHT

ANDROID, WEB = samples.ANDROID, samples.WEB
ISSUE = {"id": "a1", "title": "Checkout.kt line 88", "subtitle": "NullPointerException", "appVersion": "3.2 (320)"}


def alert(alert_type, payload, *, app=ANDROID, **data):
    attributes = {"alerttype": alert_type, **({"appid": app} if app else {})}
    return Envelope(
        "e1",
        "firebase",
        "published",
        NIGHT,
        {"createTime": "2026-03-10T00:09:59.5Z", "payload": payload, **data},
        attributes,
    )


def parsed(alert_type, payload, **options):
    return parse(alert(alert_type, payload, **options), now=NIGHT)


@pytest.mark.parametrize(
    ("alert_type", "payload", "words"),
    [
        ("crashlytics.newFatalIssue", {"issue": ISSUE}, "New crash"),
        ("crashlytics.newNonfatalIssue", {"issue": ISSUE}, "non-fatal"),
        ("crashlytics.newAnrIssue", {"issue": ISSUE}, "ANR"),
        (
            "crashlytics.regression",
            {"issue": ISSUE, "type": "fatal", "resolveTime": "2026-01-01T00:00:00Z"},
            "regression",
        ),
        ("crashlytics.velocity", {"issue": ISSUE, "crashCount": "132", "crashPercentage": 12.4}, "spiking"),
        ("performance.threshold", {"eventName": "checkout", "violationValue": 2, "violationUnit": "seconds"}, "Slow"),
        ("billing.planAutomatedUpdate", {"billingPlan": "spark", "notificationType": "downgrade"}, "billing plan"),
    ],
)
def test_what_somebody_should_know_becomes_a_signal(alert_type, payload, words):
    signal = parsed(alert_type, payload)
    assert isinstance(signal, Signal)
    assert (signal.alert_type, words in signal.title) == (alert_type, True)


@pytest.mark.parametrize(
    ("alert_type", "payload"),
    [
        ("crashlytics.stabilityDigest", {"digestDate": {"year": 2026, "month": 3, "day": 9}, "trendingIssues": []}),
        (
            "crashlytics.stabilityDigest",
            {"digestDate": {"seconds": "1773000000", "nanos": 0}, "trendingIssues": [{"issue": {"id": ""}}]},
        ),
        ("crashlytics.stabilityDigest", {"digestDate": "2026-03-09T00:00:00Z"}),
        ("billing.planUpdate", {"billingPlan": "blaze", "principalEmail": "x@y.example"}),
        ("appDistribution.newTesterIosDevice", {"testerName": "T"}),
        ("appDistribution.inAppFeedback", {"text": "fine"}),
    ],
)
def test_summaries_and_news_are_recorded(alert_type, payload):
    found = parsed(alert_type, payload, app="")
    assert isinstance(found, NotASignal)
    assert found.outcome == "recorded"


def test_E02_one_issue_is_one_incident_and_its_meaning_tells_types_and_versions_apart():
    fatal = parsed("crashlytics.newFatalIssue", {"issue": ISSUE})
    velocity = parsed("crashlytics.velocity", {"issue": ISSUE, "crashCount": 1})
    newer = parsed("crashlytics.velocity", {"issue": {**ISSUE, "appVersion": "3.3"}})
    other = parsed("crashlytics.velocity", {"issue": ISSUE}, app="1:1:ios:9")
    assert fatal.fingerprint == velocity.fingerprint == newer.fingerprint != other.fingerprint
    assert len({fatal.key, velocity.key, newer.key}) == 3


def test_E35_the_app_version_is_a_value_and_no_label():
    older, newer = (
        parsed("crashlytics.velocity", {"issue": {**ISSUE, "appVersion": version}}) for version in ("3.2", "3.3")
    )
    assert (older.fingerprint, older.labels) == (newer.fingerprint, newer.labels)
    assert [signal.values["app_version"] for signal in (older, newer)] == ["3.2", "3.3"]


def test_E12_a_web_event_without_version_with_percentile_zero_and_counts_as_text_is_parsed():
    payload = {
        "eventName": "https://souk.example/listings",
        "eventType": "page_load",
        "metricType": "first contentful paint",
        "numSamples": "200",
        "thresholdValue": 1.5,
        "thresholdUnit": "seconds",
        "conditionPercentile": 0,
        "violationValue": 2310,
        "violationUnit": "ms",
        "investigateUri": "javascript:alert(1)",
    }
    signal = parsed("performance.threshold", payload, app=WEB)
    assert "2.31 s (limit 1.50 s)" in signal.title
    assert (signal.service, signal.values["samples"], "percentile" in signal.values) == ("web", "200", False)
    assert (signal.links, "app_version" in signal.values) == ({}, False)


@pytest.mark.parametrize(
    ("count", "expected"), [("132", "132"), (132, "132"), (132.0, "132"), ("many", None), (None, None)]
)
def test_int64_comes_as_text_or_number(count, expected):
    assert parsed("crashlytics.velocity", {"issue": ISSUE, "crashCount": count}).values.get("crash_count") == expected


@pytest.mark.parametrize(
    "data", [{"endTime": None}, {}, {"createTime": None}, {"createTime": {"seconds": "1773101400"}}]
)
def test_absent_and_odd_times_are_tolerated(data):
    assert parsed("crashlytics.newFatalIssue", {"issue": ISSUE}, **data).occurred_at.tzinfo is not None


def test_E11_unknown_fields_are_tolerated_and_an_unknown_type_is_refused_by_name():
    assert parsed("crashlytics.newFatalIssue", {"issue": {**ISSUE, "new": 1}, "newer": []}, extra={"x": 1})
    with pytest.raises(UndecodableError, match=r"unknown Firebase alert type crashlytics\.missingSymbol"):
        parsed("crashlytics.missingSymbol", {"uuid": "1"})


def test_a_type_that_is_missing_is_read_from_the_payload():
    kind = "type.googleapis.com/google.events.firebase.firebasealerts.v1.CrashlyticsNewFatalIssuePayload"
    assert parsed("", {"@type": kind, "issue": ISSUE}).alert_type == "crashlytics.newFatalIssue"


@pytest.mark.parametrize("payload", [None, [], "x"])
def test_E07_a_missing_payload_is_refused(payload):
    with pytest.raises(UndecodableError, match="without a payload"):
        parsed("crashlytics.velocity", payload)


def test_E89_titles_keep_arabic_and_lose_personal_data_control_characters_and_length():
    title = "فشل الدفع \x00\n‎ call +201001234567 " + "x" * 500
    signal = parsed("crashlytics.newFatalIssue", {"issue": {**ISSUE, "title": title}})
    assert "فشل الدفع" in signal.title
    assert "1001234567" not in signal.title
    assert "\x00" not in signal.title
    assert len(signal.title) <= 200
