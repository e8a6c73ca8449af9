from datetime import timedelta
from math import ceil
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain.histograms import Histogram, bucket_of
from tests.integration.warehouse.rows import at, measurement, request, stamp

HOUR = timedelta(hours=1)


def evaluated(rolled, *metrics, until, minutes=HOUR, trailing=timedelta(days=1), counts=timedelta(days=1)):
    hour = until.replace(minute=0)
    return rolled.ask(
        "evaluate",
        metrics=list(metrics),
        until=until,
        minutes_since=until - minutes,
        trailing_since=until - trailing,
        window_since=hour - HOUR,
        window_until=hour + HOUR,
        hour_since=hour,
        hour_until=hour + HOUR,
        counts_since=until - counts,
    )


def of_part(rows, part):
    return [row for row in rows if row["part"] == part]


def histogram(buckets):
    return Histogram(tuple(bucket["i"] for bucket in buckets), tuple(bucket["n"] for bucket in buckets))


def nearest_rank(values, percent):
    return sorted(values)[max(1, ceil(percent / 100 * len(values))) - 1]


def test_one_read_gives_minutes_hours_counts_and_watermarks_summed_over_dimensions(rolled):
    rolled.load(
        *(
            request(at(f"{hour}:{minute:02}"), 500 if minute == 0 else 200, service=service, seconds=0.1)
            for hour in range(8, 13)
            for minute in (0, 30)
            for service in ("orders-api", "web")
        )
    )
    rolled.roll("requests")
    rows = evaluated(
        rolled,
        "error_rate",
        "api_response_time",
        until=at("12:31"),
        minutes=timedelta(minutes=31),
        trailing=timedelta(hours=2, minutes=31),
        counts=timedelta(hours=4),
    )
    keys = ("part", "metric", "seconds", "count", "bad", "bad_clients")
    kept = [(*(row[key] for key in keys), f"{row['start']:%H:%M}") for row in rows]
    assert kept == [
        ("count", "api_response_time", 3600, 2, 0, 0, "09:00"),
        ("count", "api_response_time", 3600, 2, 0, 0, "10:00"),
        ("count", "api_response_time", 3600, 2, 0, 0, "11:00"),
        ("count", "error_rate", 3600, 4, 2, 1, "09:00"),
        ("count", "error_rate", 3600, 4, 2, 1, "10:00"),
        ("count", "error_rate", 3600, 4, 2, 1, "11:00"),
        ("hour", "api_response_time", 3600, 2, 0, 0, "10:00"),
        ("hour", "api_response_time", 3600, 2, 0, 0, "11:00"),
        ("hour", "api_response_time", 3600, 2, 0, 0, "12:00"),
        ("hour", "error_rate", 3600, 4, 2, 1, "10:00"),
        ("hour", "error_rate", 3600, 4, 2, 1, "11:00"),
        ("hour", "error_rate", 3600, 4, 2, 1, "12:00"),
        ("minute", "api_response_time", 60, 1, 0, 0, "12:00"),
        ("minute", "api_response_time", 60, 1, 0, 0, "12:30"),
        ("minute", "error_rate", 60, 2, 2, 1, "12:00"),
        ("minute", "error_rate", 60, 2, 0, 0, "12:30"),
        ("watermark", "rows.requests", 60, 0, 0, 0, "12:30"),
    ]
    assert [row["buckets"] for row in of_part(rows, "hour") if row["metric"] == "api_response_time"] == [
        [{"i": bucket_of(100.0), "n": 2}]
    ] * 3
    assert not any(row["buckets"] for row in of_part(rows, "count"))


def test_the_minute_at_the_end_is_left_out_and_the_one_at_the_beginning_is_not(rolled):
    rolled.load(request(at("11:00")), request(at("11:59")), request(at("12:00")))
    rolled.roll("requests")
    rows = evaluated(rolled, "error_rate", until=at("12:00"))
    assert [f"{row['start']:%H:%M}" for row in of_part(rows, "minute")] == ["11:00", "11:59"]
    assert [row["start"] for row in of_part(rows, "watermark")] == [at("11:59")]


