"""Request log entries as the log sink writes them: now and then one comes twice, and uptime checks come as well."""

from collections.abc import Iterator
from datetime import datetime

from infra.local.history.plan import Kind, Plan
from infra.local.history.raw.tables import HOST, PROJECT, REQUESTS, Named, Row
from infra.local.history.requests import LISTINGS, ORDERS, WEB, Request, requests_in
from infra.local.history.spans import stamp

CHECKER = "GoogleStackdriverMonitoring-UptimeChecks(https://cloud.google.com/monitoring)"
PHONE = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile Safari/537.36"  # noqa: E501
CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
ORDER_PATH = "/v1/orders"
PATHS = {WEB: "/listings/toyota-corolla", LISTINGS: "/v1/listings", ORDERS: "/v1/basket"}
CHECK_AT = 30.0
WRITTEN_AFTER = 1.5
TWICE = 997  # one entry in so many is delivered twice
WARNING = 400


def request_rows(plan: Plan, minute: datetime) -> Iterator[Named]:
    """The entries of the minute."""
    now = int(minute.timestamp()) // 60
    yield REQUESTS, _entry(_check(plan, minute), f"gen-{now}-check", CHECKER, path="/healthz")
    for number, request in enumerate(requests_in(plan, minute)):
        path = ORDER_PATH if request.is_order else PATHS[request.service]
        row = _entry(request, f"gen-{now}-{number}", CRAWLER if request.is_bot else PHONE, path=path)
        yield REQUESTS, row
        if (now * 131 + number) % TWICE == 0:
            yield REQUESTS, row


def _check(plan: Plan, minute: datetime) -> Request:
    """In an outage the check still reaches the front end, which answers for a service that does not."""
    down = any(one.kind is Kind.OUTAGE for one in plan.active_at(minute))
    return Request(minute.timestamp() + CHECK_AT, WEB, 0, 503 if down else 200, 25.0)


def _entry(request: Request, insert_id: str, agent: str, *, path: str) -> Row:
    """Severity follows the status only loosely, as in real logs: a 500 may well be INFO."""
    return {
        "timestamp": stamp(request.at),
        "receiveTimestamp": stamp(request.at + WRITTEN_AFTER),
        "insertId": insert_id,
        "severity": "WARNING" if request.status >= WARNING and request.client % 2 else "INFO",
        "trace": f"projects/{PROJECT}/traces/{insert_id}",
        "resource": {"type": "cloud_run_revision", "labels": _labels(request.service)},
        "httpRequest": {
            "requestMethod": "POST" if request.is_order else "GET",
            "requestUrl": f"https://{request.service}.{HOST}{path}",
            "requestSize": 812,
            "status": request.status,
            "responseSize": 5_120,
            "userAgent": agent,
            "remoteIp": address(request.client),
            "latency": round(request.milliseconds / 1000, 6),
            "protocol": "HTTP/1.1",
        },
    }


def _labels(service: str) -> dict[str, str]:
    return {
        "service_name": service,
        "revision_name": f"{service}-00042-gen",
        "location": "europe-west1",
        "project_id": PROJECT,
    }


def address(client: int) -> str:
    """One of 198.18.0.0/15, which RFC 2544 keeps for benchmarks: nobody's."""
    return f"198.{18 + (client >> 16 & 1)}.{client >> 8 & 255}.{client & 255}"
