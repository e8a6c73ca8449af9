from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.warehouse.rows import CAIRO, DAY, EVENTS, INTRADAY, at, event, purchase


def day_of(table):
    """A short day: two visitors, one of whom buys."""
    return [
        event("first_visit", at("12:00"), visitor="a", table=table),
        event("FCP", at("12:00:01"), visitor="a", table=table, metric_id="f1", metric_value=1100),
        event("user_engagement", at("12:05"), visitor="a", table=table, engagement_time_msec=60_000),
        event("session_start", at("13:00"), visitor="b", session=2, table=table),
        event("begin_checkout", at("13:01"), visitor="b", session=2, table=table),
        purchase(at("13:02"), "T1", 250.0, visitor="b", session=2, table=table),
    ]


def test_E29_a_day_held_by_intraday_and_daily_counts_once(rolled):
    rolled.load(*day_of(INTRADAY))
    rolled.roll("analytics")
    streamed = rolled.points()
    rolled.load(*day_of(EVENTS))
    rolled.roll("analytics")
    assert rolled.points() == streamed
    assert rolled.total("sessions") == 2
    assert rolled.total("rows.analytics") == 6


def test_totals_stay_when_the_daily_table_comes_and_the_intraday_one_goes(rolled):
    rolled.load(*day_of(INTRADAY))
    rolled.roll("analytics")
    streamed = rolled.points()
    rolled.warehouse.drop("analytics_313131313.events_intraday_20261110")
    rolled.roll("analytics")
    assert rolled.points() == []
    rolled.load(*day_of(EVENTS))
    rolled.roll("analytics")
    assert rolled.points() == streamed


def test_an_intraday_day_counts_beside_another_days_daily_table(rolled):
    rolled.load(
        event("session_start", at("12:00"), session=1, table=EVENTS),
        event("session_start", at("12:00") + timedelta(days=1), session=2, table=INTRADAY),
    )
    rolled.roll("analytics", DAY, DAY + timedelta(days=2))
    assert rolled.total("sessions") == 2


@pytest.mark.parametrize("kind", ["int_value", "double_value", "float_value"])
def test_a_number_is_read_whichever_way_it_is_stored(rolled, kind):
    table, row = event("LCP", at("12:00"), metric_id="m1")
    row["event_params"].append({"key": "metric_value", "value": {kind: 2000}})
    rolled.load((table, row))
    rolled.roll("analytics")
    (point,) = rolled.points("largest_contentful_paint")
    assert (point["count"], point["sum"], sum(bucket["n"] for bucket in point["buckets"])) == (1, 2000.0, 1)


def test_the_last_value_of_a_page_timing_stands_for_it(rolled):
    rolled.load(
        event("CLS", at("12:00"), metric_id="c1", metric_value=0.01),
        event("CLS", at("12:03"), metric_id="c1", metric_value=0.25),
        event("CLS", at("12:01"), metric_id="c2", metric_value=0),
    )
    rolled.roll("analytics")
    points = rolled.points("cumulative_layout_shift")
    assert [(f"{point['minute']:%H:%M}", point["count"], point["sum"]) for point in points] == [
        ("12:01", 1, 0.0),
        ("12:03", 1, 0.25),
    ]
    assert points[0]["buckets"] == [{"i": -1_000_000, "n": 1}]


@pytest.mark.parametrize(
    ("name", "metric"),
    [("FCP", "first_contentful_paint"), ("INP", "interaction_to_next_paint"), ("TTFB", "time_to_first_byte")],
)
def test_page_timings_have_metrics_of_their_own(rolled, name, metric):
    rolled.load(event(name, at("12:00"), metric_value=80.5), event(name, at("12:00:01"), metric_value=90.5))
    rolled.roll("analytics")
    assert (rolled.total(metric), rolled.total(metric, "sum")) == (2, 171.0)


def test_an_event_exported_twice_adds_its_engagement_once(rolled):
    twice = event("user_engagement", at("12:00"), engagement_time_msec=30_000)
    rolled.load(twice, twice, event("user_engagement", at("12:01"), engagement_time_msec=12_500))
    rolled.roll("analytics")
    assert [(point["count"], point["sum"]) for point in rolled.points("session_duration")] == [(1, 42.5)]
    assert rolled.total("rows.analytics") == 3


