"""Rows of metric_points made straight from the draws."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest

from infra.local.history.plan import Incident, Kind, Plan, Release
from infra.local.history.points import SOURCES, points
from infra.local.history.rates import rate_at
from infra.local.history.requests import requests_in
from infra.local.history.spans import minutes
from shared.domain.histograms import histogram, value_of

START = datetime(2026, 5, 10, tzinfo=UTC)
END = START + timedelta(days=14)
DAY = START + timedelta(days=2)  # a Tuesday
NOON = DAY + timedelta(hours=12)
RELEASE = Release(NOON + timedelta(minutes=7, seconds=20), "3.1.0", "def5678", 612_345)
CALM = Plan(START, END, 7, releases=(RELEASE,))
HOUR = timedelta(hours=1)
EVENING = (NOON + 5 * HOUR, NOON + 8 * HOUR, ("requests", "analytics"))


def with_incident(kind: Kind, strength: float, length: timedelta = 3 * HOUR) -> Plan:
    return Plan(START, END, 7, (Incident(kind, NOON, NOON + length, strength),), (RELEASE,))


class Sums:
    """All points of a span added up by metric."""

    def __init__(self, plan: Plan, since: datetime, until: datetime, sources=SOURCES) -> None:
        self.count: Counter[str] = Counter()
        self.bad: Counter[str] = Counter()
        self.clients: Counter[str] = Counter()
        self.total: Counter[str] = Counter()
        buckets: dict[str, Counter[int]] = defaultdict(Counter)
        for row in points(plan, since, until, sources=sources):
            self.count[row["metric"]] += row["count"]
            self.bad[row["metric"]] += row["bad"]
            self.clients[row["metric"]] += row["bad_clients"]
            self.total[row["metric"]] += row["sum"]
            buckets[row["metric"]].update({b["i"]: b["n"] for b in row["buckets"]})
        self.histograms = {metric: histogram(counts) for metric, counts in buckets.items()}

    def share(self, metric: str) -> float:
        return self.bad[metric] / self.count[metric]

    def percentile(self, metric: str, percent: float) -> float:
        return self.histograms[metric].percentile(percent)


@pytest.fixture(scope="module")
def day() -> Sums:
    return Sums(CALM, DAY, DAY + 24 * HOUR)


def test_a_calm_day_has_the_levels_of_a_healthy_marketplace(day):
    assert day.count["error_rate"] / 1440 == pytest.approx(30, rel=0.2)
    assert 0.001 < day.share("error_rate") < 0.003
    assert 0.0 < day.share("order_failure_rate") < 0.04
    assert 0.02 < day.count["conversion_rate"] / day.count["sessions"] < 0.04
    assert 0.02 < day.share("conversion_rate") < 0.12
    assert day.count["order_volume"] == day.count["conversion_rate"] - day.bad["conversion_rate"]
    assert 0.25 < day.count["new_users"] / day.count["sessions"] < 0.35
    assert day.share("crash_free_sessions") < 0.01
    assert day.share("uptime") < 0.003
    assert day.total["revenue"] / day.count["revenue"] == pytest.approx(3_000, rel=0.25)


def test_a_calm_day_is_as_fast_and_as_long_as_it_should_be(day):
    assert day.percentile("api_response_time", 95) == pytest.approx(350, rel=0.04)
    assert day.percentile("first_contentful_paint", 75) == pytest.approx(1_100, rel=0.05)
    assert day.percentile("largest_contentful_paint", 75) > 1.4 * day.percentile("first_contentful_paint", 75)
    assert day.percentile("session_duration", 50) == pytest.approx(190, rel=0.05)


def test_evenings_have_many_times_the_points_of_nights():
    night = Sums(CALM, DAY, DAY + 3 * HOUR, ["requests"])  # 3:00 to 6:00 in Cairo
    evening = Sums(CALM, DAY + 17 * HOUR, DAY + 20 * HOUR, ["requests"])
    assert evening.count["error_rate"] > 8 * night.count["error_rate"]


def test_the_same_seed_makes_the_same_rows_and_another_seed_others():
    first = list(points(CALM, NOON, NOON + HOUR))
    assert first == list(points(Plan(START, END, 7, releases=(RELEASE,)), NOON, NOON + HOUR))
    assert first != list(points(Plan(START, END, 8, releases=(RELEASE,)), NOON, NOON + HOUR))


def test_any_split_of_a_span_gives_the_same_rows_as_the_whole():
    storm = with_incident(Kind.RETRY_STORM, 8.0)
    cuts = [NOON, NOON + timedelta(minutes=1), NOON + timedelta(minutes=22), NOON + HOUR]
    parts = [row for since, until in pairwise(cuts) for row in points(storm, since, until)]
    assert parts == list(points(storm, NOON, NOON + HOUR))


def test_one_source_alone_has_the_rows_it_has_among_all():
    rows = list(points(CALM, NOON, NOON + HOUR))
    for source in SOURCES:
        alone = list(points(CALM, NOON, NOON + HOUR, sources=[source]))
        assert alone == [row for row in rows if row["source"] == source]
        assert alone
    with pytest.raises(KeyError):
        list(points(CALM, NOON, NOON + HOUR, sources=["weather"]))


def test_a_point_has_exactly_the_columns_of_the_table_and_is_alone_at_its_key():
    rows = list(points(CALM, NOON, NOON + HOUR))
    columns = {"metric", "minute", "dimensions", "source", "count", "sum", "bad", "bad_clients", "buckets"}
    assert all(set(row) == columns for row in rows)
    assert all(
        row["minute"].endswith(":00Z") and NOON <= datetime.fromisoformat(row["minute"]) < NOON + HOUR for row in rows
    )
    assert len({(row["metric"], row["minute"], row["dimensions"]) for row in rows}) == len(rows)
    assert [row["minute"] for row in rows] == sorted(row["minute"] for row in rows)
    assert all(row["bad_clients"] <= row["bad"] <= row["count"] for row in rows)


def test_the_distribution_of_a_point_holds_its_values():
    for row in points(CALM, NOON, NOON + HOUR):
        if row["buckets"]:
            assert sum(bucket["n"] for bucket in row["buckets"]) == row["count"]
            about = sum(bucket["n"] * value_of(bucket["i"]) for bucket in row["buckets"])
            assert about == pytest.approx(row["sum"], rel=0.011)
            assert [b["i"] for b in row["buckets"]] == sorted(b["i"] for b in row["buckets"])


def test_only_requests_have_a_point_in_a_minute_without_any():
    rows = list(points(with_incident(Kind.OUTAGE, 1.0), NOON + HOUR, NOON + 2 * HOUR))
    minutes = Counter(row["minute"] for row in rows if row["metric"] == "error_rate")
    assert len(minutes) == 60
    assert all(row["count"] == 0 for row in rows if row["metric"] == "error_rate")
    assert all(row["count"] for row in rows if row["metric"] != "error_rate")


def test_an_outage_is_silence_failed_probes_and_a_log_that_still_flows():
    calm, out = (Sums(plan, NOON + HOUR, NOON + 2 * HOUR) for plan in (CALM, with_incident(Kind.OUTAGE, 1.0)))
    assert (out.count["error_rate"], out.count["sessions"], out.share("uptime")) == (0, 0, 1.0)
    assert out.count["rows.requests"] == 60
    assert calm.count["error_rate"] > 1_000


def test_a_retry_storm_is_many_errors_of_one_client():
    calm = Sums(CALM, NOON, NOON + 3 * HOUR, ["requests"])
    storm = Sums(with_incident(Kind.RETRY_STORM, 8.0), NOON, NOON + 3 * HOUR, ["requests"])
    assert storm.bad["error_rate"] - calm.bad["error_rate"] == pytest.approx(8 * 180, rel=0.1)
    assert storm.clients["error_rate"] - calm.clients["error_rate"] == 12  # once in each quarter of an hour


def test_errors_of_many_clients_count_nearly_all():
    burst = Sums(with_incident(Kind.ERROR_BURST, 0.1), NOON, NOON + 3 * HOUR, ["requests"])
    assert 0.08 < burst.share("error_rate") < 0.12
    assert burst.clients["error_rate"] == pytest.approx(burst.bad["error_rate"] / 1.5, rel=0.1)


# strength, what is looked at, and what it should be
SHOWN = {
    Kind.SLOW_API: (3.0, lambda calm, now: now.percentile("api_response_time", 95) / calm.percentile("api_response_time", 95), 4.0),
    Kind.SLOW_PAGES: (1.0, lambda calm, now: now.percentile("first_contentful_paint", 75) / calm.percentile("first_contentful_paint", 75), 2.0),
    Kind.ENGAGEMENT_FALL: (0.5, lambda calm, now: now.percentile("session_duration", 50) / calm.percentile("session_duration", 50), 0.5),
    Kind.MARKETING_PEAK: (1.0, lambda calm, now: now.count["sessions"] / calm.count["sessions"], 2.0),
    Kind.ORDER_FAILURES: (0.5, lambda calm, now: now.share("order_failure_rate"), 0.5),
    Kind.CONVERSION_FALL: (0.5, lambda calm, now: now.share("conversion_rate"), 0.53),
}  # fmt: skip


@cache
def calm_evening() -> Sums:
    return Sums(CALM, *EVENING)


@pytest.mark.parametrize("kind", SHOWN)
def test_an_incident_shows_in_the_points_of_its_metric(kind):
    strength, seen, expected = SHOWN[kind]
    calm, now = calm_evening(), Sums(with_incident(kind, strength, 12 * HOUR), *EVENING)
    assert seen(calm, now) == pytest.approx(expected, rel=0.25)
    if kind not in (Kind.MARKETING_PEAK, Kind.ORDER_FAILURES):
        assert now.share("error_rate") == pytest.approx(calm.share("error_rate"), rel=0.5)
    assert now.share("error_rate") < 0.01


def test_counts_of_a_minute_are_more_uneven_than_chance():
    expected = {minute: rate_at(CALM, "requests", minute) for minute in minutes(NOON, NOON + 5 * HOUR)}
    squares = [(len(requests_in(CALM, minute)) - mean) ** 2 / mean for minute, mean in expected.items()]
    assert 1.3 < sum(squares) / len(squares) < 2.0  # 1.0 would be Poisson's


def test_a_release_posts_the_size_of_its_bundle_in_its_minute():
    rows = list(points(CALM, NOON, NOON + HOUR, sources=["measurements"]))
    size = next(row for row in rows if row["metric"] == "bundle_size")
    assert (size["minute"], size["count"], size["sum"]) == ("2026-05-12T12:07:00Z", 1, 612_345)
    assert size["dimensions"] == "asset=main"
    assert {row["metric"]: row["count"] for row in rows} == {"bundle_size": 1, "release": 1, "rows.measurements": 2}