def test_a_source_that_is_silent_since_before_the_trailing_hours_has_no_watermark(rolled):
    rolled.load(request(at("12:00")))
    rolled.roll("requests")
    assert of_part(evaluated(rolled, "error_rate", until=at("12:00") + timedelta(days=1)), "watermark")
    assert not of_part(evaluated(rolled, "error_rate", until=at("12:01") + timedelta(days=1)), "watermark")


def test_the_past_is_read_at_the_same_window_of_past_weeks_and_the_same_hour_of_past_days_only(rolled):
    moments = [
        at("12:10") - days * timedelta(days=1) - hours * HOUR for days in range(2, 36) for hours in (-1, 0, 1, 2)
    ]
    rows = [
        {"metric": "memory", "minute": stamp(moment), "dimensions": "", "source": "measurements", "count": 1}
        for moment in moments
    ]
    rolled.warehouse.append("soukmon.metric_points", rows)
    found = of_part(evaluated(rolled, "memory", until=at("12:30")), "hour")
    weeks = {at(hour) - timedelta(days=days) for days in (7, 14, 21, 28) for hour in ("11:00", "12:00")}
    days = {at("12:00") - timedelta(days=days) for days in range(2, 7)}
    assert {row["start"] for row in found} == weeks | days
    assert {row["count"] for row in found} == {1}


def test_steps_are_aligned_and_come_oldest_first(rolled):
    rolled.load(*(request(at(f"12:{minute:02}"), 500, client=f"c{minute}") for minute in (1, 4, 5, 14)))
    rolled.roll("requests")
    rows = rolled.ask("read_points", metrics=["error_rate"], since=at("12:00"), until=at("12:14"), seconds=300)
    assert [
        (f"{row['start']:%H:%M}", row["seconds"], row["count"], row["bad"], row["bad_clients"]) for row in rows
    ] == [("12:00", 300, 2, 2, 2), ("12:05", 300, 1, 1, 1)]


def test_a_percentile_of_merged_buckets_is_within_one_percent_of_the_exact_one(rolled):
    random = Random(5)
    values = [random.lognormvariate(5.5, 1.1) for _ in range(3000)]
    rolled.load(
        *(
            request(
                at("12:00") + timedelta(seconds=n), service=("orders-api", "listings-api")[n % 2], seconds=value / 1000
            )
            for n, value in enumerate(values)
        )
    )
    rolled.roll("requests")
    (row,) = rolled.ask(
        "read_points", metrics=["api_response_time"], since=at("12:00"), until=at("13:00"), seconds=3600
    )
    for percent in (1, 25, 50, 75, 90, 95, 99, 99.9):
        exact = nearest_rank(values, percent)
        assert abs(histogram(row["buckets"]).percentile(percent) - exact) <= 0.01001 * exact


@given(values=st.lists(st.floats(1e-6, 1e12), min_size=1, max_size=40), percent=st.sampled_from([50, 75, 95]))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_values_keep_their_percentiles_within_one_percent(rolled, values, percent):
    rolled.run("DELETE FROM soukmon.measurements AS m WHERE m.metric IS NOT NULL")
    rolled.load(
        *(measurement(at("12:00") + timedelta(seconds=30 * n), "memory", value) for n, value in enumerate(values))
    )
    rolled.roll("measurements", "12:00", "13:00")
    (row,) = of_part(evaluated(rolled, "memory", until=at("13:00")), "hour")
    exact = nearest_rank(values, percent)
    assert abs(histogram(row["buckets"]).percentile(percent) - exact) <= 0.01001 * exact


def test_points_of_which_sums_are_missing_count_as_nothing(rolled):
    rolled.warehouse.append(
        "soukmon.metric_points",
        [{"metric": "memory", "minute": stamp(at("12:00")), "dimensions": "", "source": "measurements", "count": 3}],
    )
    (row,) = of_part(evaluated(rolled, "memory", until=at("13:00")), "minute")
    assert (row["count"], row["sum"], row["bad"], row["bad_clients"]) == (3, 0.0, 0, 0)
