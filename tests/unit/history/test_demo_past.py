"""The history that the demo stands on: every metric with a source, in every week, and nothing of it touched by rollups."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from infra.local import demo_history
from infra.local.demo_past import GENERATED, WEEKS, past, releases_before
from infra.local.warehouse.on_demand import WarehouseOnDemand
from shared.config.loader import load
from shared.domain.changes import ChangeKind
from shared.domain.figures import Gap, Span
from shared.usecases.figure_reading import Asked, figure, read

START = datetime(2026, 11, 30, 1, 17, tzinfo=UTC)
END = START + timedelta(hours=24)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
OWN = {"", "incidents", "jobs"}  # no source, and those whose points are our own records


@pytest.fixture(scope="module")
def config():
    return load()


@pytest.fixture(scope="module")
def day():
    return demo_history.demo_day(START)


@pytest.fixture(scope="module")
def rows(day):
    return list(demo_history.history(day))


@pytest.fixture(scope="module")
def warehouse(rows):
    made = WarehouseOnDemand(None)
    made.append(demo_history.POINTS, rows)
    yield made
    made.close()


def test_every_metric_that_has_a_source_has_points_in_every_week(config, day, rows):
    weeks = defaultdict(set)
    for row in rows:
        weeks[row["metric"]].add((day.plan.start - datetime.fromisoformat(row["minute"])) // WEEK)
    wanted = {one.points for one in config.metrics.values() if one.source not in OWN}
    assert wanted - weeks.keys() == set()
    for metric in wanted:
        assert set(range(WEEKS)) <= weeks[metric], metric


def test_the_past_ends_where_the_demo_days_own_history_begins_and_is_the_same_each_time(day):
    made = list(past(day.plan))
    minutes = {datetime.fromisoformat(row["minute"]) for row in made}
    assert (min(minutes), max(minutes)) == (day.plan.start - WEEKS * WEEK, day.plan.start - HOUR)
    assert {row["source"] for row in made} == {GENERATED}
    assert made == list(past(day.plan))
    assert len(made) == len({(row["metric"], row["minute"], row["dimensions"]) for row in made})


def test_the_marketplace_has_grown_and_releases_weekly(day, rows):
    sessions = Counter()
    for row in rows:
        if row["metric"] == "sessions":
            sessions[(day.plan.start - datetime.fromisoformat(row["minute"])) // WEEK] += row["count"]
    latest, oldest = range(4), range(WEEKS - 4, WEEKS)
    assert sum(sessions[week] for week in latest) > 1.04 * sum(sessions[week] for week in oldest)
    releases = releases_before(day.plan.start)
    assert len(releases) in {WEEKS, WEEKS + 1}
    assert all(one.at < day.plan.start and 550_000 < one.bundle_bytes < 700_000 for one in releases)
    assert {later.at.astimezone(UTC).weekday() for later in releases} == {1}


def test_every_figure_of_the_last_month_and_the_one_before_can_be_read(config, warehouse):
    month, before = Span(END - 31 * DAY, END), Span(END - 62 * DAY, END - 31 * DAY)
    metrics = [one for one in config.metrics.values() if one.source not in OWN]
    readings = read(metrics, Asked(month, before, 3600), config=config, warehouse=warehouse, now=END)
    for metric in metrics:
        found = figure(metric, readings, config)
        assert found.gap is not Gap.NO_DATA, metric.name
        assert found.value is not None, metric.name
        assert found.before is not None, metric.name


def test_rollups_leave_the_generated_points_alone(config, warehouse):
    span = {"metrics": ["sessions"], "since": START - 3 * DAY, "until": END, "seconds": 3600}
    before = warehouse.query("read_points", span).rows
    for source in config.sources:
        warehouse.query(f"rollup_{source}", {"since": START - 3 * DAY, "until": END})
    assert before
    assert warehouse.query("read_points", span).rows == before


def test_daily_users_of_spans_with_raw_events_are_left_to_these(day, rows):
    raw = day.silent_from - timedelta(minutes=10)  # within the glimpse, whose events are exported
    of_minute = {row["metric"] for row in rows if datetime.fromisoformat(row["minute"]) == raw}
    assert "network_request_time" in of_minute
    assert not of_minute & {"sessions", "daily_active_users", "interaction_to_next_paint", "first_contentful_paint"}


def test_the_weekly_releases_are_told_of_as_pipelines_do(day):
    told = list(demo_history.released(day))
    assert [one.at for one in told] == [one.at for one in day.plan.releases]
    assert {(one.kind, one.service) for one in told} == {(ChangeKind.RELEASE, "web")}
    assert len({one.id for one in told}) == len({one.version for one in told}) == len(told)
