"""Points of whole hours, drawn by their counts: months of every metric in seconds, where minutes would take minutes."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from infra.local.history.dice import Stream, dice, lognormal, spread
from infra.local.history.gauges import EVERY, gauges_at
from infra.local.history.measurements import measured_in
from infra.local.history.plan import Plan
from infra.local.history.points import dimensions_of
from infra.local.history.probes import PLACES, TARGETS, USUAL_MS, USUAL_SPREAD
from infra.local.history.rates import API_SPREAD, PAINT_SPREAD, Rates, rates_at
from infra.local.history.regions import REGIONS
from infra.local.history.request_points import BY_SERVICE
from infra.local.history.requests import APIS, LISTINGS, ORDERS, SHARE_OF_LISTINGS, SHARE_OF_WEB, WEB
from infra.local.history.rhythm import cairo_day
from infra.local.history.shapes import Shares, counted, even_shares, lognormal_shares, some
from infra.local.history.tally import Row, Tally
from infra.local.history.timeline import interaction
from infra.local.history.visit_points import PLATFORM
from infra.local.history.visits import (
    ENGAGEMENT_SPREAD,
    KNOWN_USERS,
    LARGEST_AFTER_FIRST,
    LONGEST,
    MORE_PAGES,
    PRICE,
    PRICE_SPREAD,
    REQUEST_MS,
    SHARE_OF_ANDROID,
    SHARE_OF_LEADS,
    SHARE_OF_NEW,
)

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MINUTES = 60
PAGES = 1 / (1 - MORE_PAGES)
TRIED_AGAIN = 0.5  # who meets an error tries half a time more on average
LARGEST_SPREAD = 0.62
UNEVEN_NETWORKS = 0.04
SERVICES = ((WEB, SHARE_OF_WEB), (LISTINGS, SHARE_OF_LISTINGS), (ORDERS, 1 - SHARE_OF_WEB - SHARE_OF_LISTINGS))
GAUGED_AT = (10, 30, 50)  # the minutes that stand for the hour


@dataclass(slots=True)
class Hour:
    """One hour in the making: `at` is its first minute since 1970."""

    tally: Tally
    at: int
    random: Random
    rates: Rates

    def count(self, metric: str, count: int, dimensions: str = "", *, bad: int = 0) -> None:
        """So many more, each of another client."""
        if count:
            cell = self.tally.cell(self.at, metric, dimensions)
            cell.count += count
            cell.bad += bad
            cell.bad_clients += bad

    def by_region(self, metric: str, count: int) -> Counter[str]:
        """So many more, each of some region; how many of which."""
        regions = Counter(self.random.choices(REGIONS, k=count))
        for region, number in regions.items():
            self.count(metric, number, f"region={region}")
        return regions

    def values(self, metric: str, shares: Shares, dimensions: str = "") -> None:
        """So many values more."""
        for value, count in shares:
            self.tally.cell(self.at, metric, dimensions).measure(value, count)

    def times(self, metric: str, count: int, median: float, sigma: float, dimensions: str = "") -> None:
        """So many times more, in ms."""
        self.values(metric, lognormal_shares(self.random, count, median, sigma), dimensions)


def hourly_points(plan: Plan, since: datetime, until: datetime, *, source: str) -> Iterator[Row]:
    """The points of [since, until) (whole hours), one to each hour, metric and dimensions, of every metric there is.

    Each hour has the rates of its middle, so what goes wrong should begin and end with whole hours. As in `points`
    crash_free_users takes each session for another user, and checkouts count when they begin; new users and leads
    are not told apart by region.
    """
    tally, known_today, day = Tally(source), 0, cairo_day(since.timestamp())
    while since < until:
        middle, at = since + HOUR / 2, int(since.timestamp()) // 60
        hour = Hour(tally, at, dice(plan.seed, Stream.HOURS, at // 60), rates_at(plan, middle))
        if cairo_day(since.timestamp()) != day:
            known_today, day = 0, cairo_day(since.timestamp())
        _requests(hour)
        known_today += _visits(hour, known_today)
        _probes(hour)
        _measurements(hour, plan, since)
        yield from tally.take(at)
        since += HOUR


def _requests(hour: Hour) -> None:
    random, rates = hour.random, hour.rates
    ordinary = MINUTES * max(0.0, rates.requests - rates.orders)
    for service, share in SERVICES:
        good = counted(random, ordinary * share * (1 - rates.error_share))
        unhappy = counted(random, ordinary * share * rates.error_share / (1 + TRIED_AGAIN))
        _answers(hour, service, good, unhappy, unhappy + counted(random, unhappy * TRIED_AGAIN))
    _answers(hour, WEB, counted(random, MINUTES * rates.bots), 0, 0)
    orders = counted(random, MINUTES * rates.orders)
    failed = some(random, orders, rates.order_failure_share)
    _answers(hour, ORDERS, orders - failed, failed, failed)
    hour.count("order_failure_rate", orders, BY_SERVICE[ORDERS], bad=failed)


def _answers(hour: Hour, service: str, good: int, clients: int, bad: int) -> None:
    cell = hour.tally.cell(hour.at, "error_rate", BY_SERVICE[service])
    cell.count += good + bad
    cell.bad += bad
    cell.bad_clients += clients
    if service in APIS:
        hour.times("api_response_time", good + bad, hour.rates.api_ms, API_SPREAD, BY_SERVICE[service])


def _visits(hour: Hour, known_today: int) -> int:
    """How many people came who have been here before; `known_today` came earlier in the day."""
    random, rates = hour.random, hour.rates
    sessions = counted(random, MINUTES * rates.sessions)
    new = some(random, sessions, SHARE_OF_NEW)
    hour.by_region("sessions", sessions)
    hour.count("new_users", new)
    hour.count("leads", some(random, sessions, SHARE_OF_LEADS))
    first_today = some(random, sessions - new, math.exp(-known_today / KNOWN_USERS))
    hour.count("daily_active_users", new + first_today)
    engaged = lognormal_shares(random, sessions, rates.engagement_s, ENGAGEMENT_SPREAD)
    hour.values("session_duration", ((min(LONGEST - 60.0, value), count) for value, count in engaged))
    _sales(hour, some(random, sessions, rates.checkout_share))
    app = some(random, sessions, SHARE_OF_ANDROID)
    _in_app(hour, app)
    _on_web(hour, sessions - app)
    return sessions - new


def _sales(hour: Hour, checkouts: int) -> None:
    lost = some(hour.random, checkouts, 1 - hour.rates.conversion_share)
    hour.count("conversion_rate", checkouts, bad=lost)
    for region, number in hour.by_region("order_volume", checkouts - lost).items():
        revenue = hour.tally.cell(hour.at, "revenue", f"region={region}")
        revenue.count += number
        revenue.total += sum(round(lognormal(hour.random, PRICE, PRICE_SPREAD), 2) for _ in range(number))


def _in_app(hour: Hour, sessions: int) -> None:
    crashed = some(hour.random, sessions, hour.rates.crash_share)
    hour.count("crash_free_sessions", sessions, PLATFORM, bad=crashed)
    hour.count("crash_free_users", sessions, PLATFORM, bad=crashed)
    low, high = (spread(hour.random, UNEVEN_NETWORKS) * bound for bound in REQUEST_MS)
    hour.values("network_request_time", even_shares(counted(hour.random, PAGES * sessions), low, high))


def _on_web(hour: Hour, sessions: int) -> None:
    pages, median = counted(hour.random, PAGES * sessions), hour.rates.paint_ms
    first = list(lognormal_shares(hour.random, pages, median, PAINT_SPREAD))
    hour.values("first_contentful_paint", iter(first))
    hour.values("interaction_to_next_paint", ((interaction(paint), count) for paint, count in first))
    hour.times("largest_contentful_paint", pages, median * (1 + LARGEST_AFTER_FIRST), LARGEST_SPREAD)
    errors = some(hour.random, sessions, hour.rates.web_error_share)
    hour.count("web_errors", errors, bad=errors)


def _probes(hour: Hour) -> None:
    for target in TARGETS:
        failed = some(hour.random, MINUTES * len(PLACES), hour.rates.probe_failure_share)
        hour.count("uptime", MINUTES * len(PLACES), f"target={target}", bad=failed)
        answered = MINUTES * len(PLACES) - failed
        hour.times("probe_response_time", answered, USUAL_MS, USUAL_SPREAD, f"target={target}")


def _measurements(hour: Hour, plan: Plan, since: datetime) -> None:
    """Each gauge of the minutes that stand for the hour, as often as it would be posted; releases as they are."""
    for minute in GAUGED_AT:
        for metric, _, value in gauges_at(plan, since + minute * MINUTE):
            times = 1 if metric == "user_satisfaction" else MINUTES // EVERY // len(GAUGED_AT)
            hour.values(metric, iter([(value, times)]))
    for one in measured_in(plan, since, since + HOUR):
        hour.values(one.metric, iter([(one.value, 1)]), dimensions_of(one))
