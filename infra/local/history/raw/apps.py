"""Sessions of the Android app as rows of the Crashlytics, sessions and performance exports."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from infra.local.history.plan import Plan
from infra.local.history.raw.tables import APP, APP_SESSIONS, CRASHES, CRASHES_NOW, PERFORMANCE, Named, Row
from infra.local.history.spans import stamp
from infra.local.history.visits import Visit

VERSION = {"build_version": "320", "display_version": "3.2.0"}
SYSTEM = {"display_version": "14", "name": "Android", "device_type": "MOBILE"}
DEVICE = {"manufacturer": "samsung", "model": "SM-A155F"}
REPORTED_AFTER = 7.0
TWICE = 10  # one crash in so many is reported twice
ISSUES = (
    ("gen-a1", "CheckoutViewModel.kt line 88", "java.lang.NullPointerException"),
    ("gen-b2", "ListingPhotos.kt line 41", "java.lang.OutOfMemoryError"),
    ("gen-c3", "ChatSocket.kt line 130", "java.lang.IllegalStateException"),
)


def app_rows(plan: Plan, visit: Visit) -> Iterator[tuple[float, Named]]:
    """The rows of one session of the app, each with its instant; none of a session on the web."""
    if not visit.is_app:
        return
    yield visit.at, (APP_SESSIONS, _session(visit))
    yield visit.at, (PERFORMANCE, _app_start(visit))
    for number, page in enumerate(visit.pages):
        yield page.at, (PERFORMANCE, _network(visit, page.at, number))
    for table in _crash_tables(plan, visit) if visit.crash else ():
        yield visit.crash, (table, _crash(visit))


def _crash_tables(plan: Plan, visit: Visit) -> list[str]:
    """Streamed at once; the daily table follows when its UTC day is over, so that both hold the crash."""
    day = datetime.fromtimestamp(visit.crash, UTC).date() + timedelta(days=1)
    complete = datetime.combine(day, time(), UTC) <= plan.end
    copies = 2 if visit.session % TWICE == 0 else 1
    return [CRASHES_NOW] * copies + ([CRASHES] if complete else [])


def _session(visit: Visit) -> Row:
    return {
        "instance_id": visit.user,
        "session_id": visit.name,
        "first_session_id": visit.name,
        "session_index": 0,
        "event_type": "SESSION_START",
        "event_timestamp": stamp(visit.at),
        "received_timestamp": stamp(visit.at + REPORTED_AFTER),
        "performance_data_collection_enabled": True,
        "crashlytics_data_collection_enabled": True,
        "application": VERSION,
        "device": DEVICE,
        "operating_system": SYSTEM,
    }


def _crash(visit: Visit) -> Row:
    issue, title, subtitle = ISSUES[visit.session % len(ISSUES)]
    return {
        "platform": "ANDROID",
        "bundle_identifier": APP,
        "event_id": f"{visit.name}-crash",
        "is_fatal": True,
        "error_type": "FATAL",
        "issue_id": issue,
        "issue_title": title,
        "issue_subtitle": subtitle,
        "variant_id": f"{issue}-1",
        "event_timestamp": stamp(visit.crash),
        "received_timestamp": stamp(visit.crash + REPORTED_AFTER),
        "device": {**DEVICE, "architecture": "ARM64"},
        "operating_system": {**SYSTEM, "modification_state": "UNMODIFIED"},
        "application": VERSION,
        "custom_keys": [{"key": "generated", "value": "true"}],
        "installation_uuid": visit.user,
        "firebase_session_id": visit.name,
        "process_state": "FOREGROUND",
    }


def _traced(visit: Visit, at: float, event_type: str, name: str) -> Row:
    return {
        "event_timestamp": stamp(at),
        "app_display_version": VERSION["display_version"],
        "app_build_version": VERSION["build_version"],
        "os_version": SYSTEM["display_version"],
        "device_name": DEVICE["model"],
        "country": "EG",
        "radio_type": "WIFI" if visit.session % 2 else "LTE",
        "custom_attributes": [{"key": "generated", "value": "true"}],
        "event_type": event_type,
        "event_name": name,
    }


def _app_start(visit: Visit) -> Row:
    took = 900_000 + visit.session * 7_919 % 1_400_000
    return {**_traced(visit, visit.at, "DURATION_TRACE", "_app_start"), "trace_info": {"duration_us": took}}


def _network(visit: Visit, at: float, number: int) -> Row:
    took = visit.request_us(number)
    info = {
        "response_code": 200,
        "response_mime_type": "application/json",
        "request_http_method": "GET",
        "request_payload_bytes": 0,
        "response_payload_bytes": 5_120,
        "request_completed_time_us": 2_000,
        "response_initiated_time_us": took - 5_000,
        "response_completed_time_us": took,
    }
    return {**_traced(visit, at, "NETWORK_REQUEST", "api.generated.example/v1/listings/*"), "network_info": info}
