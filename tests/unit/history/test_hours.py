"""Points of whole hours say of the same traffic what the minutes say, and what they add up to agrees."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.history.hours import hourly_points
from infra.local.history.lesser_points import lesser_points
from infra.local.history.plan import Incident, Kind, Plan, Release
from infra.local.history.points import points
from infra.local.history.regions import REGIONS
from shared.domain.histograms import histogram

HOUR = timedelta(hours=1)
MIDNIGHT = datetime(2026, 5, 11, 21, tzinfo=UTC)  # in Cairo, of a Tuesday
NEXT = MIDNIGHT + 24 * HOUR
RELEASE = Release(MIDNIGHT + 13 * HOUR, "3.1.0", "def5678", 612_345)
PLAN = Plan(MIDNIGHT - timedelta(days=7), MIDNIGHT + timedelta(days=8), 7, releases=(RELEASE,))
VALUES = {
    "api_response_time": (50, 95, 99),
    "first_contentful_paint": (50, 75, 95),
    "largest_contentful_paint": (50, 75),
    "interaction_to_next_paint": (75,),
    "session_duration": (50,),
    "probe_response_time": (50, 95),
    "network_request_time": (50,),
    "database_latency": (50,),
    "memory_usage": (50,),
    "cache_hit_rate": (50,),
}


class Sums:
    """All points of some rows by metric."""

    def __init__(self, rows: list[dict]) -> None:
        self.count: Counter[str] = Counter()
        self.bad: Counter[str] = Counter()
        self.total: Counter[str] = Counter()
        self._buckets: dict[str, Counter[int]] = {}
        for row in rows:
            self.count[row["metric"]] += row["count"]
            self.bad[row["metric"]] += row["bad"]
            self.total[row["metric"]] += row["sum"]
            found = self._buckets.setdefault(row["metric"], Counter())
            found.update({bucket["i"]: bucket["n"] for bucket in row["buckets"]})

    def percentile(self, metric: str, percent: float) -> float:
        return histogram(self._buckets[metric]).percentile(percent)


def hourly(plan: Plan = PLAN, since: datetime = MIDNIGHT, until: datetime = NEXT) -> list[dict]:
    return list(hourly_points(plan, since, until, source="generated"))


@pytest.fixture(scope="module")
def rows() -> list[dict]:
    return hourly()


@pytest.fixture(scope="module")
def by_hour(rows) -> Sums:
    return Sums(rows)


@pytest.fixture(scope="module")
def by_minute() -> Sums:
    lesser = lesser_points(PLAN, MIDNIGHT, NEXT, source="generated")
    return Sums([*points(PLAN, MIDNIGHT, NEXT), *lesser])


def test_hours_and_minutes_tell_of_the_same_metrics(by_hour, by_minute):
    assert set(by_hour.count) == {name for name in by_minute.count if not name.startswith("rows.")}


def test_a_day_of_hours_comes_to_what_a_day_of_minutes_comes_to(by_hour, by_minute):
    for metric, count in by_hour.count.items():
        assert count == pytest.approx(by_minute.count[metric], rel=0.08, abs=5 * count**0.5), metric
    assert by_hour.total["revenue"] == pytest.approx(by_minute.total["revenue"], rel=0.25)
    for metric in ("error_rate", "conversion_rate", "uptime", "crash_free_sessions"):
        assert by_hour.bad[metric] == pytest.approx(by_minute.bad[metric], abs=5 * (1 + by_hour.bad[metric]) ** 0.5)


@pytest.mark.parametrize(("metric", "percent"), [(name, one) for name, many in VALUES.items() for one in many])
def test_percentiles_of_hours_are_those_of_minutes(by_hour, by_minute, metric, percent):
    assert by_hour.percentile(metric, percent) == pytest.approx(by_minute.percentile(metric, percent), rel=0.08)


def test_counts_agree_with_each_other(rows, by_hour):
    assert all(0 <= row["bad_clients"] <= row["bad"] <= row["count"] and row["sum"] >= 0 for row in rows)
    for row in rows:
        assert sum(bucket["n"] for bucket in row["buckets"]) in {0, row["count"]}
    assert by_hour.count["order_volume"] == by_hour.count["conversion_rate"] - by_hour.bad["conversion_rate"]
    assert by_hour.count["session_duration"] == by_hour.count["sessions"]
    assert by_hour.count["new_users"] < by_hour.count["daily_active_users"] < by_hour.count["sessions"]


def test_visits_and_sales_are_told_apart_by_region(rows):
    for metric in ("sessions", "order_volume", "revenue"):
        found = {row["dimensions"] for row in rows if row["metric"] == metric}
        assert found <= {f"region={region}" for region in REGIONS}
        assert len(found) > 10
    largest = Counter({row["dimensions"]: 0 for row in rows if row["metric"] == "sessions"})
    for row in rows:
        largest[row["dimensions"]] += row["count"] if row["metric"] == "sessions" else 0
    assert [name for name, _ in largest.most_common(2)] == ["region=Cairo Governorate", "region=Giza Governorate"]


def test_days_made_apart_are_the_days_of_the_whole():
    noon = MIDNIGHT + 36 * HOUR
    assert [*hourly(), *hourly(since=NEXT, until=noon)] == hourly(until=noon)


def test_another_seed_is_another_history(rows):
    assert hourly(Plan(PLAN.start, PLAN.end, 8, releases=PLAN.releases)) != rows


def test_what_goes_wrong_is_seen_in_its_hours():
    wrong = tuple(
        Incident(kind, MIDNIGHT + at * HOUR, MIDNIGHT + (at + 1) * HOUR, strength)
        for kind, at, strength in ((Kind.OUTAGE, 12, 0.8), (Kind.SLOW_API, 15, 3.0), (Kind.CONVERSION_FALL, 20, 0.5))
    )
    plan = Plan(PLAN.start, PLAN.end, 7, wrong, PLAN.releases)
    then = [Sums(hourly(plan, MIDNIGHT + at * HOUR, MIDNIGHT + (at + 1) * HOUR)) for at in (12, 15, 20)]
    usual = [Sums(hourly(PLAN, MIDNIGHT + at * HOUR, MIDNIGHT + (at + 1) * HOUR)) for at in (12, 15, 20)]
    assert then[0].count["error_rate"] < usual[0].count["error_rate"] / 3
    assert then[0].bad["uptime"] > 0.6 * then[0].count["uptime"]
    assert then[1].percentile("api_response_time", 95) > 3 * usual[1].percentile("api_response_time", 95)
    assert then[1].percentile("database_latency", 50) > 2 * usual[1].percentile("database_latency", 50)
    assert then[1].percentile("user_satisfaction", 50) < usual[1].percentile("user_satisfaction", 50)
    assert then[2].count["order_volume"] < then[2].count["conversion_rate"] * 0.8


def test_a_release_empties_the_caches_and_frees_memory(rows):
    def of(metric: str, hour: int) -> float:
        at = (MIDNIGHT + hour * HOUR).isoformat().replace("+00:00", "Z")
        return next(row["sum"] / row["count"] for row in rows if (row["metric"], row["minute"]) == (metric, at))

    assert of("cache_hit_rate", 13) < of("cache_hit_rate", 12) - 5
    assert of("memory_usage", 13) < of("memory_usage", 12) - 5
    assert [row["sum"] for row in rows if row["metric"] == "bundle_size"] == [612_345]
