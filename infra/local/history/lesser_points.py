"""Points of what no rule watches, minute by minute: what `points` leaves out, for dashboards of a day in the making."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from infra.local.history.gauges import gauges_at
from infra.local.history.plan import Plan
from infra.local.history.probes import probes_in
from infra.local.history.rhythm import cairo_day
from infra.local.history.spans import minutes
from infra.local.history.tally import Row, Tally
from infra.local.history.timeline import interaction
from infra.local.history.visits import LONGEST, Visit, visits_in


def lesser_points(plan: Plan, since: datetime, until: datetime, *, source: str) -> Iterator[Row]:
    """The points of [since, until) (whole minutes).

    Of sessions, probes and the app's own gauges; daily users are known to each other from `since` on.
    """
    tally, seen = Tally(source), defaultdict[date, set[str]](set)
    for minute in minutes(since - timedelta(seconds=LONGEST), until):
        now = int(minute.timestamp()) // 60
        for visit in visits_in(plan, minute):
            _count(tally, now, visit, seen[cairo_day(visit.at)])
        taken = tally.take(now)
        if minute >= since:
            yield from taken
            _measure(tally, plan, minute)
            yield from tally.take(now)


def _count(tally: Tally, now: int, visit: Visit, seen: set[str]) -> None:
    if visit.user not in seen:
        seen.add(visit.user)
        tally.count(now, "daily_active_users")
    for number, page in enumerate(visit.pages):
        at = int(page.at) // 60
        if visit.is_app:
            tally.measure(at, "network_request_time", visit.request_us(number) / 1000)
        else:
            tally.measure(at, "interaction_to_next_paint", interaction(page.first_paint))


def _measure(tally: Tally, plan: Plan, minute: datetime) -> None:
    now = int(minute.timestamp()) // 60
    for probe in probes_in(plan, minute):
        if probe.ok:
            tally.measure(now, "probe_response_time", probe.milliseconds, f"target={probe.target}")
    for metric, _, value in gauges_at(plan, minute):
        tally.measure(now, metric, value)
