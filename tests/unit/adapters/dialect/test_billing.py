import pytest

from shared.adapters.dialect.billing import MEBIBYTE
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.errors import ByteCapError

POINTS = [
    {"name": "metric", "type": "STRING"},
    {"name": "minute", "type": "TIMESTAMP"},
    {"name": "count", "type": "INT64"},
    {"name": "ok", "type": "BOOL"},
    {"name": "buckets", "type": "RECORD", "mode": "REPEATED", "fields": [{"name": "i", "type": "INT64"}, {"name": "n", "type": "INT64"}]},
    {"name": "place", "type": "RECORD", "fields": [{"name": "city", "type": "STRING"}, {"name": "price", "type": "NUMERIC"}]},
]  # fmt: skip
HOURS, IN_HOUR = 4, 500_000


@pytest.fixture(scope="module")
def warehouse():
    """Two million points, spread over four hours of a table that is partitioned by hour and of one that is not."""
    warehouse = DuckDBWarehouse(None)
    for table, partition in (("soukmon.points", ("minute", "HOUR")), ("soukmon.heap", None)):
        warehouse.create(table, POINTS, partitioned_by=partition)
        warehouse._connection.execute(f"""
            INSERT INTO {table} SELECT 'errors', make_timestamptz(1761998400000000 + i * 3600000000 // {IN_HOUR}), i, TRUE,
            [{{'i': 1, 'n': 2}}, {{'i': 2, 'n': NULL}}], {{'city': 'é', 'price': NULL}} FROM range({HOURS * IN_HOUR}) AS t(i)""")
    yield warehouse
    warehouse.close()


def mebibytes(bytes_):
    return -(-bytes_ // MEBIBYTE)


def billed(warehouse, sql):
    return warehouse.run(sql, {}).bytes_billed // MEBIBYTE


ALL = HOURS * IN_HOUR
FROM_13 = "p.minute >= TIMESTAMP '2025-11-01 13:20:00+00'"


@pytest.mark.parametrize(
    ("sql", "size"),
    [
        ("SELECT SUM(p.count) AS n FROM soukmon.points AS p", ALL * 8),
        ("SELECT COUNTIF(p.ok) AS n FROM soukmon.heap AS p", ALL * 1),
        ("SELECT COUNT(DISTINCT p.metric) AS n FROM soukmon.points AS p", ALL * (2 + len("errors"))),
        ("SELECT COUNT(*) AS n FROM soukmon.points AS p WHERE ARRAY_LENGTH(p.buckets) > 5", ALL * 3 * 8),  # a NULL weighs nothing
        ("SELECT COUNT(DISTINCT p.place.city) AS n FROM soukmon.points AS p", ALL * (2 + 2)),
        (f"SELECT SUM(p.count) AS n FROM soukmon.heap AS p WHERE {FROM_13}", ALL * 16),
        (f"SELECT SUM(p.count) AS n FROM soukmon.points AS p WHERE {FROM_13}", 3 * IN_HOUR * 16),  # whole hours
        (f"SELECT SUM(p.count) AS n FROM soukmon.points AS p WHERE {FROM_13} AND p.minute < TIMESTAMP_ADD(TIMESTAMP '2025-11-01 13:20:00+00', INTERVAL 10 MINUTE)", IN_HOUR * 16),
        (f"SELECT SUM(p.count) AS n FROM soukmon.points AS p WHERE ({FROM_13} OR p.count > 5)", ALL * 16),
        (f"SELECT SUM(p.count) AS n FROM soukmon.points AS p WHERE ({FROM_13} OR p.minute < TIMESTAMP '2025-11-01 12:10:00+00')", ALL * 16),
        ("SELECT SUM(a.count - c.m) AS n FROM soukmon.points AS a CROSS JOIN (SELECT MAX(b.count) AS m FROM soukmon.heap AS b) AS c", ALL * 8 * 2),
    ],
)  # fmt: skip
def test_bytes_are_those_of_the_columns_and_partitions_read(warehouse, sql, size):
    assert billed(warehouse, sql) == pytest.approx(max(10, mebibytes(size)), abs=1)


def test_at_least_ten_mebibytes_are_billed_for_each_table(warehouse):
    warehouse.create("soukmon.small", [{"name": "n", "type": "INT64"}])
    warehouse.append("soukmon.small", [{"n": 1}])
    assert billed(warehouse, "SELECT a.n AS a FROM soukmon.small AS a JOIN soukmon.small AS b ON a.n = b.n + 1") == 10


def test_counting_rows_reads_no_column(warehouse):
    assert billed(warehouse, "SELECT COUNT(*) AS n FROM soukmon.heap AS h") == 0


def test_only_the_wildcards_tables_that_the_suffix_leaves_are_read(warehouse):
    for day in range(1, 6):
        warehouse.create(
            f"ga.events_2025110{day}",
            [{"name": "n", "type": "INT64"}, {"name": "tags", "type": "STRING", "mode": "REPEATED"}],
        )
        warehouse.append(f"ga.events_2025110{day}", [{"n": day, "tags": ["x"]}])
    warehouse.define_view(
        "soukmon.events",
        "SELECT e._TABLE_SUFFIX AS day, e.n AS n, (SELECT MAX(t) FROM UNNEST(e.tags) AS t WHERE t != 'y') AS tag FROM `ga.events_*` AS e",
    )
    sql = "SELECT v.n, v.tag FROM soukmon.events AS v WHERE v.day BETWEEN FORMAT_DATE('%Y%m%d', DATE '2025-11-02') AND '20251103'"
    assert billed(warehouse, sql) == 20


def test_E33_a_statement_over_its_cap_is_not_run(warehouse):
    warehouse.create("soukmon.kept", [{"name": "n", "type": "INT64"}])
    warehouse.append("soukmon.kept", [{"n": 1}])
    with pytest.raises(ByteCapError, match="exceeded limit for bytes billed: 1000"):
        warehouse.run("DELETE FROM soukmon.kept AS k WHERE k.n = 1", {}, maximum_bytes=1000)
    assert warehouse.run("SELECT k.n AS n FROM soukmon.kept AS k", {}, maximum_bytes=10 * MEBIBYTE).rows == ({"n": 1},)


def test_a_merge_on_false_looks_only_at_the_rows_it_may_delete(warehouse):
    merge = "MERGE soukmon.points AS t USING (SELECT 1 AS n) AS s ON {} WHEN NOT MATCHED BY SOURCE AND t.minute < TIMESTAMP '2025-11-01 12:30:00+00' AND t.count < 0 THEN DELETE"
    whole = ALL * (8 + 8 + 8 + 1 + 24 + 4)
    assert billed(warehouse, merge.format("FALSE")) == pytest.approx(mebibytes(whole / HOURS), rel=0.02)
    assert billed(warehouse, merge.format("t.count = s.n - 2")) == pytest.approx(mebibytes(whole), rel=0.02)
