"""Rows of metric_points straight from the draws: what the rollups would make of the raw rows, without making those."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime

from infra.local.history.measurements import Measured, measured_in
from infra.local.history.plan import Plan
from infra.local.history.probes import probes_in
from infra.local.history.request_points import request_points
from infra.local.history.spans import MINUTE, minutes
from infra.local.history.tally import Batches, Row, Tally
from infra.local.history.visit_points import COUNTS, visit_points

SOURCES = ("requests", "analytics", "crashes", "performance", "web_errors", "probes", "measurements")


def points(plan: Plan, since: datetime, until: datetime, *, sources: Collection[str] = SOURCES) -> Iterator[Row]:
    """The points of [since, until) (whole minutes), minute by minute.

    Any split of a span gives the same rows as the whole. Three liberties against the rollups: what they wait half an
    hour for (checkouts, ended sessions) is counted at once, crash_free_users takes each session for another user, and
    metrics that no rule watches (the lesser vitals, daily users, times of probes and of the app) are left out.
    KeyError for an unknown source.
    """
    of_visits = [source for source in sources if source in COUNTS]
    batches = [OTHERS[source](plan, since, until) for source in sources if source not in COUNTS]
    batches += [visit_points(plan, since, until, sources=of_visits)] if of_visits else []
    for of_the_minute in zip(*batches, strict=True):
        for rows in of_the_minute:
            yield from rows


def _probes(plan: Plan, since: datetime, until: datetime) -> Batches:
    tally = Tally("probes")
    for minute in minutes(since, until):
        now = int(minute.timestamp()) // 60
        for probe in probes_in(plan, minute):
            tally.rows_read(now)
            tally.count(now, "uptime", f"target={probe.target}", bad=not probe.ok)
        yield tally.take(now)


def _measurements(plan: Plan, since: datetime, until: datetime) -> Batches:
    tally = Tally("measurements")
    for minute in minutes(since, until):
        now = int(minute.timestamp()) // 60
        for one in measured_in(plan, minute, minute + MINUTE):
            tally.rows_read(now)
            tally.measure(now, one.metric, one.value, dimensions_of(one))
        yield tally.take(now)


def dimensions_of(one: Measured) -> str:
    """A measurement's: never the version or the commit, of which there is no end."""
    return ",".join(f"{key}={value}" for key, value in sorted(one.labels) if key in {"asset", "service"})


OTHERS: dict[str, Callable[[Plan, datetime, datetime], Batches]] = {
    "requests": request_points,
    "probes": _probes,
    "measurements": _measurements,
}
