"""Points of the sources that tell of sessions: analytics and web errors, and of the app crashes and performance."""

from collections.abc import Callable
from datetime import datetime, timedelta

from infra.local.history.plan import Plan
from infra.local.history.spans import minutes
from infra.local.history.tally import Batches, Tally
from infra.local.history.timeline import rows_at
from infra.local.history.visits import LONGEST, Visit, visits_in

PLATFORM = "platform=ANDROID"


def visit_points(plan: Plan, since: datetime, until: datetime, *, sources: list[str]) -> Batches:
    """Begins with the sessions that may still go on at `since`; draws them once for all sources."""
    counting = [(Tally(source), COUNTS[source]) for source in sources]
    for minute in minutes(since - timedelta(seconds=LONGEST), until):
        visits, now = visits_in(plan, minute), int(minute.timestamp()) // 60
        for tally, count in counting:
            for visit in visits:
                count(tally, visit)
        taken = [row for tally, _ in counting for row in tally.take(now)]
        if minute >= since:
            yield taken


def _count_visit(tally: Tally, visit: Visit) -> None:
    start, region = _minute(visit.at), f"region={visit.region}"
    tally.count(start, "sessions", region)
    tally.measure(_minute(visit.last), "session_duration", visit.engagement)
    if visit.is_new:
        tally.count(start, "new_users", region)
    if visit.lead:
        tally.count(_minute(visit.lead), "leads", region)
    if visit.checkout:
        tally.count(_minute(visit.checkout), "conversion_rate", bad=not visit.purchase)
    if visit.purchase:
        _count_purchase(tally, _minute(visit.purchase), region, visit.price)
    for page in visit.pages if not visit.is_app else ():
        tally.measure(_minute(page.at), "first_contentful_paint", page.first_paint)
        tally.measure(_minute(page.at), "largest_contentful_paint", page.largest_paint)
    for at, rows in rows_at(visit):
        tally.rows_read(_minute(at), rows)


def _count_purchase(tally: Tally, minute: int, region: str, price: float) -> None:
    tally.count(minute, "order_volume", region)
    revenue = tally.cell(minute, "revenue", region)
    revenue.count += 1
    revenue.total += price


def _count_app_session(tally: Tally, visit: Visit) -> None:
    if not visit.is_app:
        return
    start = _minute(visit.at)
    tally.rows_read(start)
    tally.count(start, "crash_free_sessions", PLATFORM, bad=bool(visit.crash))
    tally.count(start, "crash_free_users", PLATFORM, bad=bool(visit.crash))
    if visit.crash:
        tally.rows_read(_minute(visit.crash))


def _count_traces(tally: Tally, visit: Visit) -> None:
    if not visit.is_app:
        return
    tally.rows_read(_minute(visit.at))
    for page in visit.pages:
        tally.rows_read(_minute(page.at))


def _count_error(tally: Tally, visit: Visit) -> None:
    if visit.error:
        tally.rows_read(_minute(visit.error))
        tally.count(_minute(visit.error), "web_errors", bad=True)


def _minute(at: float) -> int:
    return int(at) // 60


COUNTS: dict[str, Callable[[Tally, Visit], None]] = {
    "analytics": _count_visit,
    "crashes": _count_app_session,
    "performance": _count_traces,
    "web_errors": _count_error,
}
