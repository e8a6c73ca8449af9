from datetime import timedelta

from shared.domain.histograms import Histogram
from tests.integration.warehouse.rows import CHECKER, DAY, at, order, request


def test_requests_and_server_errors_are_counted_by_minute_and_service(rolled):
    rolled.load(
        request(at("12:00:10")),
        request(at("12:00:50"), 503),
        request(at("12:01:00"), 404),
        request(at("12:00:20"), service="listings-api"),
    )
    rolled.roll("requests")
    assert rolled.counts("error_rate") == [
        ("12:00", "service=listings-api", 1, 0, 0),
        ("12:00", "service=web", 2, 1, 1),
        ("12:01", "service=web", 1, 0, 0),
    ]


def test_an_entry_that_is_delivered_twice_counts_once_but_two_of_one_instant_are_two(rolled):
    rolled.load(
        *[request(at("12:00:10"), 500, name="same")] * 2,
        request(at("12:00:10"), name="other"),
        request(at("12:00:11"), name="same"),
    )
    rolled.roll("requests")
    assert rolled.counts("error_rate") == [("12:00", "service=web", 3, 1, 1)]


def test_uptime_checks_show_that_the_log_flows_and_count_in_nothing(rolled):
    rolled.load(request(at("12:00")), request(at("12:05"), 503, agent=CHECKER, service="listings-api"))
    rolled.roll("requests")
    assert rolled.counts("error_rate") == [("12:00", "service=web", 1, 0, 0)]
    assert rolled.counts("api_response_time") == []
    assert rolled.counts("rows.requests") == [("12:00", "", 1, 0, 0), ("12:05", "", 1, 0, 0)]


def test_a_client_that_retries_is_one_error_a_quarter_of_an_hour_at_its_first_minute(rolled):
    rolled.load(
        *(
            request(at(f"12:{minute:02}"), 500, client="a", service="web" if minute % 2 else "orders-api")
            for minute in range(1, 20)
        ),
        request(at("12:02"), 500, client="b"),
        request(at("12:00"), 200, client="a"),
    )
    rolled.roll("requests")
    once = [(minute, clients) for minute, _, _, _, clients in rolled.counts("error_rate") if clients]
    assert once == [("12:01", 1), ("12:02", 1), ("12:15", 1)]
    assert rolled.total("error_rate", "bad") == 20


def test_a_span_that_begins_within_a_quarter_agrees_with_the_whole_day(rolled):
    rolled.load(*(request(at(f"12:{minute:02}"), 500, client="a") for minute in range(30)))
    rolled.roll("requests")
    whole = rolled.points()
    rolled.roll("requests", "12:07", "12:21")
    assert rolled.points() == whole


def test_errors_whose_client_is_unknown_count_one_by_one(rolled):
    rolled.load(*(request(at(f"12:00:{second:02}"), 500, client=None) for second in range(3)))
    rolled.roll("requests")
    assert rolled.counts("error_rate") == [("12:00", "service=web", 3, 3, 3)]


def test_an_order_fails_by_our_fault_only(rolled):
    ours, theirs = (404, 405, 408, 415, 429, 500, 503), (400, 401, 402, 403, 409, 410, 422, 201)
    rolled.load(*(order(at("12:00"), status, client=f"c{status}") for status in (*ours, *theirs)))
    rolled.load(request(at("12:00"), 500, service="orders-api", path="/v1/orders", client="reads"))
    rolled.roll("requests")
    assert rolled.counts("order_failure_rate") == [("12:00", "service=orders-api", 15, 7, 7)]
    assert rolled.counts("error_rate") == [("12:00", "service=orders-api", 16, 3, 3)]


def test_latency_is_measured_of_api_services_and_paths_in_milliseconds(rolled):
    rolled.load(
        request(at("12:00:01"), service="listings-api", seconds=0.2),
        request(at("12:00:02"), service="web", path="/api/search?q=1", seconds=0.4),
        request(at("12:00:03"), service="web", path="/listings/apiary", seconds=9.0),
        request(at("12:00:04"), service="listings-api", seconds=None),
    )
    rolled.roll("requests")
    points = rolled.points("api_response_time")
    assert [(point["dimensions"], point["count"]) for point in points] == [
        ("service=listings-api", 1),
        ("service=web", 1),
    ]
    (bucket,) = points[1]["buckets"]
    assert abs(Histogram((bucket["i"],), (bucket["n"],)).percentile(50) - 400) <= 4


def test_the_same_span_twice_gives_the_same_table(rolled):
    rolled.load(
        *(request(at(f"12:{minute:02}"), 500 if minute % 3 else 200, service="orders-api") for minute in range(40))
    )
    rolled.roll("requests")
    once = rolled.points()
    rolled.roll("requests")
    assert rolled.points() == once
    assert len(once) == 3 * 40


def test_rows_that_come_three_days_late_change_exactly_their_minute(rolled):
    rolled.load(*(request(at(f"12:{minute:02}")) for minute in range(10)))
    rolled.roll("requests")
    before = rolled.points()
    rolled.load(request(at("12:04:30"), 500))
    rolled.roll("requests", DAY, DAY + timedelta(hours=72))
    changed = [after["minute"] for earlier, after in zip(before, rolled.points(), strict=True) if earlier != after]
    assert set(changed) == {at("12:04")}


def test_a_point_whose_rows_are_gone_goes_and_nothing_else_does(rolled):
    rolled.load(
        request(at("12:00"), name="kept"),
        request(at("12:01"), name="withdrawn"),
        request(at("14:00"), name="withdrawn"),
    )
    rolled.roll("requests")
    rolled.run(
        "INSERT INTO soukmon.metric_points (metric, minute, dimensions, source, count) SELECT 'uptime' AS metric, TIMESTAMP_SECONDS(1794312060) AS minute, '' AS dimensions, 'probes' AS source, 1 AS count"
    )
    assert rolled.points("uptime")[0]["minute"] == at("12:01")
    rolled.run("DELETE FROM request_logs.run_googleapis_com_requests AS r WHERE r.insertId = 'withdrawn'")
    rolled.roll("requests", "12:00", "13:00")
    assert {(point["metric"], f"{point['minute']:%H:%M}") for point in rolled.points()} == {
        ("error_rate", "12:00"),
        ("rows.requests", "12:00"),
        ("uptime", "12:01"),
        ("error_rate", "14:00"),
        ("rows.requests", "14:00"),
    }


def test_a_span_that_begins_in_mid_minute_takes_the_minute_whole(rolled):
    rolled.load(request(at("12:00:10")), request(at("12:00:50")))
    rolled.roll("requests", "12:00:30", "12:02")
    assert rolled.counts("error_rate") == [("12:00", "service=web", 2, 0, 0)]