def test_a_thank_you_page_loaded_again_is_no_second_order_not_even_the_day_after(rolled):
    rolled.load(
        purchase(at("12:00"), "T1", 300.0), purchase(at("12:10"), "T1", 300.0), purchase(at("12:20"), "T2", 50.0)
    )
    rolled.load(
        purchase(at("20:00") + timedelta(days=1), "T1", 300.0), purchase(at("21:00") + timedelta(days=1), "T3", 7.0)
    )
    rolled.roll("analytics")
    rolled.roll("analytics", DAY + timedelta(days=1), DAY + timedelta(days=2))
    assert [f"{point['minute']:%d %H:%M}" for point in rolled.points("order_volume")] == [
        "10 12:00",
        "10 12:20",
        "11 21:00",
    ]
    assert rolled.total("revenue", "sum") == 357.0


def test_purchases_without_a_number_are_each_their_own(rolled):
    rolled.load(purchase(at("12:00"), "(not set)"), purchase(at("12:01"), "(not set)"), purchase(at("12:02"), None))
    rolled.roll("analytics")
    assert rolled.total("order_volume") == 3


def test_revenue_that_is_known_in_dollars_only_is_never_added_to_pounds(rolled):
    rolled.load(
        purchase(at("12:00"), "T1", 100.0, usd=2.0),
        purchase(at("12:01"), "T2", None, usd=3.0),
        purchase(at("12:02"), "T3", None),
    )
    rolled.roll("analytics")
    assert (rolled.total("order_volume"), rolled.total("revenue", "sum"), rolled.total("revenue_usd", "sum")) == (
        3,
        100.0,
        3.0,
    )


def test_the_view_of_purchases_names_the_currency_and_holds_each_order_once(rolled):
    rolled.load(
        purchase(at("12:00"), "T1", 100.0, usd=2.0),
        purchase(at("12:05"), "T1", 100.0),
        purchase(at("12:01"), "T2", None, usd=3.0),
    )
    found = rolled.run(
        "SELECT p.order_id AS order_id, p.revenue AS revenue, p.currency AS currency FROM soukmon.purchases AS p ORDER BY p.order_id"
    )
    assert [tuple(row.values()) for row in found] == [("T1", 100.0, "EGP"), ("T2", 3.0, "USD")]


def test_a_session_over_cairos_midnight_is_one_session(rolled):
    """22:00 UTC is midnight in Cairo in winter; its events lie in two tables."""
    rolled.load(
        event("session_start", at("21:50"), table=EVENTS),
        event("user_engagement", at("21:59"), table=EVENTS, engagement_time_msec=100_000),
        event("begin_checkout", at("21:58"), table=EVENTS),
        purchase(at("22:03"), "T1", table=INTRADAY),
        event("user_engagement", at("22:10"), table=INTRADAY, engagement_time_msec=20_000),
    )
    rolled.roll("analytics")
    whole = rolled.points()
    assert rolled.counts("sessions") == [("21:50", "region=Cairo Governorate", 1, 0, 0)]
    assert rolled.counts("conversion_rate") == [("21:58", "", 1, 0, 0)]
    assert [(f"{point['minute']:%H:%M}", point["sum"]) for point in rolled.points("session_duration")] == [
        ("22:10", 120.0)
    ]
    rolled.roll("analytics", "22:00", "24:00")
    assert rolled.points() == whole


def test_a_checkout_counts_when_it_is_half_an_hour_old(rolled):
    rolled.load(event("begin_checkout", at("12:00"), visitor="a"), event("begin_checkout", at("12:20"), visitor="b"))
    rolled.roll("analytics", "11:00", "12:30")
    assert rolled.counts("conversion_rate") == []
    rolled.roll("analytics", "11:00", "12:31")
    assert rolled.counts("conversion_rate") == [("12:00", "", 1, 1, 1)]
    rolled.load(purchase(at("12:40"), "T1", visitor="a"))
    rolled.roll("analytics", "11:00", "13:00")
    assert rolled.counts("conversion_rate") == [("12:00", "", 1, 0, 0), ("12:20", "", 1, 1, 1)]


