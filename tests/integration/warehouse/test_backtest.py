"""The replay of history against the live path, and what it reads of a warehouse."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.history.plan import Incident, Kind, Plan, Release
from infra.local.history.points import points
from infra.local.warehouse.preparing import prepare
from shared.adapters.clocks import VirtualClock
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.adapters.sqlite_state import SqliteState
from shared.config.loader import load
from shared.domain.rules import Comparison, Limit, MetricRule, Unit
from shared.domain.severities import Severity
from shared.ports.warehouse import Answer
from shared.usecases.backtest import Span, report, verdicts
from shared.usecases.backtest_reading import NoHistoryError, read_history
from shared.usecases.evaluate_rules import evaluate_rules

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
SPAN = Span(NOON - 130 * MINUTE, NOON)
INCIDENTS = (
    Incident(Kind.CONVERSION_FALL, NOON - 30 * HOUR, NOON, 0.6),
    Incident(Kind.ERROR_BURST, NOON - 125 * MINUTE, NOON - 117 * MINUTE, 0.3),
    Incident(Kind.SLOW_API, NOON - 105 * MINUTE, NOON - 95 * MINUTE, 6.0),
    Incident(Kind.OUTAGE, NOON - 75 * MINUTE, NOON - 64 * MINUTE, 1.0),
    Incident(Kind.SLOW_PAGES, NOON - 55 * MINUTE, NOON, 3.0),
    Incident(Kind.BUNDLE_JUMP, NOON - 50 * MINUTE, NOON, 0.6),
)
RELEASES = (Release(NOON - 8 * HOUR, "1", "a", 600_000), Release(NOON - 40 * MINUTE, "2", "b", 610_000))
COMPARED = MetricRule(
    "slow_pages_compared", "first_contentful_paint", Severity.HIGH, ("slack",),
    limit=Limit(Comparison.ABOVE, 1_500, Unit.MILLISECONDS), window=timedelta(minutes=30), hold_for=timedelta(minutes=5), min_samples=20,
)  # fmt: skip
SOURCES = ("requests", "analytics", "probes", "measurements")


class Raw:
    """A warehouse whose rollups write the points of raw rows that come in with each minute."""

    def __init__(self, config, clock, rows):
        self.config, self.clock = config, clock
        self.warehouse = warehouse_with([])
        self.rows = sorted(rows, key=lambda row: row["minute"])
        self.arrivals = [row for row in self.rows if row["metric"].startswith("rows.")]
        self.append, self.rolled = self.warehouse.append, {}

    def query(self, name, parameters, *, maximum_bytes=None):
        if not name.startswith("rollup_"):
            return self.warehouse.query(name, parameters)
        source, until = name.removeprefix("rollup_"), written(parameters["until"])
        after = self.rolled.get(source, "")
        new = [row for row in self.rows if row["source"] == source and after <= row["minute"] < until]
        self.append("soukmon.metric_points", new)
        self.rolled[source] = until
        return Answer()

    def stamp(self, tables):
        source = next(one.name for one in self.config.sources.values() if one.tables == tuple(tables))
        until = written(self.clock.now())
        return max(
            (row["minute"] for row in self.arrivals if row["source"] == source and row["minute"] < until), default=""
        )


def written(at):
    return at.isoformat().replace("+00:00", "Z")


def warehouse_with(rows):
    made = DuckDBWarehouse(None)
    prepare(made)
    made.append("soukmon.metric_points", rows)
    return made


class NoBus:
    def publish(self, topic, data, attributes=None):
        return ""


@pytest.fixture(scope="module")
def config():
    made = load()
    return replace(made, metric_rules=(*made.metric_rules, COMPARED))


@pytest.fixture(scope="module")
def rows(config):
    plan = Plan(NOON - 34 * HOUR, NOON, 3, INCIDENTS, RELEASES)
    wanted = {config.metrics[rule.metric].points for rule in config.metric_rules}
    made = points(plan, plan.start, plan.end, sources=SOURCES)
    return [row for row in made if row["metric"] in wanted or row["metric"].startswith("rows.")]


@pytest.fixture(scope="module")
def warehouse(rows):
    return warehouse_with(rows)


def live(config, rows, folder):
    clock, store, told = VirtualClock(SPAN.since), SqliteState(folder / "state.db"), []
    raw = Raw(config, clock, rows)
    while clock.now() < SPAN.until:
        clock.advance(MINUTE)
        done = evaluate_rules(config=config, warehouse=raw, store=store, publisher=NoBus(), clock=clock)
        told += [(clock.now(), rule, say) for rule, say in done.said.items()]
    return told


def replayed(config, warehouse, **options):
    rules = config.metric_rules
    readings = read_history(rules, config.metrics, warehouse=warehouse, since=SPAN.since, until=SPAN.until)
    return verdicts(rules, readings, config=config, span=SPAN, **options)


def test_the_backtest_says_what_the_live_path_says_minute_by_minute(config, warehouse, rows, tmp_path):
    told = [(one.at, one.rule, str(one.say)) for one in replayed(config, warehouse)]
    assert told == live(config, rows, tmp_path)
    fired = {rule for _, rule, say in told if say == "fired"}
    assert {"error_rate_alert", "api_response_alert", "bundle_size_alert", "slow_pages_compared"} <= fired
    assert {say for _, _, say in told} >= {"fired", "still firing", "resolved"}


def test_the_backtest_reads_each_minute_once_and_prices_a_live_evaluation(config, warehouse):
    rules = config.metric_rules
    readings = read_history(rules, config.metrics, warehouse=warehouse, since=SPAN.since, until=SPAN.until)
    made = report(rules, readings, config=config, warehouse=warehouse, span=SPAN)
    assert [one.rule.name for one in made.outcomes] == [rule.name for rule in rules]
    assert made.bytes_read > 0 < made.bytes_an_evaluation
    history = readings.histories["error_rate"]
    read = [history.starts[number] for number in range(len(history.starts))]
    assert read == sorted(set(read))
    assert read[-1] == int((NOON - MINUTE).timestamp())


def test_a_span_without_a_single_row_is_no_history(config):
    empty = warehouse_with([])
    readings = read_history(config.metric_rules, config.metrics, warehouse=empty, since=SPAN.since, until=SPAN.until)
    with pytest.raises(NoHistoryError):
        report(config.metric_rules, readings, config=config, warehouse=empty, span=SPAN)
