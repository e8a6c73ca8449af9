"""Error budgets of every objective from one query over metric points."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local.warehouse.preparing import prepare
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.config.loader import load
from shared.domain.budgets import Budget
from shared.domain.figures import Gap, Span
from shared.domain.histograms import of_values
from shared.domain.periods import period_named
from shared.errors import ByteCapError, QueryError
from shared.ports.warehouse import Answer
from shared.usecases.budgets import read_budgets

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NAMES = {"uptime", "errors", "latency", "orders"}


def row(metric, at, count, bad=0, *, values=(), dimensions=""):
    found = of_values(values)
    buckets = [{"i": index, "n": number} for index, number in zip(found.indices, found.counts, strict=True)]
    minute = at.isoformat().replace("+00:00", "Z")
    named = {"metric": metric, "minute": minute, "dimensions": dimensions, "source": "requests"}
    return {**named, "count": count, "sum": 0.0, "bad": bad, "bad_clients": bad, "buckets": buckets}


class Asked:
    """A warehouse that remembers what it was asked and fails for the metrics it is told to."""

    def __init__(self, rows=(), failing=(), error=QueryError):
        self.inner, self.failing, self.error, self.asked = DuckDBWarehouse(None), set(failing), error, []
        prepare(self.inner)
        self.inner.append("soukmon.metric_points", list(rows))

    def query(self, name, parameters, *, maximum_bytes=None):
        self.asked.append((name, parameters["metrics"], maximum_bytes))
        if self.failing & set(parameters["metrics"]):
            raise self.error("no")
        return self.inner.query(name, parameters, maximum_bytes=maximum_bytes)


@pytest.fixture(scope="module")
def config():
    return load()


def budgets(warehouse, config, until=NOON, span=None) -> dict[str, Budget]:
    return read_budgets(until, config=config, warehouse=warehouse, span=span)


ROWS = (
    row("error_rate", NOON - 29 * DAY, 4_000, 10, dimensions="service=web"),
    row("error_rate", NOON - 29 * DAY, 2_000, 10, dimensions="service=orders-api"),
    row("error_rate", NOON - 90 * timedelta(minutes=1), 4_000, 20),
    row("error_rate", NOON - 31 * DAY, 9_999, 9_999),
    row("error_rate", NOON, 9_999, 9_999),
    row("uptime", NOON - DAY, 1_000, 10),
    row("api_response_time", NOON - DAY, 100, values=[200.0] * 99 + [1_500.0]),
)


def test_all_objectives_are_read_by_one_query_under_the_cap(config):
    warehouse = Asked(ROWS)
    assert set(budgets(warehouse, config)) == NAMES
    ((name, metrics, cap),) = warehouse.asked
    assert name == "read_figures"
    assert metrics == ["api_response_time", "error_rate", "order_failure_rate", "uptime"]
    assert cap == config.limits.query_bytes


def test_shares_count_what_is_bad_over_all_dimensions_and_values_what_is_beyond_their_limit(config):
    found = budgets(Asked(ROWS), config)
    assert (found["errors"].events, found["errors"].bad, found["errors"].left) == (10_000, 40, 60.0)
    assert (found["uptime"].bad, found["uptime"].left, found["uptime"].is_overspent) == (10, -100.0, True)
    assert found["uptime"].spent_at == NOON - DAY
    assert (found["latency"].bad, found["latency"].left) == (1, 80.0)


def test_what_was_not_measured_is_a_gap_and_no_budget(config):
    orders = budgets(Asked(ROWS), config)["orders"]
    assert (orders.left, orders.gap, orders.events) == (None, Gap.NO_DATA, 0)
    assert {value for _, value in orders.line.points} == {None}


@pytest.mark.parametrize("error", [QueryError, ByteCapError])
def test_one_that_cannot_be_read_is_a_gap_and_hides_no_other(config, error):
    found = budgets(Asked(ROWS, failing={"uptime"}, error=error), config)
    assert found["uptime"].gap is Gap.FAILED
    assert found["errors"].left == 60.0
    assert found["errors"].gap is None


def test_without_objectives_nothing_is_asked(config):
    class Silent:
        def query(self, name, parameters, *, maximum_bytes=None):
            raise AssertionError(name)

    bare = type("Bare", (), {"reporting": type("Empty", (), {"objectives": {}})})
    assert budgets(Silent(), bare) == {}


def test_the_line_of_a_day_has_a_point_an_hour_and_ends_at_what_is_left(config):
    errors = budgets(Asked(ROWS), config, span=Span(NOON - DAY, NOON))["errors"]
    starts = [at for at, _ in errors.line.points]
    assert starts == [NOON - hours * HOUR for hours in range(24, 0, -1)]
    values = dict(errors.line.points)
    # The hour from ten to eleven brings the third row; until then the failures of day 31 ago are still in the window of
    # no hour shown, so the 20 of 6,000 leave two thirds.
    assert values[NOON - 3 * HOUR] == pytest.approx(100 * (1 - 20 / 60))
    assert values[NOON - 2 * HOUR] == values[NOON - HOUR] == errors.left == 60.0


def test_each_point_looks_back_over_its_own_window_even_before_the_span(config):
    rows = [row("error_rate", NOON - 31 * DAY, 1_000, 5), row("error_rate", NOON - 2 * DAY, 1_000, 0)]
    line = budgets(Asked(rows), config, span=Span(NOON - 3 * DAY, NOON))["errors"].line
    values = dict(line.points)
    assert values[NOON - 3 * DAY] == 50.0
    assert values[NOON - 2 * DAY] == 75.0
    assert values[NOON - DAY] == 100.0  # the hour of the failures has left


def test_a_month_has_a_point_for_each_day_of_egypt_as_other_lines_have(config):
    april = period_named("2026-04")
    found = budgets(Asked([row("error_rate", april.start, 1_000, 5)]), config, until=april.end, span=april.span)
    points = found["errors"].line.points
    assert len(points) == 30
    assert points[0] == (april.start, 50.0)
    assert points[-1][1] == found["errors"].left


def test_without_a_span_the_line_is_of_the_window(config):
    points = budgets(Asked(ROWS), config)["errors"].line.points
    assert NOON - 30 * DAY - DAY < points[0][0] <= NOON - 30 * DAY
    assert points[-1][1] == 60.0


def test_an_answer_without_rows_is_no_data(config):
    class Empty:
        def query(self, name, parameters, *, maximum_bytes=None):
            return Answer()

    assert {one.gap for one in budgets(Empty(), config).values()} == {Gap.NO_DATA}
