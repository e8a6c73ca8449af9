"""The rollups over the raw rows make the points that are drawn directly: model and SQL say the same of the same traffic."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local.history.plan import Incident, Kind, Plan, Release
from infra.local.history.points import SOURCES, points
from infra.local.history.raw.rows import raw_rows
from infra.local.warehouse.preparing import load, prepare
from shared.adapters.duckdb_warehouse import DuckDBWarehouse

SINCE = datetime(2026, 5, 12, 22, tzinfo=UTC)  # 1:00 in Cairo
MIDDLE = SINCE + timedelta(minutes=15)
UNTIL = SINCE + timedelta(minutes=30)
PLAN = Plan(
    SINCE - timedelta(days=7),
    SINCE + timedelta(days=3),
    5,
    (Incident(Kind.ERROR_BURST, SINCE, MIDDLE, 0.2), Incident(Kind.RETRY_STORM, MIDDLE, UNTIL, 8.0)),
    (Release(MIDDLE, "3.1.0", "def5678", 612_345),),
)
LIBERTIES = {"crash_free_users"}  # see points()


@pytest.fixture(scope="module")
def rolled_up() -> DuckDBWarehouse:
    warehouse = DuckDBWarehouse(None)
    prepare(warehouse)
    load(warehouse, raw_rows(PLAN, SINCE - timedelta(hours=1), UNTIL + timedelta(hours=1)))
    for source in SOURCES:
        late = timedelta(minutes=30) if source == "analytics" else timedelta(0)
        warehouse.query(f"rollup_{source}", {"since": SINCE, "until": UNTIL + late})
    return warehouse


@pytest.fixture(scope="module")
def drawn() -> list[dict]:
    return list(points(PLAN, SINCE, UNTIL))


def test_each_metric_has_the_same_sums_and_distributions_from_raw_rows_as_from_the_draws(rolled_up, drawn):
    metrics = sorted({row["metric"] for row in drawn} - LIBERTIES)
    span = {"metrics": metrics, "since": SINCE, "until": UNTIL, "seconds": int((UNTIL - SINCE).total_seconds())}
    answer = {row["metric"]: row for row in rolled_up.query("read_points", span).rows}
    for metric in metrics:
        of_metric, found = [row for row in drawn if row["metric"] == metric], answer[metric]
        for column in ("count", "bad", "bad_clients"):
            assert found[column] == sum(row[column] for row in of_metric), (metric, column)
        assert found["sum"] == pytest.approx(sum(row["sum"] for row in of_metric), rel=1e-6), metric
        buckets = sum(bucket["n"] for row in of_metric for bucket in row["buckets"])
        assert sum(bucket["n"] for bucket in found["buckets"] or []) == buckets, metric
    assert {"error_rate", "api_response_time", "first_contentful_paint", "conversion_rate", "bundle_size"} <= set(
        metrics
    )
