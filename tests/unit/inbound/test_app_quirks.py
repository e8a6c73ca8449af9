"""What apps send that differs from build to build, or sounds worse than it is."""

import pytest

from shared.domain.signals import NotASignal, Signal
from shared.inbound.crash_entries import first_app_frame
from shared.inbound.envelopes import Envelope
from shared.inbound.firebase_alerts import parse as parse_alert
from shared.inbound.log_entries import parse as parse_entry
from tests.conftest import NIGHT


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ("at pay (https://souk.example/assets/index-BkQx8f2a.js:10:20)", "at pay (https://souk.example/assets/index-*.js)"),
        ("at pay (https://souk.example/main.3fa21c9b77.chunk.js:1:2)", "at pay (https://souk.example/main.*.chunk.js)"),
        ("pay@https://souk.example/assets/index-9c41ba77.mjs:10:20", "pay@https://souk.example/assets/index-*.mjs"),
        ("at pay (https://souk.example/assets/checkout.js:10:20)", "at pay (https://souk.example/assets/checkout.js)"),
        ("at pay (https://souk.example/assets/checkout-page.js:1:2)", "at pay (https://souk.example/assets/checkout-page.js)"),
        ("nothing like a frame", ""),
    ],
)  # fmt: skip
def test_a_frame_loses_position_and_bundle_hash_and_keeps_its_names(frame, expected):
    assert first_app_frame(f"TypeError: x\n    {frame}") == expected


@pytest.mark.parametrize(
    ("kind", "expected"), [("FATAL", Signal), ("ANR", Signal), (None, Signal), ("NON_FATAL", NotASignal)]
)
def test_one_more_occurrence_of_a_non_fatal_error_is_only_recorded(kind, expected):
    entry = {
        "logName": "projects/p/logs/firebasecrashlytics.googleapis.com%2Fevents",
        "severity": "ERROR",
        "resource": {},
        "jsonPayload": {"issue": {"id": "i9", "title": "Sell.kt"}, "errorType": kind},
    }
    assert isinstance(parse_entry(Envelope("e", "s", "t", NIGHT, entry), now=NIGHT, own_services=""), expected)


@pytest.mark.parametrize(
    ("unit", "start"), [("seconds", "Slow network request"), ("percent", "Out of bounds: network request")]
)
def test_only_times_are_called_slow(unit, start):
    payload = {"eventName": "api/*", "eventType": "network_request", "violationValue": 93, "violationUnit": unit}
    envelope = Envelope("e", "s", "t", NIGHT, {"payload": payload}, {"alerttype": "performance.threshold"})
    assert parse_alert(envelope, now=NIGHT).title.startswith(start)
