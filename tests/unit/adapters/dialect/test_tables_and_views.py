import subprocess
import sys

import pytest

from shared.adapters.dialect.schemas import column_type
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.errors import QueryError

NUMBER = [{"name": "n", "type": "INT64"}]


@pytest.fixture
def warehouse():
    warehouse = DuckDBWarehouse(None)
    yield warehouse
    warehouse.close()


def numbers(warehouse, table):
    return [row["n"] for row in warehouse.run(f"SELECT v.n AS n FROM {table} AS v ORDER BY v.n", {}).rows]


def filled(warehouse, table, *values):
    warehouse.create(table, NUMBER)
    warehouse.append(table, [{"n": value} for value in values])


@pytest.mark.parametrize(
    ("field", "type_"),
    [
        ({"type": "STRING"}, "VARCHAR"),
        ({"type": "FLOAT"}, "DOUBLE"),
        ({"type": "BOOLEAN"}, "BOOLEAN"),
        ({"type": "TIMESTAMP"}, "TIMESTAMPTZ"),
        ({"type": "DATETIME"}, "TIMESTAMP"),
        ({"type": "NUMERIC"}, "DECIMAL(38, 9)"),
        ({"type": "JSON"}, "JSON"),
        ({"type": "INTEGER", "mode": "REPEATED"}, "BIGINT[]"),
        ({"type": "RECORD", "mode": "REPEATED", "fields": [{"name": "a", "type": "DATE"}]}, 'STRUCT("a" DATE)[]'),
    ],
    ids=str,
)
def test_a_field_has_the_type_that_holds_its_values(field, type_):
    assert column_type({"name": "x", **field}) == type_


def test_a_type_without_counterpart_is_refused():
    with pytest.raises(QueryError, match="x of type BYTES"):
        column_type({"name": "x", "type": "BYTES"})


def test_an_object_in_a_json_column_can_be_read(warehouse):
    warehouse.create("logs.entries", [{"name": "payload", "type": "JSON"}])
    warehouse.append("logs.entries", [{"payload": {"code": 5}}, {}])
    rows = warehouse.run("SELECT JSON_VALUE(e.payload, '$.code') AS code FROM logs.entries AS e", {}).rows
    assert [row["code"] for row in rows] == ["5", None]


def test_an_array_that_a_row_leaves_out_is_stored_empty(warehouse):
    warehouse.create("shop.t", [*NUMBER, {"name": "tags", "type": "STRING", "mode": "REPEATED"}])
    warehouse.append("shop.t", [{"n": 1}, {"n": 2, "tags": None}])
    assert warehouse.run("SELECT ARRAY_LENGTH(t.tags) AS length FROM shop.t AS t", {}).rows == ({"length": 0},) * 2


def test_a_view_may_be_defined_before_the_tables_it_reads_and_sees_those_that_come_later(warehouse):
    warehouse.define_view("soukmon.days", "SELECT e.n AS n FROM `ga.events_*` AS e")
    warehouse.define_view("soukmon.big", "SELECT d.n AS n FROM soukmon.days AS d WHERE d.n > 1")
    with pytest.raises(QueryError, match=r"ga.events_\* does not match any table"):
        numbers(warehouse, "soukmon.big")
    filled(warehouse, "ga.events_1", 1, 2)
    assert numbers(warehouse, "soukmon.big") == [2]
    filled(warehouse, "ga.events_2", 3)
    assert numbers(warehouse, "soukmon.big") == [2, 3]
    warehouse.drop("ga.events_1")
    assert numbers(warehouse, "soukmon.big") == [3]


def test_a_view_is_known_by_its_name_unless_it_gets_another(warehouse):
    warehouse.define_view("soukmon.one", "SELECT 1 AS n")
    assert warehouse.run(
        "SELECT one.n AS n FROM soukmon.one JOIN soukmon.one AS other ON other.n = one.n", {}
    ).rows == ({"n": 1},)


def test_a_view_defined_again_is_replaced(warehouse):
    for value in (1, 2):
        warehouse.define_view("soukmon.one", f"SELECT {value} AS n")
        assert numbers(warehouse, "soukmon.one") == [value]


def test_a_view_that_reads_itself_is_refused(warehouse):
    warehouse.define_view("soukmon.a", "SELECT b.n AS n FROM soukmon.b AS b")
    warehouse.define_view("soukmon.b", "SELECT a.n AS n FROM soukmon.a AS a")
    with pytest.raises(QueryError, match="reads itself"):
        numbers(warehouse, "soukmon.a")


def test_a_view_with_something_unsupported_is_refused_when_it_is_defined(warehouse):
    with pytest.raises(QueryError, match="FARM_FINGERPRINT"):
        warehouse.define_view("soukmon.a", "SELECT FARM_FINGERPRINT('a') AS n")


def test_a_wildcard_over_a_year_of_days_is_read(warehouse):
    for day in range(366):
        warehouse.create(f"ga.events_{day:03}", NUMBER)
    warehouse.append("ga.events_200", [{"n": 1}])
    assert warehouse.run("SELECT e.n AS n FROM `ga.events_*` AS e WHERE e._TABLE_SUFFIX > '1'", {}).rows == ({"n": 1},)


def test_columns_that_a_day_of_a_wildcard_does_not_have_are_null(warehouse):
    filled(warehouse, "ga.events_1", 1)
    warehouse.create("ga.events_2", [{"name": "m", "type": "STRING"}, *NUMBER])
    warehouse.append("ga.events_2", [{"n": 2, "m": "x"}])
    rows = warehouse.run("SELECT e.n AS n, e.m AS m FROM `ga.events_*` AS e ORDER BY e.n", {}).rows
    assert rows == ({"n": 1, "m": None}, {"n": 2, "m": "x"})


def test_tables_views_and_partitions_outlive_the_process(tmp_path):
    first = DuckDBWarehouse(tmp_path / "w.duckdb")
    first.create(
        "soukmon.points", [*NUMBER, {"name": "minute", "type": "TIMESTAMP"}], partitioned_by=("minute", "HOUR")
    )
    first.append("soukmon.points", [{"n": 1, "minute": "2025-11-01T12:00:00Z"}])
    first.define_view("soukmon.days", "SELECT e.n AS n FROM `soukmon.point*` AS e")
    first.close()
    again = DuckDBWarehouse(tmp_path / "w.duckdb")
    again.create("soukmon.points", NUMBER)
    assert (numbers(again, "soukmon.days"), again._partitions) == ([1], {"soukmon.points": ("minute", "HOUR")})
    again.close()


def test_a_change_that_fails_leaves_everything_as_it_was(warehouse):
    warehouse.create(
        "soukmon.t",
        [{"name": "n", "type": "INT64", "mode": "REQUIRED"}, {"name": "b", "type": "INT64", "mode": "REPEATED"}],
    )
    warehouse.append("soukmon.t", [{"n": 1}, {"n": 2}])
    with pytest.raises(QueryError, match="NOT NULL"):
        warehouse.run("UPDATE soukmon.t AS t SET n = NULLIF(t.n, 2) WHERE TRUE", {})
    assert numbers(warehouse, "soukmon.t") == [1, 2]


def test_importing_the_warehouse_loads_no_engine():
    script = "import sys; import shared.adapters.duckdb_warehouse; sys.exit(any(m in sys.modules for m in ('duckdb', 'sqlglot')))"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
