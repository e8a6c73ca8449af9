"""What every warehouse must do: bind what a query names, refuse what it cannot answer, keep rows whole."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from infra.local.warehouse.rest import client
from shared.adapters.bigquery.warehouse import BigQueryWarehouse
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.errors import ByteCapError, QueryError

NOON = datetime(2025, 11, 1, 12, tzinfo=UTC)
SCHEMA = [
    {"name": "metric", "type": "STRING", "mode": "REQUIRED"},
    {"name": "minute", "type": "TIMESTAMP"},
    {"name": "count", "type": "INTEGER"},
    {"name": "sum", "type": "FLOAT"},
    {"name": "ok", "type": "BOOLEAN"},
    {"name": "day", "type": "DATE"},
    {"name": "labels", "type": "RECORD", "fields": [{"name": "service", "type": "STRING"}]},
    {"name": "buckets", "type": "RECORD", "mode": "REPEATED", "fields": [{"name": "i", "type": "INTEGER"}, {"name": "n", "type": "INTEGER"}]},
    {"name": "tags", "type": "STRING", "mode": "REPEATED"},
]  # fmt: skip
QUERIES = {
    "all_points": "SELECT p.* FROM soukmon.points AS p ORDER BY p.metric, p.minute",
    "types": "-- @text STRING, @whole INT64, @half FLOAT64, @yes BOOL, @at TIMESTAMP\n"
    "SELECT @text AS text, @whole AS whole, @half AS half, @yes AS yes, @at AS at",
    "chosen": "-- @metrics ARRAY<STRING>, @minutes ARRAY<TIMESTAMP>\n"
    "SELECT p.metric AS metric FROM soukmon.points AS p\n"
    "WHERE p.metric IN UNNEST(@metrics) OR p.minute IN UNNEST(@minutes) ORDER BY p.metric",
    "double": "-- @metric STRING\nUPDATE soukmon.points AS p SET count = p.count * 2 WHERE p.metric = @metric",
    "broken": "SELECT p.nothing FROM soukmon.points AS p",
}
VALUES = {"text": "سوق", "whole": 1 << 40, "half": 0.5, "yes": True, "at": NOON}


@pytest.fixture(params=["duckdb", "bigquery"])
def warehouse(request, tmp_path):
    """The embedded engine, directly and as Google's own client sees it through BigQuery's REST API."""
    for name, sql in QUERIES.items():
        (tmp_path / f"{name}.sql").write_text(sql, encoding="utf-8")
    engine = DuckDBWarehouse(tmp_path / "warehouse.duckdb", sql=tmp_path)
    engine.create("soukmon.points", SCHEMA)
    yield engine if request.param == "duckdb" else BigQueryWarehouse(lambda: client(engine), sql=tmp_path)
    engine.close()


def metrics(warehouse, name="all_points", **parameters):
    return [row["metric"] for row in warehouse.query(name, parameters).rows]


class TestWarehouse:
    def test_a_row_comes_back_as_plain_values(self, warehouse):
        row = {
            "metric": "errors", "minute": "2025-11-01T14:00:00.25+02:00", "count": "9007199254740993", "sum": 0.1, "ok": False, "day": "2025-11-01",
            "labels": {"service": "api"}, "buckets": [{"i": -1, "n": "2"}, {"i": 5, "n": None}], "tags": ["a"],
        }  # fmt: skip
        warehouse.append("soukmon.points", [row])
        (found,) = warehouse.query("all_points", {}).rows
        assert found == {
            "metric": "errors", "minute": NOON.replace(microsecond=250_000), "count": 9007199254740993, "sum": 0.1, "ok": False, "day": NOON.date(),
            "labels": {"service": "api"}, "buckets": [{"i": -1, "n": 2}, {"i": 5, "n": None}], "tags": ["a"],
        }  # fmt: skip
        assert found["minute"].utcoffset().total_seconds() == 0

    def test_what_a_row_leaves_out_is_null_or_an_empty_array(self, warehouse):
        warehouse.append("soukmon.points", [{"metric": "errors", "buckets": None}])
        (found,) = warehouse.query("all_points", {}).rows
        assert (found["count"], found["labels"], found["buckets"], found["tags"]) == (None, None, [], [])

    @pytest.mark.parametrize(
        ("row", "name"),
        [
            ({"metric": "b", "colour": "red"}, "colour"),
            ({"metric": "b", "labels": {"colour": "red"}}, "labels.colour"),
            ({"metric": "b", "buckets": [{"i": 1}, {"j": 1}]}, "buckets.j"),
            ({"count": 1}, "metric"),
            ({"metric": "b", "count": "many"}, ""),
        ],
    )
    def test_rows_are_kept_all_or_none(self, warehouse, row, name):
        with pytest.raises(QueryError) as refusal:
            warehouse.append("soukmon.points", [{"metric": "a"}, row])
        assert name in str(refusal.value)
        assert "many" not in str(refusal.value)
        assert metrics(warehouse) == []

    def test_no_rows_are_no_work(self, warehouse):
        warehouse.append("soukmon.points", [])
        assert metrics(warehouse) == []

    def test_a_table_that_is_not_there_is_named(self, warehouse):
        with pytest.raises(QueryError, match=r"soukmon\.missing"):
            warehouse.append("soukmon.missing", [{"a": 1}])

    def test_every_type_of_parameter_is_bound(self, warehouse):
        assert warehouse.query("types", VALUES).rows == (VALUES,)

    @pytest.mark.parametrize("metric", ["a", "x' OR TRUE --", 'x" OR TRUE'])
    def test_a_parameter_is_a_value_whatever_is_in_it(self, warehouse, metric):
        warehouse.append("soukmon.points", [{"metric": "a", "minute": NOON.isoformat()}, {"metric": "b"}])
        assert metrics(warehouse, "chosen", metrics=[metric], minutes=[]) == [name for name in "ab" if name == metric]

    def test_an_array_may_be_empty(self, warehouse):
        warehouse.append("soukmon.points", [{"metric": "a", "minute": NOON.isoformat()}, {"metric": "b"}])
        assert metrics(warehouse, "chosen", metrics=[], minutes=(NOON,)) == ["a"]
        assert metrics(warehouse, "chosen", metrics=[], minutes=[]) == []

    @pytest.mark.parametrize(
        "wrong",
        [{"whole": "1"}, {"whole": True}, {"text": 1}, {"at": NOON.replace(tzinfo=None)}, {"at": "2025-11-01"}, {"text": ["a"]}, {"half": None}],
        ids=str,
    )  # fmt: skip
    def test_a_value_of_another_type_is_refused(self, warehouse, wrong):
        (name,) = wrong
        with pytest.raises(QueryError, match=f"'{name}' is not of type"):
            warehouse.query("types", {**VALUES, **wrong})

    def test_a_parameter_that_is_missing_is_named(self, warehouse):
        with pytest.raises(QueryError, match="'metrics' not found"):
            warehouse.query("chosen", {"minutes": []})

    @pytest.mark.parametrize("name", ["unheard_of", "../types", "broken"])
    def test_a_query_that_cannot_run_is_an_error(self, warehouse, name):
        with pytest.raises(QueryError):
            warehouse.query(name, {})

    def test_a_change_gives_no_rows(self, warehouse):
        warehouse.append("soukmon.points", [{"metric": "a", "count": 2}, {"metric": "b", "count": 3}])
        assert warehouse.query("double", {"metric": "a"}).rows == ()
        assert [row["count"] for row in warehouse.query("all_points", {}).rows] == [4, 3]

    def test_E33_a_query_over_its_cap_is_not_run(self, warehouse):
        warehouse.append("soukmon.points", [{"metric": "a", "count": 2}])
        answer = warehouse.query("all_points", {}, maximum_bytes=10 << 20)
        assert (len(answer.rows), answer.bytes_billed) == (1, 10 << 20)
        with pytest.raises(ByteCapError):
            warehouse.query("double", {"metric": "a"}, maximum_bytes=(10 << 20) - 1)
        assert [row["count"] for row in warehouse.query("all_points", {}).rows] == [2]

    def test_many_threads_share_it(self, warehouse):
        def work(number):
            warehouse.append("soukmon.points", [{"metric": f"m{number}", "count": 1}])
            warehouse.query("double", {"metric": f"m{number}"})
            return len(warehouse.query("all_points", {}).rows)

        with ThreadPoolExecutor(8) as pool:
            seen = list(pool.map(work, range(24)))
        assert (max(seen), {row["count"] for row in warehouse.query("all_points", {}).rows}) == (24, {2})
