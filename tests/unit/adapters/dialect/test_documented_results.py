"""Every piece of SQL the engine allows, with the result BigQuery documents for it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.adapters.dialect.allowed import _table, features, parsed
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.errors import QueryError

NOON = datetime(2025, 11, 1, 12, tzinfo=UTC)
LATE = datetime(2025, 11, 1, 22, 30, tzinfo=UTC)  # half past midnight in Cairo

SALES = [
    {"name": "id", "type": "INT64", "mode": "REQUIRED"},
    {"name": "shop", "type": "STRING"},
    {"name": "price", "type": "FLOAT64"},
    {"name": "at", "type": "TIMESTAMP"},
    {"name": "place", "type": "RECORD", "fields": [{"name": "city", "type": "STRING"}, {"name": "geo", "type": "RECORD", "fields": [{"name": "at", "type": "RECORD", "fields": [{"name": "lat", "type": "FLOAT"}]}]}]},
    {"name": "params", "type": "RECORD", "mode": "REPEATED", "fields": [
        {"name": "key", "type": "STRING"},
        {"name": "value", "type": "RECORD", "fields": [{"name": "int_value", "type": "INT64"}, {"name": "string_value", "type": "STRING"}]},
    ]},
    {"name": "tags", "type": "STRING", "mode": "REPEATED"},
]  # fmt: skip
ROWS = [
    {"id": 1, "shop": "giza", "price": 10.0, "at": "2025-11-01T12:00:00Z", "place": {"city": "Giza", "geo": {"at": {"lat": 30.5}}}, "tags": ["a", "b"],
     "params": [{"key": "n", "value": {"int_value": 7}}, {"key": "s", "value": {"string_value": "x"}}]},
    {"id": 2, "shop": "cairo", "price": 30.0, "at": "2025-11-01T12:30:00Z", "place": {"city": "Cairo"}, "params": [{"key": "s", "value": {"string_value": "y"}}]},
    {"id": 3, "shop": "cairo", "price": 20.0, "at": "2025-11-01T22:30:00Z", "tags": ["b"]},
    {"id": 4, "price": None, "at": "2025-11-02T12:00:00Z"},
]  # fmt: skip
PARAMETERS = {
    "noon": NOON,
    "late": LATE,
    "five": 5,
    "half": 0.5,
    "yes": True,
    "name": "cairo",
    "names": ["cairo", "x"],
    "instants": [NOON],
    "none": [],
}
DECLARED = "-- @noon TIMESTAMP, @late TIMESTAMP, @five INT64, @half FLOAT64, @yes BOOL, @name STRING, @names ARRAY<STRING>, @instants ARRAY<TIMESTAMP>, @none ARRAY<STRING>\n"

# One value, by the expression that has it.
VALUES = [
    # Numbers
    ("7 / 2", 3.5),
    ("0.1 + 0.2", 0.30000000000000004),  # FLOAT64, not DECIMAL
    ("60 * 60 * 24 * 1000000", 86_400_000_000),  # INT64, not 32 bits
    ("(1 + 2) * -3 - 4", -13),
    ("DIV(7, 2)", 3),
    ("DIV(-7, 2)", -3),
    ("MOD(-7, 2)", -1),
    ("MOD(5 + 2, 4)", 3),
    ("SAFE_DIVIDE(1, 0)", None),
    ("SAFE_DIVIDE(7 - 1, 1 + 3)", 1.5),
    ("NULL / 0", None),
    ("CAST(CAST(2.5 AS FLOAT64) AS INT64)", 3),  # half away from zero
    ("CAST(-2.5 AS INT64)", -3),
    ("CAST(CEIL(LN(100.0) / LN(1.01 / 0.99)) AS INT64)", 231),
    ("CAST('12' AS INT64)", 12),
    ("CAST(TRUE AS INT64)", 1),
    ("CAST(9007199254740993 AS INT64)", 9007199254740993),
    ("SAFE_CAST('2.5' AS INT64)", None),
    ("SAFE_CAST('x' AS FLOAT64)", None),
    ("SAFE_CAST('1_0' AS FLOAT64)", None),
    ("CAST('2.5' AS FLOAT64)", 2.5),
    ("CAST(1 AS FLOAT64)", 1.0),
    ("CAST('true' AS BOOL)", True),
    ("SAFE_CAST('yes' AS BOOL)", None),
    ("CAST(1.0 AS STRING)", "1.0"),
    ("CAST(7 AS STRING)", "7"),
    ("CAST(TRUE AS STRING)", "true"),
    ("ROUND(2.5)", 3.0),
    ("ROUND(-2.5)", -3.0),
    ("ROUND(2.345, 1)", 2.3),
    ("FLOOR(-1.5)", -2.0),
    ("ABS(-3)", 3),
    ("POW(2, 3)", 8.0),
    ("GREATEST(1, 3, 2)", 3),
    ("GREATEST(1, NULL)", None),
    ("LEAST(3, 1)", 1),
    ("LEAST(1, NULL)", None),
    # Conditions
    ("IF(1 > 2, 'a', 'b')", "b"),
    ("IF(NULL, 1, 2)", 2),
    ("CASE WHEN 1 = 2 THEN 'a' WHEN 2 >= 2 THEN 'b' ELSE 'c' END", "b"),
    ("CASE 3 WHEN 1 THEN 'a' ELSE 'c' END", "c"),
    ("COALESCE(NULL, 2)", 2),
    ("IFNULL(NULL, 1)", 1),
    ("NULLIF(1, 1)", None),
    ("TRUE AND NULL", None),
    ("FALSE AND NULL", False),
    ("NULL OR TRUE", True),
    ("NOT 1 != 1", True),
    ("NULL IS NULL", True),
    ("1 IS NOT NULL", True),
    ("NULL = NULL", None),
    ("1 <= 2 AND 1 < 2", True),
    ("2 BETWEEN 1 AND 2", True),
    ("3 NOT BETWEEN 1 AND 2", True),
    ("1 IN (2, 3)", False),
    ("1 NOT IN (2, 3)", True),
    ("NULL IS DISTINCT FROM 1", True),
    ("NULL IS NOT DISTINCT FROM NULL", True),
    ("@name IN UNNEST(@names)", True),
    ("@name IN UNNEST(@none)", False),
    ("@name NOT IN UNNEST(@none)", True),
    ("@noon IN UNNEST(@instants)", True),
    ("NULL IN UNNEST([1])", None),
    ("1 IN UNNEST([2, NULL])", None),
    # Texts
    ("CONCAT('a', 'b', 'c')", "abc"),
    ("CONCAT('a', NULL)", None),
    ("'a' || 'b'", "ab"),
    ("LOWER('ÀB')", "àb"),
    ("UPPER('àb')", "ÀB"),
    ("LENGTH('سوق')", 3),
    ("SUBSTR('abc', 2)", "bc"),
    ("SUBSTR('abc', 0, 2)", "ab"),
    ("SUBSTR('abc', 0)", "abc"),
    ("SUBSTR('abc', -5)", "abc"),
    ("SUBSTR('abc', -2)", "bc"),
    ("SUBSTR('abc', -5, 2)", "ab"),
    ("STARTS_WITH('rows.requests', 'rows.')", True),
    ("ENDS_WITH('abc', 'bc')", True),
    ("REPLACE('a.b.c', '.', '_')", "a_b_c"),
    ("SPLIT('a,b', ',')", ["a", "b"]),
    ("'abc' LIKE 'a_c%'", True),
    ("'abc' NOT LIKE 'b%'", True),
    (r"REGEXP_CONTAINS('abc1', r'\d$')", True),
    (r"REGEXP_EXTRACT('v1.23', r'v(\d+)\.')", "1"),
    (r"REGEXP_EXTRACT('abc', r'b.')", "bc"),
    (r"REGEXP_EXTRACT('abc', r'x(\d+)')", None),
    (r"REGEXP_EXTRACT('https://h/p/q?r', '^https://[^/]*([^?]*)')", "/p/q"),
    (r"REGEXP_REPLACE('a1b2', r'(\d)', r'<\1>')", "a<1>b<2>"),
    ("NET.HOST('https://user@shop.example:8080/cars?x=1')", "shop.example"),
    ("NET.HOST(NULL)", None),
    ('JSON_VALUE(\'{"a": {"b": "x"}}\', \'$.a.b\')', "x"),
    ("JSON_VALUE('{\"a\": 5}', '$.a')", "5"),
    ("JSON_VALUE('{\"a\": {}}', '$.a')", None),
    ("JSON_VALUE('{\"a\": null}', '$.a')", None),
    # Arrays and structs
    ("[1, 2]", [1, 2]),
    ("ARRAY<INT64>[]", []),
    ("CAST(NULL AS ARRAY<INT64>)", []),  # a NULL array leaves a query as an empty one
    ("ARRAY<STRUCT<i INT64, n INT64>>[]", []),
    ("CAST(STRUCT(1, 2) AS STRUCT<i INT64, n INT64>)", {"i": 1, "n": 2}),
    ("STRUCT(1 AS i, 'x' AS n)", {"i": 1, "n": "x"}),
    ("ARRAY_LENGTH([1, 2])", 2),
    ("[1, 2][OFFSET(1)]", 2),
    ("[1, 2][0]", 1),
    ("[1, 2][ORDINAL(1)]", 1),
    ("[1, 2][SAFE_OFFSET(2)]", None),
    ("[1, 2][SAFE_OFFSET(-1)]", None),
    ("[1, 2][SAFE_ORDINAL(2)]", 2),
    ("ARRAY(SELECT x FROM UNNEST([3, 1, 2]) AS x WHERE x > 1 ORDER BY x)", [2, 3]),
    ("ARRAY(SELECT x FROM UNNEST([3]) AS x WHERE x > 5)", []),
    (
        "ARRAY(SELECT AS STRUCT b.i AS i, SUM(b.n) AS n FROM UNNEST([STRUCT(1 AS i, 2 AS n), STRUCT(1 AS i, 5 AS n)]) AS b GROUP BY b.i)",
        [{"i": 1, "n": 7}],
    ),
    ("GENERATE_ARRAY(1, 3)", [1, 2, 3]),
    ("GENERATE_ARRAY(1, 7, 3)", [1, 4, 7]),
    (
        "GENERATE_TIMESTAMP_ARRAY(@noon, TIMESTAMP_ADD(@noon, INTERVAL 1 HOUR), INTERVAL 30 MINUTE)",
        [NOON, NOON + timedelta(minutes=30), NOON + timedelta(hours=1)],
    ),
    # Instants and days
    ("TIMESTAMP '2025-11-01 12:00:00+00'", NOON),
    ("TIMESTAMP('2025-11-01T12:00:00Z')", NOON),
    ("TIMESTAMP(DATE '2025-11-01')", datetime(2025, 11, 1, tzinfo=UTC)),
    ("TIMESTAMP(DATE '2025-07-01', 'Africa/Cairo')", datetime(2025, 6, 30, 21, tzinfo=UTC)),
    ("CAST('2025-11-01 12:00:00+00' AS TIMESTAMP)", NOON),
    ("SAFE_CAST('soon' AS TIMESTAMP)", None),
    ("CAST('2025-11-01' AS DATE)", date(2025, 11, 1)),
    ("TIMESTAMP_SECONDS(1761998400)", NOON),
    ("TIMESTAMP_MILLIS(1761998400000)", NOON),
    ("TIMESTAMP_MICROS(1761998400000001)", NOON + timedelta(microseconds=1)),
    ("UNIX_SECONDS(TIMESTAMP '2025-11-01 12:00:00.7+00')", 1761998400),  # rounded down
    ("UNIX_SECONDS(TIMESTAMP '1969-12-31 23:59:59.5+00')", -1),
    ("UNIX_MILLIS(TIMESTAMP '1969-12-31 23:59:59.9995+00')", -1),
    ("UNIX_MICROS(@noon)", 1761998400000000),
    ("TIMESTAMP_ADD(@noon, INTERVAL @five MINUTE)", NOON + timedelta(minutes=5)),
    ("TIMESTAMP_ADD(@noon, INTERVAL -1 DAY)", NOON - timedelta(days=1)),
    ("TIMESTAMP_ADD(@noon, INTERVAL 3 * 2 SECOND)", NOON + timedelta(seconds=6)),
    ("TIMESTAMP_ADD(@noon, INTERVAL 1 MICROSECOND)", NOON + timedelta(microseconds=1)),
    ("TIMESTAMP_SUB(@noon, INTERVAL 1 HOUR)", NOON - timedelta(hours=1)),
    ("TIMESTAMP_SUB(@noon, INTERVAL 4 DAY)", NOON - timedelta(days=4)),
    ("TIMESTAMP_SUB(@noon, INTERVAL @five MINUTE)", NOON - timedelta(minutes=5)),
    ("TIMESTAMP_SUB(@noon, INTERVAL 1 SECOND)", NOON - timedelta(seconds=1)),
    (
        "TIMESTAMP_DIFF(TIMESTAMP '2025-11-01 01:10:00+00', TIMESTAMP '2025-11-01 00:50:00+00', HOUR)",
        0,
    ),  # whole hours, not boundaries
    ("TIMESTAMP_DIFF(@noon, @late, MINUTE)", -630),
    ("TIMESTAMP_DIFF(TIMESTAMP '2025-11-01 00:00:00+00', TIMESTAMP '2025-11-01 00:00:01.5+00', SECOND)", -1),
    ("TIMESTAMP_DIFF(@late, @noon, DAY)", 0),
    ("TIMESTAMP_DIFF(@late, @noon, MILLISECOND)", 37_800_000),
    ("TIMESTAMP_DIFF(@late, @noon, MICROSECOND)", 37_800_000_000),
    ("TIMESTAMP_TRUNC(@late, HOUR)", datetime(2025, 11, 1, 22, tzinfo=UTC)),
    ("TIMESTAMP_TRUNC(TIMESTAMP '2025-11-01 12:00:59.9+00', MINUTE)", NOON),
    ("TIMESTAMP_TRUNC(TIMESTAMP '2025-11-01 12:00:00.9+00', SECOND)", NOON),
    ("TIMESTAMP_TRUNC(@late, DAY)", datetime(2025, 11, 1, tzinfo=UTC)),
    ("TIMESTAMP_TRUNC(@late, DAY, 'Africa/Cairo')", datetime(2025, 11, 1, 22, tzinfo=UTC)),
    (
        "TIMESTAMP_TRUNC(TIMESTAMP '2025-04-25 05:00:00+00', DAY, 'Africa/Cairo')",
        datetime(2025, 4, 24, 22, tzinfo=UTC),
    ),  # a day without its midnight
    (
        "TIMESTAMP_TRUNC(TIMESTAMP '2025-10-31 05:00:00+00', DAY, 'Africa/Cairo')",
        datetime(2025, 10, 30, 22, tzinfo=UTC),
    ),  # after the day of 25 hours
    ("TIMESTAMP_TRUNC(@late, MONTH)", datetime(2025, 11, 1, tzinfo=UTC)),
    ("DATE(@late)", date(2025, 11, 1)),
    ("DATE(@late, 'Africa/Cairo')", date(2025, 11, 2)),
    ("DATE(TIMESTAMP '2025-07-01 21:30:00+00', 'Africa/Cairo')", date(2025, 7, 2)),  # summer time
    ("DATE '2025-11-01'", date(2025, 11, 1)),
    ("DATE_ADD(DATE '2025-11-01', INTERVAL 30 DAY)", date(2025, 12, 1)),
    ("DATE_SUB(DATE '2025-11-01', INTERVAL 1 DAY)", date(2025, 10, 31)),
    ("DATE_DIFF(DATE '2025-11-05', DATE '2025-10-30', DAY)", 6),
    ("DATE_TRUNC(DATE '2025-11-05', MONTH)", date(2025, 11, 1)),
    ("DATE_TRUNC(DATE '2025-11-05', WEEK(MONDAY))", date(2025, 11, 3)),
    ("DATE_TRUNC(DATE '2025-11-05', WEEK(SATURDAY))", date(2025, 11, 1)),
    ("FORMAT_DATE('intraday_%Y%m%d', DATE '2025-01-02')", "intraday_20250102"),
    ("FORMAT_DATE('%Y%m%d', DATE(@late, 'Africa/Cairo'))", "20251102"),
    ("FORMAT_TIMESTAMP('%F %T', @late)", "2025-11-01 22:30:00"),
    ("FORMAT_TIMESTAMP('%H:%M', @late, 'Africa/Cairo')", "00:30"),
    ("PARSE_DATE('%Y%m%d', '20251101')", date(2025, 11, 1)),
    ("PARSE_TIMESTAMP('%Y-%m-%d %H:%M:%S', '2025-11-01 12:00:00')", NOON),
    ("EXTRACT(HOUR FROM @late)", 22),
    ("EXTRACT(HOUR FROM @late AT TIME ZONE 'Africa/Cairo')", 0),
    ("EXTRACT(DAYOFWEEK FROM DATE '2025-11-02')", 1),  # Sunday
    ("EXTRACT(DAYOFWEEK FROM @late AT TIME ZONE 'Africa/Cairo')", 1),
    ("EXTRACT(YEAR FROM @late) * 10000 + EXTRACT(MONTH FROM @late) * 100 + EXTRACT(DAY FROM @late)", 20251101),
    ("EXTRACT(MINUTE FROM @late)", 30),
    ("EXTRACT(SECOND FROM TIMESTAMP '2025-11-01 12:00:59.9+00')", 59),
    ("EXTRACT(DATE FROM @late)", date(2025, 11, 1)),
    # Parameters
    ("@five + 1", 6),
    ("@half * 2", 1.0),
    ("@yes", True),
    ("@noon", NOON),
]

# Whole statements over the table above.
QUERIES = [
    (
        "SELECT s.id AS a, s.place.city AS b FROM shop.sales AS s WHERE s.shop = @name ORDER BY s.id DESC LIMIT 1",
        [(3, None)],
    ),
    (
        "SELECT s.place.geo.at.lat AS a, s.place.geo.at AS b FROM shop.sales AS s WHERE s.place.geo.at.lat > 30",
        [(30.5, {"lat": 30.5})],
    ),
    ("SELECT s.id FROM shop.sales AS s ORDER BY s.id LIMIT 2 OFFSET 1", [(2,), (3,)]),
    ("SELECT * FROM shop.sales AS s WHERE s.id = 9", []),
    ("SELECT t.* FROM (SELECT 1 AS a, 2 AS b) AS t", [(1, 2)]),
    ("SELECT t.* EXCEPT (a) FROM (SELECT 1 AS a, 2 AS b) AS t", [(2,)]),
    ("SELECT t.* REPLACE (3 AS a) FROM (SELECT 1 AS a, 2 AS b) AS t", [(3, 2)]),
    (
        "SELECT DISTINCT s.shop AS shop FROM shop.sales AS s ORDER BY shop",
        [(None,), ("cairo",), ("giza",)],
    ),  # NULL sorts first
    (
        "SELECT s.shop AS shop FROM shop.sales AS s ORDER BY s.shop DESC, s.id",
        [("giza",), ("cairo",), ("cairo",), (None,)],
    ),
    ("SELECT s.shop AS shop FROM shop.sales AS s WHERE s.id > 2 ORDER BY s.shop NULLS LAST", [("cairo",), (None,)]),
    # Parameters of repeated records
    (
        "SELECT (SELECT p.value.int_value FROM UNNEST(s.params) AS p WHERE p.key = 'n') AS n FROM shop.sales AS s ORDER BY s.id",
        [(7,), (None,), (None,), (None,)],
    ),
    (
        "SELECT (SELECT MAX(p.value.int_value) FROM UNNEST(s.params) AS p WHERE p.key != 'n') AS n FROM shop.sales AS s WHERE s.id = 1",
        [(None,)],
    ),
    (
        "SELECT (SELECT COUNT(*) FROM UNNEST(s.params) AS p) AS n, (SELECT COUNT(p.key) FROM UNNEST(s.params) AS p) AS m FROM shop.sales AS s ORDER BY s.id",
        [(2, 2), (1, 1), (0, 0), (0, 0)],
    ),
    (
        "SELECT (SELECT SUM(x) FROM UNNEST([1, 2, NULL]) AS x) AS a, (SELECT MIN(x) FROM UNNEST([2, 1]) AS x WHERE x > 1) AS b, 1 + (SELECT MAX(x) FROM UNNEST([2, 1]) AS x) AS c",
        [(3, 2, 3)],
    ),
    (
        "SELECT (SELECT x FROM UNNEST([1, 2]) AS x ORDER BY x DESC LIMIT 1) AS a, (SELECT MAX(x) FROM UNNEST([1, 2]) AS x HAVING COUNT(*) > 2) AS b",
        [(2, None)],
    ),
    (
        "SELECT s.id FROM shop.sales AS s WHERE (SELECT MAX(t) FROM UNNEST(s.tags) AS t WHERE STARTS_WITH(t, 'b') AND s.id < 3) = 'b'",
        [(1,)],
    ),
    (
        "SELECT s.id AS id, p.key AS k FROM shop.sales AS s, UNNEST(s.params) AS p ORDER BY id, k",
        [(1, "n"), (1, "s"), (2, "s")],
    ),
    (
        "SELECT s.id AS id, t FROM shop.sales AS s CROSS JOIN UNNEST(s.tags) AS t ORDER BY id, t",
        [(1, "a"), (1, "b"), (3, "b")],
    ),
    (
        "SELECT s.id AS id, t FROM shop.sales AS s LEFT JOIN UNNEST(s.tags) AS t WHERE s.id > 1 ORDER BY id",
        [(2, None), (3, "b"), (4, None)],
    ),
    (
        "SELECT COUNT(*) FROM shop.sales AS s WHERE EXISTS (SELECT 1 FROM UNNEST(s.params) AS p WHERE p.key = 's')",
        [(2,)],
    ),
    ("SELECT COUNT(*) FROM shop.sales AS s WHERE 'b' IN UNNEST(s.tags)", [(2,)]),
    ("SELECT s.tags AS tags FROM shop.sales AS s WHERE s.id = 2", [([],)]),
    # Aggregates
    (
        "SELECT COUNT(*), COUNT(s.shop), COUNT(DISTINCT s.shop), SUM(s.id), MIN(s.price), MAX(s.at), AVG(s.price) FROM shop.sales AS s",
        [(4, 3, 2, 10, 10.0, datetime(2025, 11, 2, 12, tzinfo=UTC), 20.0)],
    ),
    ("SELECT COUNTIF(s.price > 15), COUNTIF(s.price > 15) / COUNT(*) FROM shop.sales AS s", [(2, 0.5)]),
    (
        "SELECT COUNTIF(s.id > 0), COUNT(*), SUM(s.id), ARRAY_AGG(s.id) FROM shop.sales AS s WHERE FALSE",
        [(0, 0, None, [])],
    ),
    ("SELECT ANY_VALUE(s.shop) FROM shop.sales AS s WHERE s.id IN (1, 4)", [("giza",)]),
    ("SELECT ANY_VALUE(s.shop HAVING MAX s.price) FROM shop.sales AS s", [("cairo",)]),
    ("SELECT ANY_VALUE(s.shop HAVING MIN s.price) FROM shop.sales AS s WHERE s.price > 0", [("giza",)]),
    ("SELECT LOGICAL_OR(s.id > 3), LOGICAL_AND(s.id > 3) FROM shop.sales AS s", [(True, False)]),
    ("SELECT STRING_AGG(s.shop, '|' ORDER BY s.id) FROM shop.sales AS s", [("giza|cairo|cairo",)]),
    ("SELECT STRING_AGG(DISTINCT s.shop ORDER BY s.shop) FROM shop.sales AS s", [("cairo,giza",)]),
    (
        "SELECT ROUND(STDDEV_SAMP(s.price), 3), ROUND(STDDEV_POP(s.price), 3), ROUND(STDDEV(s.price), 3) FROM shop.sales AS s",
        [(10.0, 8.165, 10.0)],
    ),
    (
        "SELECT APPROX_COUNT_DISTINCT(s.shop), APPROX_QUANTILES(s.price, 2), APPROX_QUANTILES(s.price, 100)[OFFSET(95)] FROM shop.sales AS s",
        [(2, [10.0, 20.0, 30.0], 30.0)],
    ),
    ("SELECT ARRAY_AGG(s.id ORDER BY s.price DESC LIMIT 2) FROM shop.sales AS s", [([2, 3],)]),
    ("SELECT ARRAY_AGG(DISTINCT s.shop IGNORE NULLS ORDER BY s.shop) FROM shop.sales AS s", [(["cairo", "giza"],)]),
    ("SELECT ARRAY_AGG(STRUCT(s.id AS i, s.shop AS n) ORDER BY s.id)[OFFSET(1)].n FROM shop.sales AS s", [("cairo",)]),
    ("SELECT s.shop AS shop, COUNT(*) AS n FROM shop.sales AS s GROUP BY s.shop HAVING COUNT(*) > 1", [("cairo", 2)]),
    (
        "SELECT s.shop AS name, COUNT(*) AS n FROM shop.sales AS s GROUP BY name ORDER BY n, name",
        [(None, 1), ("giza", 1), ("cairo", 2)],
    ),
    ("SELECT s.shop, COUNT(*) FROM shop.sales AS s GROUP BY 1 ORDER BY 2 DESC LIMIT 1", [("cairo", 2)]),
    # Windows
    (
        "SELECT s.id AS id FROM shop.sales AS s WHERE TRUE QUALIFY ROW_NUMBER() OVER (PARTITION BY s.shop ORDER BY s.price DESC) = 1 ORDER BY id",
        [(1,), (2,), (4,)],
    ),
    (
        "SELECT SUM(s.id) OVER (ORDER BY s.id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS a FROM shop.sales AS s ORDER BY a",
        [(1,), (3,), (5,), (7,)],
    ),
    (
        "SELECT MAX(s.id) OVER (ORDER BY s.id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS a FROM shop.sales AS s LIMIT 1",
        [(4,)],
    ),
    (
        "SELECT SUM(s.id) OVER (ORDER BY s.id RANGE BETWEEN 2 PRECEDING AND 1 FOLLOWING) AS a FROM shop.sales AS s ORDER BY s.id LIMIT 1",
        [(3,)],
    ),
    ("SELECT COUNTIF(s.id > 2) OVER () AS a FROM shop.sales AS s LIMIT 1", [(2,)]),
    (
        "SELECT LAG(s.id) OVER (ORDER BY s.id) AS a, LEAD(s.id, 2) OVER (ORDER BY s.id) AS b FROM shop.sales AS s ORDER BY s.id LIMIT 2",
        [(None, 3), (1, 4)],
    ),
    (
        "SELECT FIRST_VALUE(s.id) OVER (ORDER BY s.id DESC) AS a, LAST_VALUE(s.id) OVER (ORDER BY s.id) AS b FROM shop.sales AS s ORDER BY b LIMIT 1",
        [(4, 1)],
    ),
    (
        "SELECT RANK() OVER (ORDER BY s.shop) AS r, DENSE_RANK() OVER (ORDER BY s.shop) AS d FROM shop.sales AS s ORDER BY r, d",
        [(1, 1), (2, 2), (2, 2), (4, 3)],
    ),
    # Joins and sets
    (
        "SELECT a.id AS a, b.id AS b FROM shop.sales AS a JOIN shop.sales AS b ON a.shop = b.shop AND a.id < b.id",
        [(2, 3)],
    ),
    ("SELECT a.id AS a, b.id AS b FROM shop.sales AS a INNER JOIN shop.sales AS b USING (id) WHERE a.id = 1", [(1, 1)]),
    (
        "SELECT a.id AS a, b.id AS b FROM shop.sales AS a LEFT JOIN shop.sales AS b ON b.id = a.id + 1 ORDER BY a DESC LIMIT 1",
        [(4, None)],
    ),
    ("SELECT COUNT(*) FROM shop.sales AS a CROSS JOIN shop.sales AS b", [(16,)]),
    (
        "SELECT a.x AS a, b.x AS b FROM (SELECT 1 AS x) AS a FULL JOIN (SELECT 2 AS x) AS b ON a.x = b.x ORDER BY a",
        [(None, 2), (1, None)],
    ),
    ("SELECT b.x AS b FROM (SELECT 1 AS x) AS a RIGHT JOIN (SELECT 2 AS x) AS b ON a.x = b.x", [(2,)]),
    (
        "WITH a AS (SELECT 1 AS x), b AS (SELECT a.x + 1 AS x FROM a) SELECT b.x FROM b UNION ALL SELECT a.x FROM a ORDER BY x",
        [(1,), (2,)],
    ),
    ("WITH a AS (SELECT s.id AS id FROM shop.sales AS s) SELECT MAX(a.id) AS m FROM a", [(4,)]),
    ("SELECT q.m FROM (WITH a AS (SELECT 1 AS m) SELECT a.m FROM a) AS q", [(1,)]),
    ("SELECT 1 AS x UNION DISTINCT SELECT 1", [(1,)]),
    ("(SELECT 1 AS x UNION ALL SELECT 2) EXCEPT DISTINCT SELECT 2", [(1,)]),
    ("SELECT 1 AS x INTERSECT DISTINCT SELECT 1", [(1,)]),
    (
        "SELECT s.id FROM shop.sales AS s WHERE s.shop NOT IN (SELECT o.shop FROM shop.sales AS o WHERE o.id = 1) ORDER BY s.id",
        [(2,), (3,)],
    ),
    (
        "SELECT (SELECT MAX(o.id) FROM shop.sales AS o WHERE o.shop = s.shop) AS m FROM shop.sales AS s WHERE s.id = 2",
        [(3,)],
    ),
    # Wildcards
    (
        "SELECT e._TABLE_SUFFIX AS day, COUNT(*) AS n FROM `ga.events_*` AS e GROUP BY day ORDER BY day",
        [("20251101", 2), ("20251102", 1), ("intraday_20251102", 1)],
    ),
    ("SELECT SUM(e.n) FROM `ga.events_*` AS e WHERE e._TABLE_SUFFIX BETWEEN '20251101' AND '20251102'", [(6,)]),
    ("SELECT _TABLE_SUFFIX AS day, e.n AS n FROM `ga.events_intraday_*` AS e", [("20251102", 4)]),
    ("SELECT events.n AS n FROM `ga.events_20251102` AS events", [(3,)]),
]

# Statements that change shop.stock (k INT64, v INT64, b ARRAY<STRUCT<i, n>>), which holds (1, 10) and (2, 20); then its rows.
CHANGES = [
    ("INSERT INTO shop.stock (k, v) VALUES (3, 30), (4, NULL)", [(1, 10, []), (2, 20, []), (3, 30, []), (4, None, [])]),
    ("INSERT INTO shop.stock (k, b) SELECT 3, ARRAY_AGG(STRUCT(x AS i, x AS n)) FROM UNNEST([7]) AS x", [(1, 10, []), (2, 20, []), (3, None, [{"i": 7, "n": 7}])]),
    ("UPDATE shop.stock AS s SET v = s.v + 1, b = NULL WHERE s.k = 1", [(1, 11, []), (2, 20, [])]),
    ("DELETE FROM shop.stock AS s WHERE s.v > 10", [(1, 10, [])]),
    ("DELETE FROM shop.stock WHERE TRUE", []),
    (("MERGE INTO shop.stock AS t USING (SELECT 2 AS k, 21 AS v UNION ALL SELECT 3, 31) AS s ON t.k = s.k"
     " WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED THEN INSERT (k, v) VALUES (s.k, s.v) WHEN NOT MATCHED BY SOURCE THEN DELETE"),
     [(2, 21, []), (3, 31, [])]),
    (("MERGE shop.stock AS t USING (SELECT 2 AS k) AS s ON t.k = s.k WHEN MATCHED AND t.v > 10 THEN DELETE"
     " WHEN NOT MATCHED BY SOURCE AND t.k = 1 THEN UPDATE SET v = 0"), [(1, 0, [])]),
    (("MERGE INTO shop.stock AS t USING (SELECT 2 AS k, NULL AS b) AS s ON FALSE"
     " WHEN NOT MATCHED BY TARGET THEN INSERT (k, v, b) VALUES (s.k, 5, s.b) WHEN NOT MATCHED BY SOURCE AND t.k >= 2 AND IF(t.v > 0, TRUE, FALSE) THEN DELETE"),
     [(1, 10, []), (2, 5, [])]),
    ("MERGE INTO shop.stock AS t USING shop.sales AS s ON t.k = s.id WHEN NOT MATCHED BY TARGET AND s.id = 4 THEN INSERT (k) VALUES (s.id)",
     [(1, 10, []), (2, 20, []), (4, None, [])]),
]  # fmt: skip

REFUSED = [
    ("SELECT FORMAT('%d', 1)", "FORMAT"),
    ("SELECT SAFE.SUBSTR('a', 1)", "SAFE_FUNC"),
    ("SELECT FARM_FINGERPRINT('a')", "FARM_FINGERPRINT"),
    ("SELECT CURRENT_TIMESTAMP()", "CURRENT_TIMESTAMP"),
    ("SELECT ST_GEOGPOINT(1, 2)", "ST_"),
    ("SELECT MY_FUNCTION(1)", "MY_FUNCTION"),
    ("SELECT ROUND(2.5, 0, 'ROUND_HALF_EVEN')", "ROUND with truncate"),
    ("SELECT REGEXP_EXTRACT('abc', 'b', 1, 2)", "REGEXP_EXTRACT with"),
    ("SELECT REGEXP_EXTRACT('abc', '(a)(b)')", "REGEXP_EXTRACT with more than one group"),
    ("SELECT REGEXP_EXTRACT('abc', s.shop) FROM shop.sales AS s", "REGEXP_EXTRACT with"),
    ("SELECT 'a_' LIKE 'a\\\\_'", "LIKE with an escape"),
    ("SELECT STRUCT(1, 2)", "STRUCT without field names"),
    ("SELECT x FROM UNNEST([1]) AS x WITH OFFSET AS o", "UNNEST with offset"),
    ("SELECT 1 FROM UNNEST([1])", "UNNEST without an alias"),
    (
        "SELECT (SELECT value.int_value FROM UNNEST(s.params) AS p WHERE key = 'n') FROM shop.sales AS s",
        "the unqualified name key beside UNNEST",
    ),
    ("SELECT TIMESTAMP_TRUNC(TIMESTAMP '2025-11-01', HOUR, 'Africa/Cairo')", "TIMESTAMP_TRUNC in a zone"),
    ("SELECT TIMESTAMP_TRUNC(TIMESTAMP '2025-11-01', WEEK)", "TIMESTAMP_TRUNC with unit"),
    ("SELECT EXTRACT(ISOWEEK FROM DATE '2025-11-01')", "EXTRACT with"),
    ("SELECT FORMAT_DATE('%A', DATE '2025-11-01')", "a date format"),
    ("SELECT CAST('1' AS NUMERIC)", "DATATYPE with"),
    ("SELECT * FROM `ga.events_*`", "SELECT * over a wildcard table"),
    ("SELECT AS VALUE 1", "SELECT with kind=VALUE"),
    ("SELECT s.id FROM shop.sales AS s TABLESAMPLE SYSTEM (10 PERCENT)", "TABLE with sample"),
    ("SELECT 1; SELECT 2", "several statements"),
    ("CREATE TABLE shop.x (a INT64)", "CREATE"),
    ("DELETE FROM shop.stock", "DELETE without WHERE"),
    ("UPDATE shop.stock SET v = 1", "UPDATE without WHERE"),
    ("MERGE shop.stock AS t USING shop.stock AS s ON FALSE WHEN NOT MATCHED THEN INSERT ROW", "with"),
    ("SELECT SAFE_CAST(s.id AS STRING) FROM shop.sales AS s", "SAFE_CAST to STRING"),
    ("SELECT APPROX_QUANTILES(s.id, @five) FROM shop.sales AS s", "APPROX_QUANTILES with a number"),
]

FAULTS = [
    ("SELECT 1 / 0", "Division by zero"),
    ("SELECT s.id / 0 FROM shop.sales AS s", "Division by zero"),
    ("SELECT MOD(1, 0)", "Division by zero"),
    ("SELECT CAST('2.5' AS INT64)", "Bad int64 value"),
    ("SELECT CAST('1_0' AS FLOAT64)", "Bad double value"),
    ("SELECT CAST('yes' AS BOOL)", "Bad bool value"),
    ("SELECT CAST(@noon AS STRING)", "CAST to STRING of a timestamp"),
    ("SELECT CAST(1e15 AS STRING)", "CAST to STRING of a timestamp or of a number"),
    ("SELECT LN(0)", "LN of a value that is not positive"),
    ("SELECT [1][OFFSET(1)]", "Array index is out of bounds"),
    ("SELECT NET.HOST('shop.example/cars')", "NET.HOST of an address without //"),
    ("SELECT [1, NULL]", "Array cannot have a null element"),
    ("SELECT (SELECT x FROM UNNEST([1, 2]) AS x)", "more than one element"),
    ("SELECT (SELECT p.key FROM UNNEST(s.params) AS p) AS k FROM shop.sales AS s", "more than one element"),
    ("SELECT (SELECT s.id FROM shop.sales AS s) AS k", "More than one row"),
    ("SELECT s.nope FROM shop.sales AS s", "nope"),
    ("SELECT 1 FROM shop.missing AS m", "missing"),
    ("SELECT e.n FROM `ga.users_*` AS e", "ga.users_* does not match any table"),
    ("SELEC 1", "yntax"),
    ("SELECT PARSE_DATE('%Y%m%d', 'secret')", "a value does not fit"),
    (
        "MERGE shop.stock AS t USING (SELECT 1 AS k, 2 AS v UNION ALL SELECT 1, 3) AS s ON t.k = s.k WHEN MATCHED THEN UPDATE SET v = s.v",
        "at most one source row",
    ),
    ("SELECT @unheard", "@unheard is not declared"),
]


@pytest.fixture(scope="module")
def filled():
    warehouse = DuckDBWarehouse(None)
    warehouse.create("shop.sales", SALES)
    warehouse.append("shop.sales", ROWS)
    for name, values in {"20251101": (1, 2), "20251102": (3,), "intraday_20251102": (4,)}.items():
        warehouse.create(f"ga.events_{name}", [{"name": "n", "type": "INT64"}])
        warehouse.append(f"ga.events_{name}", [{"n": value} for value in values])
    yield warehouse
    warehouse.close()


@pytest.fixture
def warehouse(filled):
    filled.drop("shop.stock")
    bucket = {
        "name": "b",
        "type": "RECORD",
        "mode": "REPEATED",
        "fields": [{"name": "i", "type": "INT64"}, {"name": "n", "type": "INT64"}],
    }
    filled.create("shop.stock", [{"name": "k", "type": "INT64"}, {"name": "v", "type": "INT64"}, bucket])
    filled.append("shop.stock", [{"k": 1, "v": 10}, {"k": 2, "v": 20}])
    return filled


def rows_of(warehouse, sql):
    return [tuple(row.values()) for row in warehouse.run(DECLARED + sql, PARAMETERS).rows]


@pytest.mark.parametrize(("expression", "expected"), VALUES, ids=[expression for expression, _ in VALUES])
def test_an_expression_has_the_value_bigquery_documents(filled, expression, expected):
    (value,) = filled.run(f"{DECLARED}SELECT {expression} AS value", PARAMETERS).rows
    assert (value["value"], type(value["value"])) == (expected, type(expected))


@pytest.mark.parametrize(("sql", "expected"), QUERIES, ids=[sql for sql, _ in QUERIES])
def test_a_query_has_the_rows_bigquery_documents(filled, sql, expected):
    assert rows_of(filled, sql) == expected


@pytest.mark.parametrize(("sql", "expected"), CHANGES, ids=[sql for sql, _ in CHANGES])
def test_a_change_leaves_the_rows_bigquery_documents(warehouse, sql, expected):
    assert rows_of(warehouse, sql) == []
    assert rows_of(warehouse, "SELECT s.k, s.v, s.b FROM shop.stock AS s ORDER BY s.k") == expected
    assert rows_of(warehouse, "SELECT COUNTIF(s.b IS NULL) FROM shop.stock AS s") == [(0,)]  # empty, not NULL


@pytest.mark.parametrize(("sql", "name"), REFUSED, ids=[sql for sql, _ in REFUSED])
def test_what_has_no_case_here_is_refused_by_name(warehouse, sql, name):
    with pytest.raises(QueryError, match=r"^Not supported by the embedded engine: ") as refusal:
        warehouse.run(DECLARED + sql, PARAMETERS)
    assert name in str(refusal.value)


@pytest.mark.parametrize(("sql", "text"), FAULTS, ids=[sql for sql, _ in FAULTS])
def test_a_fault_of_bigquery_is_a_fault_here_and_its_text_holds_no_data(warehouse, sql, text):
    with pytest.raises(QueryError) as fault:
        warehouse.run(DECLARED + sql, PARAMETERS)
    assert text in str(fault.value)
    assert "secret" not in str(fault.value)


def test_everything_the_engine_allows_is_in_a_case_above():
    statements = [f"SELECT {expression}" for expression, _ in VALUES] + [sql for sql, _ in (*QUERIES, *CHANGES)]
    shown = {}
    for sql in statements:
        for node in parsed(sql).walk():
            shown.setdefault(type(node).__name__, set()).update(features(node))
    assert {name: set(arguments) for name, arguments in _table().items()} == shown
