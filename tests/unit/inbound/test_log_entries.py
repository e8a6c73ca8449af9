"""Log entries: by status, by resource, by content; our own never."""

import pytest

from infra.local import samples
from shared.domain.severities import Severity
from shared.domain.signals import NotASignal, Signal
from shared.errors import UndecodableError
from shared.inbound.crash_entries import first_app_frame
from shared.inbound.envelopes import Envelope
from shared.inbound.log_entries import parse
from shared.inbound.services import service_of_url
from tests.conftest import NIGHT

RUN = {"type": "cloud_run_revision", "labels": {"service_name": "orders-api", "revision_name": "orders-api-1"}}
WEB = {"type": "firebasetelemetry.googleapis.com/App", "labels": {"app_id": samples.WEB}}


def parsed(entry, own="soukmon-"):
    return parse(Envelope("e", "s", "t", NIGHT, entry), now=NIGHT, own_services=own)


def request(status, *, severity="INFO", **labels):
    url = "https://orders-api-1.europe-west1.run.app/v1/orders/981273?x=1"
    return {
        "severity": severity,
        "resource": RUN,
        "labels": labels,
        "httpRequest": {"status": status, "requestUrl": url, "latency": "0.4s"},
    }


@pytest.mark.parametrize(
    ("status", "is_signal"), [(200, False), (404, False), (499, False), (500, True), ("503", True)]
)
@pytest.mark.parametrize("severity", ["INFO", "ERROR", "DEFAULT"])
def test_requests_are_judged_by_status_and_never_by_severity(status, is_signal, severity):
    assert isinstance(parsed(request(status, severity=severity)), Signal) is is_signal


def test_a_path_keeps_its_names_and_loses_its_ids():
    assert parsed(request(500)).values["path"] == "/v1/orders/*"


def test_one_failure_seen_by_the_service_and_by_the_scheduler_is_one_incident():
    seen = parsed(request(500, **{"goog-drz-cloudfunctions-id": "run_signal"}))
    attempt = {
        "severity": "ERROR",
        "resource": {"type": "cloud_scheduler_job", "labels": {"job_id": "j"}},
        "jsonPayload": {
            "@type": "type.googleapis.com/google.cloud.scheduler.logging.AttemptFinished",
            "status": "INTERNAL",
            "jobName": "projects/p/locations/l/jobs/j",
            "url": "https://europe-west1-p.cloudfunctions.net/run_signal",
        },
    }
    assert parsed(attempt).alert_type == "log.scheduler_attempt_failed"
    assert parsed(attempt).fingerprint == seen.fingerprint


@pytest.mark.parametrize(
    ("url", "service"),
    [
        ("https://europe-west1-p.cloudfunctions.net/send_mail/x", "send-mail"),
        ("https://orders-api-4hdl2k3jqa-ew.a.run.app/", "orders-api"),
        ("https://orders-api-402938475610.europe-west1.run.app/", "orders-api"),
        ("https://souk.example/x", "souk.example"),
        ("http://[broken", ""),
        ("https://souk\x01.example/x", "souk.example"),
        ("", ""),
    ],
)
def test_the_service_behind_an_address(url, service):
    assert service_of_url(url) == service


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Function execution took 540141 ms. Finished with status: timeout", "log.function_timeout"),
        ("Function execution took 12 ms, finished with status: 'crash'", "log.function_crash"),
    ],
)
def test_a_first_generation_function_that_ended_badly_counts_even_at_debug(text, kind):
    entry = {
        "severity": "DEBUG",
        "resource": {"type": "cloud_function", "labels": {"function_name": "pay"}},
        "textPayload": text,
    }
    assert (parsed(entry).alert_type, parsed(entry).service) == (kind, "pay")


def web(stack="", message="boom 17", groups=None, **extra):
    payload = {"exception.type": "TypeError", "exception.message": message, "exception.stacktrace": stack}
    return {"severity": "ERROR", "resource": WEB, "jsonPayload": payload, "errorGroups": groups or [], **extra}


