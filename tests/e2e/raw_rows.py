"""Raw rows as the exports and log sinks write them: a few of each, of tests' own making."""

from datetime import timedelta
from zoneinfo import ZoneInfo

CAIRO = ZoneInfo("Africa/Cairo")
REQUESTS = "request_logs.run_googleapis_com_requests"
ANALYTICS = "analytics_313131313.events_intraday_"
PHONE = "Mozilla/5.0 (Linux; Android 15) Mobile"


def request(at, number, *, service="web", method="GET", path="/", status=200, seconds=0.08):
    """One entry of the request log; every number is another client."""
    stamp = at.isoformat()
    return (
        REQUESTS,
        {
            "timestamp": stamp,
            "receiveTimestamp": (at + timedelta(seconds=1)).isoformat(),
            "insertId": f"{service}-{stamp}-{number}",
            "severity": "INFO",
            "resource": {
                "type": "cloud_run_revision",
                "labels": {"service_name": service, "revision_name": f"{service}-00007-xyz", "location": "me-central1"},
            },
            "httpRequest": {
                "requestMethod": method,
                "requestUrl": f"https://{service}.souk.example{path}",
                "status": status,
                "userAgent": PHONE,
                "remoteIp": f"192.0.2.{number}",
                "latency": seconds,
                "protocol": "HTTP/2",
            },
        },
    )


def requests(until, count, *, bad=0, bad_status=503, bad_seconds=0.08, minutes=2, **of):
    """`count` requests spread over the `minutes` before `until`; the first `bad` of them with that status and time."""
    step = timedelta(minutes=minutes) / count
    return [
        request(
            until - step * (n + 0.5),
            n,
            status=bad_status if n < bad else 200,
            seconds=bad_seconds if n < bad else 0.08,
            **of,
        )
        for n in range(count)
    ]


def event(at, name, number, *, bundle=0, **parameters):
    """One event of Google Analytics, in the table of its Cairo day; every number is a visitor with one session."""
    day = at.astimezone(CAIRO).strftime("%Y%m%d")
    session = {"ga_session_id": int(at.timestamp()) // 86_400 * 1_000 + number}
    row = {
        "event_date": day,
        "event_timestamp": int(at.timestamp() * 1_000_000),
        "event_name": name,
        "event_bundle_sequence_id": bundle,
        "user_pseudo_id": f"visitor.{number}",
        "platform": "WEB",
        "geo": {"country": "Egypt", "region": "Cairo Governorate"},
        "event_params": [_parameter(key, value) for key, value in {**session, **parameters}.items()],
    }
    return ANALYTICS + day, row


def paints(until, count, *, milliseconds, minutes=20):
    """First paints of `count` pages, spread over the `minutes` before `until`."""
    step = timedelta(minutes=minutes) / count
    return [
        event(until - step * (n + 0.5), "FCP", n, metric_id=f"v5-{until:%d%H%M}-{n}", metric_value=milliseconds)
        for n in range(count)
    ]


def checkouts(start, count, *, bought, minutes=20, first=0):
    """`count` visits that begin a checkout within `minutes` of `start`; the first `bought` of them also pay."""
    step, rows = timedelta(minutes=minutes) / count, []
    for n in range(count):
        at, visitor = start + step * n, first + n
        rows += [
            event(at, "session_start", visitor),
            event(at, "user_engagement", visitor, bundle=1, engagement_time_msec=240_000),
            event(at, "begin_checkout", visitor, bundle=1),
        ]
        if n < bought:
            paid = event(at + timedelta(seconds=5), "purchase", visitor, bundle=2, transaction_id=f"T{visitor}")
            paid[1]["ecommerce"] = {"transaction_id": f"T{visitor}", "purchase_revenue": 950.0}
            rows.append(paid)
    return rows


def visits(start, count, *, seconds, minutes=20, first=0):
    """`count` visits that begin within `minutes` of `start`, each engaged for so many seconds."""
    step, rows = timedelta(minutes=minutes) / count, []
    for n in range(count):
        at, visitor = start + step * n, first + n
        rows += [
            event(at, "session_start", visitor),
            event(
                at + timedelta(seconds=30), "user_engagement", visitor, bundle=1, engagement_time_msec=1000 * seconds
            ),
        ]
    return rows


def _parameter(key, value):
    kind = {str: "string_value", int: "int_value", float: "double_value"}[type(value)]
    return {"key": key, "value": {kind: value}}
