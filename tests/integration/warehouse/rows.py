"""Raw rows as the exports write them, as short as their use allows."""

from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

DAY = datetime(2026, 11, 10, tzinfo=UTC)
CAIRO = ZoneInfo("Africa/Cairo")
REQUESTS = "request_logs.run_googleapis_com_requests"
WEB_ERRORS = "request_logs.firebasetelemetry_googleapis_com_events"
EVENTS = "analytics_313131313.events_"
INTRADAY = "analytics_313131313.events_intraday_"
CRASHES = "firebase_crashlytics.com_soukelsayarat_app_ANDROID"
CRASHES_NOW = "firebase_crashlytics.com_soukelsayarat_app_ANDROID_REALTIME"
SESSIONS = "firebase_sessions.com_soukelsayarat_app_ANDROID"
PERFORMANCE = "firebase_performance.com_soukelsayarat_app_ANDROID"
PROBES = "soukmon.probe_results"
MEASUREMENTS = "soukmon.measurements"
CHECKER = "GoogleStackdriverMonitoring-UptimeChecks(https://cloud.google.com/monitoring)"

_numbers = count(1)


def at(text, day=DAY):
    """The instant of the day, "12:05" or "12:05:30" (UTC)."""
    hours, minutes, *seconds = (int(part) for part in text.split(":"))
    return day + timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)


def stamp(moment):
    return moment.isoformat().replace("+00:00", "Z")


def request(  # noqa: PLR0913 - what a row can hold
    moment,
    status=200,
    *,
    service="web",
    client="203.0.113.7",
    method="GET",
    path="/",
    seconds=0.1,
    agent="Mozilla/5.0",
    name=None,
):
    return REQUESTS, {
        "timestamp": stamp(moment),
        "receiveTimestamp": stamp(moment + timedelta(seconds=1)),
        "insertId": name or f"entry-{next(_numbers)}",
        "severity": "INFO",
        "resource": {"type": "cloud_run_revision", "labels": {"service_name": service}},
        "httpRequest": {
            "requestMethod": method,
            "requestUrl": f"https://{service}.souk.example{path}",
            "status": status,
            "userAgent": agent,
            "remoteIp": client,
            "latency": seconds,
        },
    }


def order(moment, status=201, **more):
    return request(moment, status, service="orders-api", method="POST", path="/v1/orders?source=app", **more)


def parameter(key, value):
    kind = "string_value" if isinstance(value, str) else "int_value" if isinstance(value, int) else "double_value"
    return {"key": key, "value": {kind: value}}


def event(
    name,
    moment,
    *,
    visitor="v1",
    session=1,
    table=EVENTS,
    country="Egypt",
    region="Cairo Governorate",
    ecommerce=None,
    **parameters,
):
    """An analytics event, in the table of its Cairo day."""
    named = {"ga_session_id": session, **parameters} if session is not None else parameters
    row = {
        "event_date": f"{moment.astimezone(CAIRO):%Y%m%d}",
        "event_timestamp": round(moment.timestamp() * 1_000_000),
        "event_name": name,
        "event_params": [parameter(key, value) for key, value in named.items()],
        "event_bundle_sequence_id": next(_numbers),
        "user_pseudo_id": visitor,
        "platform": "WEB",
        "geo": {"country": country, "region": region},
    }
    return f"{table}{moment.astimezone(CAIRO):%Y%m%d}", row | ({"ecommerce": ecommerce} if ecommerce else {})


def purchase(moment, number, revenue=100.0, *, usd=None, **more):
    paid = {"transaction_id": number, "purchase_revenue": revenue, "purchase_revenue_in_usd": usd}
    return event("purchase", moment, ecommerce=paid, currency="EGP", **more)


def crash(
    moment,
    *,
    table=CRASHES,
    session="s1",
    installation="u1",
    error_type="FATAL",
    name=None,
    issue="a1",
    version="2.4.1",
):
    """`is_fatal` says the opposite on purpose: it is deprecated and must not be read."""
    return table, {
        "platform": "ANDROID",
        "event_id": name or f"crash-{next(_numbers)}",
        "is_fatal": error_type != "FATAL",
        "error_type": error_type,
        "issue_id": issue,
        "variant_id": "v1",
        "event_timestamp": stamp(moment),
        "received_timestamp": stamp(moment + timedelta(seconds=7)),
        "application": {"display_version": version},
        "installation_uuid": installation,
        "firebase_session_id": session,
    }


def app_session(moment, name, instance="u1"):
    return SESSIONS, {
        "instance_id": instance,
        "session_id": name,
        "event_type": "SESSION_START",
        "event_timestamp": stamp(moment),
        "received_timestamp": stamp(moment + timedelta(seconds=7)),
        "application": {"display_version": "2.4.1"},
        "operating_system": {"name": "Android"},
    }


def web_error(moment, *, installation="w1", session="ws1", severity="ERROR", name=None, group="g1"):
    return WEB_ERRORS, {
        "timestamp": stamp(moment),
        "receiveTimestamp": stamp(moment + timedelta(seconds=1)),
        "insertId": name or f"entry-{next(_numbers)}",
        "severity": severity,
        "labels": {"app_installation_id": installation, "session_id": session},
        "resource": {"type": "firebasetelemetry.googleapis.com/App", "labels": {"app_version": "3.4.1"}},
        "jsonPayload": {"exception_type": "TypeError", "exception_message": "x is undefined"},
        "errorGroups": [{"id": group}],
    }


def probe(moment, ok=True, *, target="web", place="here", milliseconds=120.0):
    return PROBES, {
        "probed_at": stamp(moment),
        "target": target,
        "place": place,
        "ok": ok,
        "reason": "" if ok else "timeout",
        "latency_ms": milliseconds,
    }


def measurement(moment, metric, value, *, name=None, **labels):
    return MEASUREMENTS, {
        "event_id": name or f"measurement-{next(_numbers)}",
        "metric": metric,
        "measured_at": stamp(moment),
        "received_at": stamp(moment + timedelta(seconds=2)),
        "value": value,
        "unit": "bytes",
        "labels": [{"key": key, "value": text} for key, text in labels.items()],
    }
