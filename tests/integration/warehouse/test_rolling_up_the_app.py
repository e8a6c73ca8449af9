from datetime import timedelta

import pytest

from tests.integration.warehouse.rows import (
    CRASHES,
    CRASHES_NOW,
    DAY,
    PERFORMANCE,
    app_session,
    at,
    crash,
    stamp,
    web_error,
)

ANDROID = "platform=ANDROID"


def test_a_crash_held_twice_and_in_both_tables_counts_once(rolled):
    rolled.load(
        *(crash(at("12:01"), table=table, name="e1") for table in (CRASHES, CRASHES, CRASHES_NOW)),
        crash(at("12:02"), table=CRASHES_NOW, name="e2"),
    )
    rolled.roll("crashes")
    assert [row[0:3] for row in rolled.counts("crashes")] == [("12:01", ANDROID, 1), ("12:02", ANDROID, 1)]


def test_fatal_is_what_error_type_says(rolled):
    rolled.load(*(app_session(at("12:00"), name, f"u{name}") for name in "abc"))
    rolled.load(
        crash(at("12:01"), session="a", error_type="FATAL"),
        crash(at("12:01"), session="b", error_type="NON_FATAL"),
        crash(at("12:01"), session="c", error_type="ANR"),
    )
    rolled.roll("crashes")
    assert rolled.counts("crash_free_sessions") == [("12:00", ANDROID, 3, 1, 1)]
    assert rolled.counts("crashes") == [("12:01", ANDROID, 3, 1, 1)]


def test_a_crash_counts_in_the_minute_its_session_began_even_when_that_is_past_midnight(rolled):
    rolled.load(app_session(at("21:50"), "a"), app_session(at("21:51"), "b", "u2"), crash(at("22:30"), session="a"))
    rolled.roll("crashes", "21:00", "22:00")
    assert rolled.counts("crash_free_sessions") == [("21:50", ANDROID, 1, 1, 1), ("21:51", ANDROID, 1, 0, 0)]


def test_a_user_counts_once_a_cairo_day(rolled):
    """Four sessions, the third of which lies after Cairo's midnight; a crash in the second."""
    for name, moment in (("a", at("12:00")), ("b", at("15:00")), ("c", at("22:30")), ("d", at("23:00"))):
        rolled.load(app_session(moment, name))
    rolled.load(crash(at("15:05"), session="b"))
    rolled.roll("crashes")
    whole = rolled.points()
    assert rolled.counts("crash_free_users") == [("12:00", ANDROID, 1, 1, 1), ("22:30", ANDROID, 1, 0, 0)]
    for hour in range(24):
        rolled.roll("crashes", f"{hour}:00", f"{hour + 1}:00")
    assert rolled.points() == whole


def test_a_crash_of_an_unknown_session_counts_as_a_crash_only(rolled):
    rolled.load(crash(at("12:00"), session="never seen"), crash(at("12:00"), session=None))
    rolled.roll("crashes")
    assert {point["metric"] for point in rolled.points()} == {"crashes", "rows.crashes"}
    assert rolled.total("crashes") == 2


def test_network_requests_and_starts_are_in_milliseconds(rolled):
    network = {"response_code": 503, "response_completed_time_us": 1_323_000}
    rolled.load(
        (
            PERFORMANCE,
            {"event_timestamp": stamp(at("12:00")), "event_type": "NETWORK_REQUEST", "network_info": network},
        ),
        (
            PERFORMANCE,
            {
                "event_timestamp": stamp(at("12:00")),
                "event_type": "DURATION_TRACE",
                "event_name": "_app_start",
                "trace_info": {"duration_us": 2_210_000},
            },
        ),
        (
            PERFORMANCE,
            {
                "event_timestamp": stamp(at("12:01")),
                "event_type": "SCREEN_TRACE",
                "event_name": "_st_Main",
                "trace_info": {"duration_us": 9_000_000},
            },
        ),
    )
    rolled.roll("performance")
    assert [(point["sum"], point["bad"]) for point in rolled.points("app_start_time", "network_request_time")] == [
        (2210.0, 0),
        (1323.0, 1),
    ]
    assert rolled.total("rows.performance") == 3


def test_impact_of_an_issue_names_users_sessions_versions_and_growth(rolled):
    rolled.load(*(app_session(at("12:00"), f"s{n}", f"u{n % 10}") for n in range(20)))
    rolled.load(
        crash(at("12:01"), session="s1", installation="u1", name="e1"),
        crash(at("12:01"), session="s1", installation="u1", name="e1"),
        crash(at("12:09"), session="s1", installation="u1", version="2.5.0"),
        crash(at("12:05"), session="s2", installation="u2", version="2.5.0"),
    )
    rolled.load(
        crash(at("12:00") - timedelta(days=1), session="old", installation="u9"),
        crash(at("12:01"), session="s3", installation="u3", issue="other"),
    )
    (impact,) = rolled.ask("impact", issue="a1", since=DAY, until=DAY + timedelta(days=1))
    assert impact == {
        "events": 3,
        "previous_events": 1,
        "growth_percent": 200.0,
        "affected_users": 2,
        "affected_sessions": 2,
        "users": 10,
        "sessions": 20,
        "crash_free_users": 70.0,
        "crash_free_sessions": 85.0,
        "versions": ["2.5.0", "2.4.1"],
        "first_at": at("12:01"),
        "last_at": at("12:09"),
    }


def test_impact_of_a_web_error_group_claims_no_share_of_sessions(rolled):
    rolled.load(
        app_session(at("12:00"), "s1"),
        web_error(at("12:00")),
        web_error(at("12:01"), installation="w2", session="ws2"),
        web_error(at("12:02"), severity="INFO"),
    )
    (impact,) = rolled.ask("impact", issue="g1", since=DAY, until=DAY + timedelta(days=1))
    assert (impact["events"], impact["affected_users"], impact["affected_sessions"], impact["growth_percent"]) == (
        2,
        2,
        2,
        None,
    )
    assert (impact["sessions"], impact["users"], impact["crash_free_sessions"], impact["crash_free_users"]) == (
        None,
    ) * 4
    assert impact["versions"] == ["3.4.1"]


@pytest.mark.parametrize("sessions", [0, 1])
def test_impact_of_nothing_is_nothing_without_dividing_by_it(rolled, sessions):
    rolled.load(*(app_session(at("12:00"), f"s{n}") for n in range(sessions)))
    (impact,) = rolled.ask("impact", issue="a1", since=DAY, until=DAY + timedelta(days=1))
    assert (impact["events"], impact["growth_percent"], impact["crash_free_sessions"]) == (
        0,
        None,
        100.0 if sessions else None,
    )
