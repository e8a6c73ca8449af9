"""The points of a real warehouse, backed up and appended to another: nothing of a row is lost on the way."""

from datetime import timedelta

import pytest

from infra.local.warehouse.preparing import prepare
from infra.local.warehouse.rest import client
from shared.adapters.bigquery.warehouse import BigQueryWarehouse
from shared.adapters.clocks import VirtualClock
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.adapters.sqlite_state import SqliteState
from shared.domain.jobs import Run, Verdict
from shared.usecases.backups import manifest_of, names_of_backups, rows_of
from shared.usecases.jobs.backup_verification import verification_steps
from tests.unit.usecases.jobs.backup_house import keeper_of
from tests.unit.usecases.world import World

POINTS = "soukmon.metric_points"


def point(at, **more):
    row = {"metric": "orders", "minute": at.isoformat(), "dimensions": "k=سوق", "source": "r", "count": 1, "sum": 0.1}
    return {**row, "bad": 0, "bad_clients": 0, "buckets": [{"i": -3, "n": 2}, {"i": 7, "n": 1}], **more}


@pytest.mark.parametrize("engine", ["duckdb", "bigquery"])
def test_E87_points_come_back_from_their_backup_as_they_were(rolled, clock, tmp_path, engine):
    now = clock.now().replace(minute=0) + timedelta(minutes=40)
    inside = [now - timedelta(hours=hours) for hours in (1, 1, 20, 48)]
    rolled.warehouse.append(POINTS, [point(at, count=number) for number, at in enumerate(inside)])
    rolled.warehouse.append(
        POINTS, [point(now), point(now - timedelta(hours=49))]
    )  # not whole yet, and of a night before
    asked = rolled.warehouse if engine == "duckdb" else BigQueryWarehouse(lambda: client(rolled.warehouse))
    world = World(SqliteState(tmp_path / "state.db"), VirtualClock(now))
    keeper = keeper_of(world, tmp_path, warehouse=asked)
    found = verification_steps(keeper)["warehouse"](Run("backup_verification", now, now, now))
    manifest = manifest_of(keeper.archive, names_of_backups(keeper.archive, "points")[-1])
    rows = [row.body for _, part in rows_of(keeper.archive, manifest) for row in part]
    assert (found.verdict, found.evidence["documents"], len(rows)) == (Verdict.PASS, 4, 4)
    other = DuckDBWarehouse(None)
    prepare(other)
    other.append(POINTS, rows)
    kept = other.query("export_points", {"since": now - timedelta(days=9), "until": now + timedelta(days=9)}).rows
    live = rolled.warehouse.query("export_points", {"since": now - timedelta(hours=48, minutes=40), "until": now}).rows
    assert sorted(kept, key=lambda row: row["count"]) == sorted(live, key=lambda row: row["count"])