def test_web_crashes_are_identified_by_error_group_else_by_type_and_first_own_frame():
    stack = "TypeError: x\n    at f (https://www.gstatic.com/firebase.js:1:1)\n    at pay (https://souk.example/app.js:10:20)"
    moved = stack.replace(":10:20", ":11:5")
    assert parsed(web(stack)).fingerprint == parsed(web(moved, message="other")).fingerprint
    assert parsed(web(stack)).fingerprint != parsed(web(stack.replace("pay", "sell"))).fingerprint
    assert (
        parsed(web(stack, groups=[{"id": "g"}])).fingerprint == parsed(web("", "y", groups=[{"id": "g"}])).fingerprint
    )
    assert parsed(web(message="boom 17")).fingerprint == parsed(web(message="boom 18")).fingerprint
    assert first_app_frame(stack) == "at pay (https://souk.example/app.js)"


def test_a_web_error_without_exception_keys_is_a_signal_too():
    entry = {"severity": "ERROR", "resource": WEB, "jsonPayload": {"message": "just text"}}
    assert (parsed(entry).alert_type, "just text" in parsed(entry).title) == ("crashlytics.webError", True)
    assert isinstance(parsed({**entry, "severity": "INFO"}), NotASignal)


def test_a_mobile_crash_in_the_log_is_known_by_its_issue():
    entry = {"logName": "projects/p/logs/firebasecrashlytics.googleapis.com%2Fevents", "severity": "ERROR", "resource": {},
             "jsonPayload": {"issue": {"id": "i9", "title": "Sell.kt"}, "errorType": "FATAL"}}  # fmt: skip
    assert (parsed(entry).alert_type, parsed(entry).labels["issue_id"]) == ("crashlytics.logged", "i9")


def test_ordinary_errors_are_grouped_without_their_numbers_and_severe_ones_are_high():
    def error(message, severity="ERROR"):
        return parsed({"severity": severity, "resource": RUN, "jsonPayload": {"message": message}})

    assert error("order 17 failed for 0xdeadbeef").fingerprint == error("order 18 failed for 0xcafe").fingerprint
    assert error("x").fingerprint != error("y").fingerprint
    assert (error("x").severity, error("x", "EMERGENCY").severity) == (None, Severity.HIGH)


@pytest.mark.parametrize("severity", ["DEBUG", "INFO", "NOTICE", "WARNING", "DEFAULT", None])
def test_below_error_nobody_is_told(severity):
    found = parsed({"severity": severity, "resource": RUN, "textPayload": "hello"})
    assert found.outcome == "ignored"


@pytest.mark.parametrize(
    "entry",
    [
        {"severity": "ERROR", "resource": {"type": "x"}, "jsonPayload": {"origin": "soukmon", "message": "x"}},
        {
            **request(500),
            "resource": {"type": "cloud_run_revision", "labels": {"service_name": "soukmon-send-notification"}},
        },
        {**request(500), "labels": {"goog-drz-cloudfunctions-id": "soukmon_handle_signal"}},
    ],
)
def test_E13_our_own_entries_are_left_out(entry):
    found = parsed(entry)
    assert (found.outcome, "our own" in found.reason) == ("ignored", True)


def test_E13_who_changes_our_own_functions_is_seen_all_the_same():
    tampering = {
        "resource": {"type": "cloud_function", "labels": {"function_name": "soukmon_send_notification"}},
        "protoPayload": {
            "serviceName": "cloudfunctions.googleapis.com",
            "methodName": "google.cloud.functions.v2.FunctionService.UpdateFunction",
            "authorizationInfo": [{"permission": "cloudfunctions.functions.update", "granted": True}],
        },
    }
    assert parsed(tampering).alert_type == "security.function_changed"


@pytest.mark.parametrize("payload", [{"foo": "bar"}, [], None, "text", 3])
def test_what_is_no_log_entry_is_refused(payload):
    with pytest.raises(UndecodableError, match="not a log entry"):
        parsed(payload)
