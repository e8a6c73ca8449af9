"""The bytes that BigQuery bills: what each query reads of a row, measured; how many rows, by the volume."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from infra.local.history.default_plan import default_plan
from infra.local.history.plan import Plan
from infra.local.history.points import points
from infra.local.history.raw.rows import raw_rows
from infra.local.warehouse.preparing import load as load_rows
from infra.local.warehouse.preparing import prepare
from shared.adapters.dialect.billing import MINIMUM
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.domain.configuration import Configuration
from shared.domain.metrics import Source
from shared.ports.warehouse import Parameter
from shared.usecases.measured import measured as asked

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SAMPLE = timedelta(minutes=20)
POINTS = "soukmon.metric_points"
HALF = 0.5  # of the day has gone by, on the mean, when its partition is read
PROBES, MEASUREMENTS = "soukmon.probe_results", "soukmon.measurements"
WEB_ERRORS = "request_logs.firebasetelemetry_googleapis_com_events"
NO_CAP = 1 << 50


@dataclass(frozen=True, slots=True)
class Reading:
    """What the queries read: of an evaluation, and of one row of each table for each source's rollup.

    `rows_for_each` are the rows of a table that come with one request, `rows_with_time` those that come in any day.
    """

    evaluation: int
    row_bytes: Mapping[str, Mapping[str, float]]
    rows_for_each: Mapping[str, float]
    rows_with_time: Mapping[str, float]
    point_bytes: float


def reading(configuration: Configuration) -> Reading:
    """Measure it over generated traffic in the embedded engine; takes some seconds."""
    plan, engine = default_plan(NOW, days=30), DuckDBWarehouse(None)
    prepare(engine)
    hours, rows = _fill(engine, plan)
    loaded = _loaded(engine, plan)
    requests = loaded["request_logs.run_googleapis_com_requests"]
    spans = {
        name: engine.row_bytes(f"rollup_{name}", {"since": NOW - HOUR, "until": NOW}) for name in rolled(configuration)
    }
    rules = configuration.metric_rules
    found = asked(rules, configuration.metrics, known={}, warehouse=engine, until=NOW, cap=NO_CAP)
    every: dict[str, Parameter] = {"metrics": ["error_rate"], "since": NOW - DAY, "until": NOW, "seconds": 60}
    point = engine.row_bytes("read_points", every)[POINTS]
    engine.close()
    ratios = {table: count / requests for table, count in loaded.items() if not table.startswith("soukmon.")}
    with_time = {POINTS: rows / hours * 24, PROBES: loaded[PROBES] * (DAY / SAMPLE)}
    return Reading(found.bytes_billed, spans, ratios, with_time, point)


def rollup_bytes(source: Source, read: Reading, rows_a_day: Mapping[str, float]) -> float:
    """A day of a source's rollups: the day's partition as often as it changes, and the deep days now and then."""
    widths = read.row_bytes[source.name]
    changes = sum(rows_a_day.get(table, 0.0) for table in widths if table != POINTS)
    runs, deep_runs = min(DAY / source.every, changes), min(DAY / source.deep_every, changes)
    deep_days = -(-source.deep // DAY) + HALF
    total = 0.0
    for table, width in widths.items():
        day = rows_a_day.get(table, 0.0) * width
        total += runs * max(MINIMUM, HALF * day) + deep_runs * max(MINIMUM, deep_days * day)
    return total


def rows_a_day(read: Reading, *, requests: float, measurements: float, errors: float) -> dict[str, float]:
    """How many rows come into each table; probes and points come with time, not with visitors."""
    exports = {table: requests * ratio for table, ratio in read.rows_for_each.items()}
    return {**exports, **read.rows_with_time, MEASUREMENTS: measurements, WEB_ERRORS: errors}


def bytes_a_day(configuration: Configuration, read: Reading, rows: Mapping[str, float]) -> float:
    """Everything that is asked in a day; an evaluation follows whatever changed, once a minute at most."""
    rollups = sum(rollup_bytes(configuration.sources[name], read, rows) for name in rolled(configuration))
    changed = min(24 * 60, sum(count for table, count in rows.items() if table != POINTS))
    return rollups + changed * read.evaluation


def rolled(configuration: Configuration) -> list[str]:
    """The sources that have raw tables."""
    return [name for name, source in configuration.sources.items() if source.tables]


def _fill(engine: DuckDBWarehouse, plan: Plan) -> tuple[float, int]:
    """What an evaluation reads: a day and more, and the same hours of the weeks and days before; hours and rows."""
    spans = [(NOW - n * DAY - 3 * HOUR, NOW - n * DAY + HOUR) for n in (28, 21, 14, 7, 6, 5, 4, 3, 2)]
    spans.append((NOW - 30 * HOUR, NOW))
    made = 0
    for since, until in spans:
        rows = list(points(plan, since, until))
        made += len(rows)
        engine.append(POINTS, rows)
    return sum((until - since) / HOUR for since, until in spans), made


def _loaded(engine: DuckDBWarehouse, plan: Plan) -> dict[str, int]:
    """Raw rows of some minutes; how many in each table."""
    counted: dict[str, int] = {}
    rows = list(raw_rows(plan, NOW - SAMPLE, NOW))
    for table, _ in rows:
        counted[table] = counted.get(table, 0) + 1
    load_rows(engine, rows)
    return counted