def test_a_purchase_before_the_checkout_does_not_complete_it(rolled):
    rolled.load(purchase(at("12:00"), "T1"), event("begin_checkout", at("12:10")))
    rolled.roll("analytics")
    assert rolled.counts("conversion_rate") == [("12:10", "", 1, 1, 1)]


def test_spans_that_follow_each_other_leave_no_checkout_and_no_session_out(rolled):
    rolled.load(
        *(
            event(name, at(f"{hour}:{minute:02}"), visitor=f"v{hour}{minute}")
            for hour in (11, 12, 13)
            for minute in range(0, 60, 7)
            for name in ("session_start", "begin_checkout")
        )
    )
    rolled.roll("analytics")
    whole = rolled.points()
    for hour in range(24):
        rolled.roll("analytics", f"{hour}:00", f"{hour + 1}:00")
    assert rolled.points() == whole
    assert rolled.total("conversion_rate") == rolled.total("session_duration") == rolled.total("sessions") == 27


def test_rows_that_come_three_days_late_change_exactly_their_minute(rolled):
    rolled.load(*day_of(EVENTS))
    rolled.roll("analytics")
    before = rolled.points()
    rolled.load(event("generate_lead", at("13:01:30"), visitor="b", session=2))
    rolled.roll("analytics", DAY, DAY + timedelta(hours=72))
    after = [point for point in rolled.points() if point not in before]
    assert [(point["metric"], point["minute"], point["count"]) for point in after] == [
        ("leads", at("13:01"), 1),
        ("rows.analytics", at("13:01"), 2),
    ]


def test_regions_are_those_at_home_and_few(rolled):
    rolled.load(
        event("first_visit", at("12:00"), visitor="a", region="Giza Governorate"),
        event("first_visit", at("12:00"), visitor="b", country="Germany", region="Bavaria"),
        event("first_visit", at("12:00"), visitor="c", region=""),
        event("first_open", at("12:00"), visitor="d", region="A, B=C"),
        event("first_visit", at("12:09"), visitor="a", region="Giza Governorate"),
    )
    rolled.roll("analytics")
    assert [dimensions for _, dimensions, *_ in rolled.counts("new_users")] == [
        "region=A  B C",
        "region=Giza Governorate",
        "region=abroad",
        "region=unknown",
    ]


def test_events_without_consent_have_no_session_and_no_visitor(rolled):
    rolled.load(event("page_view", at("12:00"), visitor=None, session=None))
    rolled.roll("analytics")
    assert {point["metric"] for point in rolled.points()} == {"rows.analytics"}


@pytest.mark.parametrize(("day", "hours"), [((2026, 4, 24), 23), ((2026, 10, 29), 25), ((2026, 11, 10), 24)])
def test_E30_a_cairo_day_of_23_or_25_hours_has_that_many_hours_of_minutes(rolled, day, hours):
    """The UTC bounds of the Cairo day hold all of it and nothing else; a daily visitor is one each day."""
    first = datetime(*day, tzinfo=CAIRO).astimezone(UTC)
    last = datetime(*day[:2], day[2] + 1, tzinfo=CAIRO).astimezone(UTC)
    around = [first + timedelta(hours=n, minutes=30) for n in range(-3, 30)]
    rolled.load(*(event("session_start", moment, session=number) for number, moment in enumerate(around)))
    rolled.roll("analytics", first - timedelta(hours=6), last + timedelta(hours=9))
    (total,) = rolled.ask("read_points", metrics=["sessions"], since=first, until=last, seconds=86_400 * 40_000)
    (daily,) = rolled.ask(
        "read_points", metrics=["daily_active_users"], since=first, until=last, seconds=86_400 * 40_000
    )
    assert (total["count"], daily["count"]) == (hours, 1)
    assert rolled.total("sessions") == 33
    assert rolled.total("daily_active_users") == 3


def test_a_visitor_is_active_once_a_cairo_day(rolled):
    """22:00 UTC is Cairo's midnight."""
    rolled.load(*(event("page_view", at(moment)) for moment in ("1:00", "21:30", "22:30", "23:30")))
    rolled.roll("analytics", "12:00", "24:00")
    assert rolled.counts("daily_active_users") == [("22:30", "", 1, 0, 0)]
    rolled.roll("analytics")
    assert [minute for minute, *_ in rolled.counts("daily_active_users")] == ["01:00", "22:30"]
