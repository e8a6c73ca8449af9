"""The diagnosing queries over raw rows: where the trouble lies now, and where it usually does."""

from datetime import timedelta

import pytest

from tests.integration.warehouse.rows import DAY, at, crash, order, probe, request, web_error

SPAN = {"usual_since": at("00:00"), "since": at("12:00"), "until": at("13:00")}


def ask(rolled, by, *, service="", slower=0):
    return rolled.ask("diagnose_requests", by=by, service=service, slower=slower, **SPAN)


def table(rows, *names):
    return [tuple(row[name] for name in names) for row in rows]


@pytest.fixture
def failing(rolled):
    """Six orders fail now, of which four in one new revision; before, one page failed and nine did well."""
    for n in range(6):
        rolled.load(order(at("12:10"), 503 if n < 4 else 500, client=f"c{n}"))
    rolled.load(request(at("12:11"), 500, path="/cars/12345"), request(at("12:12"), 200, path="/cars/777"))
    rolled.load(request(at("09:00"), 500, path="/cars/9"), *(order(at("09:01")) for _ in range(9)))
    return rolled


def test_failures_are_held_against_where_they_usually_are(failing):
    rows = ask(failing, "route")
    names = ("name", "bad", "count", "usual_bad", "usual_count", "all_bad", "all_usual_bad", "all_usual_count")
    assert table(rows, *names) == [("POST /v1/orders", 6, 6, 0, 9, 7, 1, 10), ("GET /cars/*", 1, 2, 1, 1, 7, 1, 10)]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("service", [("orders-api", 6), ("web", 1)]),
        ("status", [("503", 4), ("500", 3)]),
        ("revision", [("unknown", 7)]),
        ("location", [("unknown", 7)]),
    ],
)
def test_failures_are_broken_down_in_several_ways(failing, by, expected):
    assert table(ask(failing, by), "name", "bad") == expected


def test_one_service_alone_and_probes_count_in_nothing(failing):
    failing.load(request(at("12:15"), 500, agent="GoogleStackdriverMonitoring-UptimeChecks(x)"))
    assert table(ask(failing, "route", service="web"), "name", "bad", "all_bad") == [("GET /cars/*", 1, 1)]


def test_slow_requests_are_found_by_their_route(rolled):
    rolled.load(*(request(at("12:10"), path="/search", seconds=s) for s in (0.2, 1.5, 2.5)))
    rows = ask(rolled, "route", slower=1000)
    assert table(rows, "name", "bad", "count") == [("GET /search", 2, 3)]


def test_errors_of_the_web_and_of_the_app_stay_apart(rolled):
    rolled.load(*(web_error(at("12:10")) for _ in range(3)), web_error(at("08:00")))
    rolled.load(crash(at("12:20"), version="2.5.0"), crash(at("12:21"), version="2.5.0"), crash(at("07:00")))
    web = rolled.ask("diagnose_errors", by="group", place="web", **SPAN)
    app = rolled.ask("diagnose_errors", by="version", place="app", **SPAN)
    names = ("name", "bad", "usual_bad", "all_bad", "all_usual_bad")
    assert table(web, *names) == [("TypeError: x is undefined", 3, 1, 3, 1)]
    assert table(app, *names) == [("2.5.0", 2, 0, 2, 1)]


def test_checks_from_outside_by_target_and_place(rolled):
    rolled.load(*(probe(at(f"12:0{n}"), n > 2, place="cairo") for n in range(5)))
    rolled.load(probe(at("12:01"), place="riyadh"), probe(at("06:00"), place="cairo"))
    rows = rolled.ask("diagnose_uptime", **SPAN)
    names = ("name", "place", "bad", "count", "usual_bad", "usual_count", "reason")
    assert table(rows, *names) == [("web", "cairo", 3, 5, 0, 1, "timeout"), ("web", "riyadh", 0, 1, 0, 0, None)]


def test_the_levels_of_a_span_and_of_the_same_span_in_the_weeks_before(rolled):
    for week in range(4):
        day = DAY - timedelta(weeks=week)
        rolled.load(*(order(at("12:10", day) + timedelta(seconds=n), 500 if n == 0 else 201) for n in range(2 + week)))
        rolled.roll("requests", day=day)
    rows = rolled.ask("span_levels", metrics=["order_failure_rate"], since=at("12:00"), until=at("13:00"))
    names = ("weeks_ago", "metric", "dimensions", "count", "bad")
    assert table(rows, *names) == [
        (-1, "rows.requests", "", 0, 0),
        *((week, "order_failure_rate", "service=orders-api", 2 + week, 1) for week in range(4)),
    ]
