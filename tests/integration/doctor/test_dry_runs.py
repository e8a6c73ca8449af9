"""Every packaged query is checked by the warehouse without being run; one that it refuses is told by its name."""

import json

import pytest

from infra.local.warehouse.exports import raw_tables
from infra.local.warehouse.preparing import prepare
from infra.local.warehouse.rest import client
from infra.tools.doctor.dry_runs import dry_runs
from infra.tools.doctor.outcomes import State
from infra.tools.doctor.running import examine
from shared.adapters.bigquery.installation import SQL, Installation, own_tables, views
from shared.adapters.bigquery.warehouse import BigQueryWarehouse
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from tests.integration.doctor.conftest import NOW

METRICS = ("error_rate", "order_volume")


def examined(engine):
    checks = dry_runs(BigQueryWarehouse(lambda: client(engine)), metrics=METRICS, now=NOW)
    return {one.name: one.outcome for one in examine(checks)}


@pytest.fixture
def engine():
    made = DuckDBWarehouse(None)
    yield made
    made.close()


def test_every_packaged_query_is_told_with_its_bytes_and_changes_nothing(engine):
    prepare(engine)
    found = examined(engine)
    assert set(found) == {f"sql {file.stem}" for file in SQL.glob("*.sql")}
    assert all(one.state is State.OK and "bytes" in one.says for one in found.values()), found
    assert engine.stamp(["soukmon.metric_points"]) == ""


def test_a_column_that_is_gone_refuses_exactly_the_queries_that_read_it(engine):
    names = Installation()
    for table in (*raw_tables(names), *own_tables(names)):
        schema = [one for one in table.schema if (table.name, one["name"]) != (names.requests, "httpRequest")]
        engine.create(table.name, schema, partitioned_by=table.partitioned_by)
    for view, select in views(names):
        engine.define_view(view, select)
    refused = {name: one for name, one in examined(engine).items() if one.state is State.FAIL}
    assert set(refused) == {"sql rollup_requests", "sql diagnose_requests", "sql slow_routes"}
    assert "httpRequest" in refused["sql rollup_requests"].says


def test_a_column_that_a_merge_writes_is_missed_too(engine):
    names = Installation()
    for table in (*raw_tables(names), *own_tables(names)):
        schema = [one for one in table.schema if (table.name, one["name"]) != ("soukmon.metric_points", "buckets")]
        engine.create(table.name, schema, partitioned_by=table.partitioned_by)
    for view, select in views(names):
        engine.define_view(view, select)
    found = examined(engine)
    rollups = {name for name in found if name.startswith("sql rollup_")}
    assert {name for name, one in found.items() if one.state is State.FAIL} >= rollups, json.dumps(
        {name: one.says for name, one in found.items()}
    )
