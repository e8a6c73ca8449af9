"""The impact queries over raw rows: whom an issue hits, and how a service does."""

from datetime import timedelta

from shared.domain.histograms import bucket_of
from shared.domain.impacts import failure_figures, issue_figures, slowness_figures
from tests.integration.warehouse.rows import CRASHES, CRASHES_NOW, app_session, at, crash, request, web_error

HOUR = {"since": at("12:00"), "until": at("13:00")}


def ask_issue(rolled, issue):
    (row,) = rolled.ask("impact", issue=issue, **HOUR)
    return issue_figures(row)


def ask_service(rolled, metric, *, service="", above=0):
    (row,) = rolled.ask("impact_of_service", metric=metric, service=service, above=above, **HOUR)
    return row


def test_an_issue_that_hits_twelve_of_a_hundred_sessions(rolled):
    rolled.load(*(app_session(at("12:01"), f"s{n}", f"u{n}") for n in range(100)))
    hits = [
        crash(at("12:20"), session=f"s{n}", installation=f"u{n}", name=f"e{n}", table=CRASHES_NOW) for n in range(12)
    ]
    twice = [crash(at("12:20"), session=f"s{n}", installation=f"u{n}", name=f"e{n}", table=CRASHES) for n in range(12)]
    before = [crash(at("11:30"), session="x", installation="ux", name=f"b{n}") for n in range(4)]
    rolled.load(*hits, *twice, *before, crash(at("12:30"), session="s50", installation="u50", issue="another"))
    assert ask_issue(rolled, "a1").told == {
        "affected_users": "12", "affected_sessions": "12", "session_share": "12", "crash_free_users": "87",
        "crash_free_sessions": "87", "growth_percent": "200", "affected_versions": "2.4.1",
    }  # fmt: skip
    assert {"session_share", "crash_free_users"} <= ask_issue(rolled, "a1").weighed.keys()


def test_an_issue_of_the_web_has_users_and_no_shares(rolled):
    rolled.load(*(web_error(at("12:10"), installation=f"w{n}", session=f"t{n}") for n in range(3)))
    told = ask_issue(rolled, "g1").told
    assert told == {"affected_users": "3", "affected_sessions": "3", "affected_versions": "3.4.1"}


def test_an_issue_that_nothing_is_known_of_has_no_figures(rolled):
    rolled.load(crash(at("10:00")))
    assert ask_issue(rolled, "a1").told == ask_issue(rolled, "unknown").told == {}


def test_a_service_is_measured_alone_and_against_the_hour_before(rolled):
    for n in range(150):
        rolled.load(
            request(
                at("12:00") + timedelta(seconds=20 * n), 500 if n < 15 else 200, service="orders-api", client=f"c{n}"
            )
        )
    rolled.load(*(request(at("11:10"), 503, service="orders-api", client=f"b{n}") for n in range(10)))
    rolled.load(*(request(at("12:10"), 500, service="web", client=f"w{n}") for n in range(40)))
    rolled.roll("requests")
    figures = failure_figures(ask_service(rolled, "error_rate", service="orders-api"))
    assert figures.told == {"affected_clients": "15", "failed_share": "10", "growth_percent": "50"}
    assert "failed_share" in figures.weighed
    assert failure_figures(ask_service(rolled, "error_rate")).told["affected_clients"] == "55"


def test_what_is_slower_than_promised_is_counted_by_its_bucket(rolled):
    times = [0.2] * 6 + [0.999, 1.2, 3.0, 9.0]
    rolled.load(*(request(at("12:10"), service="orders-api", path="/v1/x", seconds=s) for s in times))
    rolled.load(request(at("11:10"), service="orders-api", path="/v1/x", seconds=2.0))
    rolled.roll("requests")
    row = ask_service(rolled, "api_response_time", above=bucket_of(1000))
    assert slowness_figures(row).told == {"slow_count": "3", "slow_share": "30", "growth_percent": "200"}


def test_a_service_without_points_has_no_figures(rolled):
    assert failure_figures(ask_service(rolled, "error_rate", service="nobody")).told == {}
