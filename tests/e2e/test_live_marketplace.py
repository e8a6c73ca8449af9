"""After the demo the marketplace goes on living, and the monitoring has nothing to say about it."""

from datetime import UTC, datetime, timedelta

from infra.local.live import Marketplace
from infra.local.warehouse.on_demand import WarehouseOnDemand
from shared.adapters.clocks import VirtualClock


def test_each_minute_brings_its_own_rows_and_none_twice(tmp_path):
    clock = VirtualClock(datetime(2026, 5, 6, 18, 0, tzinfo=UTC))
    warehouse = WarehouseOnDemand(tmp_path / "w.duckdb")
    market = Marketplace(warehouse, clock)
    for _ in range(3):
        clock.advance(timedelta(minutes=1))
        market.catch_up()
        market.catch_up()
    counted = (
        warehouse.made()
        .run(
            "SELECT COUNT(*) AS n, COUNT(DISTINCT r.insertId) AS ids FROM request_logs.run_googleapis_com_requests AS r",
            {},
        )
        .rows
    )
    assert counted[0]["n"] > 10
    assert counted[0]["n"] - counted[0]["ids"] <= 3
    warehouse.close()


def test_what_the_app_measures_of_itself_goes_on_as_well(tmp_path):
    clock = VirtualClock(datetime(2026, 5, 6, 18, 0, tzinfo=UTC))
    warehouse = WarehouseOnDemand(tmp_path / "w.duckdb")
    market = Marketplace(warehouse, clock)
    clock.advance(timedelta(minutes=6))
    market.catch_up()
    since, until = datetime(2026, 5, 6, 18, 0, tzinfo=UTC), clock.now()
    warehouse.query("rollup_measurements", {"since": since, "until": until})
    metrics = ["memory_usage", "database_latency", "instances", "cache_hit_rate"]
    span = {"metrics": metrics, "since": since, "until": until, "seconds": 600}
    found = {row["metric"]: (row["count"], row["sum"]) for row in warehouse.query("read_points", span).rows}
    assert {metric: count for metric, (count, _) in found.items()} == dict.fromkeys(metrics, 2)
    assert 80 < found["cache_hit_rate"][1] / 2 < 100
    warehouse.close()
