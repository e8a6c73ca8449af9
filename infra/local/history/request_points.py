"""Points of the source `requests`: failures by service, once per client and quarter of an hour too, and API times."""

from datetime import datetime

from infra.local.history.plan import Plan
from infra.local.history.requests import APIS, WEB, Request, requests_in
from infra.local.history.spans import minutes
from infra.local.history.tally import Batches, Tally

QUARTER = 15
UPTIME_CHECKS = 1
BY_SERVICE = {service: f"service={service}" for service in (WEB, *APIS)}
Seen = set[tuple[str, int]]


def request_points(plan: Plan, since: datetime, until: datetime) -> Batches:
    """Begins with the quarter of an hour `since` lies in, to know which clients have already had their error."""
    tally, seen = Tally("requests"), Seen()
    for minute in minutes(since.replace(minute=since.minute - since.minute % QUARTER), until):
        if minute.minute % QUARTER == 0:
            seen.clear()
        now = int(minute.timestamp()) // 60
        tally.cell(now, "error_rate", BY_SERVICE[WEB])  # no requests at all is a fact as well
        _count(tally, now, requests_in(plan, minute), seen)
        taken = tally.take(now)
        if minute >= since:
            yield taken


def _count(tally: Tally, now: int, requests: list[Request], seen: Seen) -> None:
    tally.rows_read(now, UPTIME_CHECKS + len(requests))
    for request in requests:
        _count_failures(tally, now, "error_rate", request, seen)
        if request.is_order:
            _count_failures(tally, now, "order_failure_rate", request, seen)
        if request.service in APIS:
            tally.measure(now, "api_response_time", request.milliseconds, BY_SERVICE[request.service])


def _count_failures(tally: Tally, now: int, metric: str, request: Request, seen: Seen) -> None:
    cell = tally.cell(now, metric, BY_SERVICE[request.service])
    cell.count += 1
    if request.failed:
        cell.bad += 1
        cell.bad_clients += (metric, request.client) not in seen
        seen.add((metric, request.client))
