"""DuckDB functions that give BigQuery's result where DuckDB's own differ.

A macro that has to fail casts one of FAULTS to a number instead of calling error(): that function counts as volatile,
which keeps DuckDB from pushing filters down.
"""

BAD_INTEGER = "Bad int64 value"
BAD_FLOAT = "Bad double value"
BAD_BOOL = "Bad bool value"
BAD_STRING = "Not supported by the embedded engine: CAST to STRING of a timestamp or of a number of 1e15 and more"
BAD_INDEX = "Array index is out of bounds"
BAD_SUBQUERY = "Scalar subquery produced more than one element"
BAD_LOGARITHM = "LN of a value that is not positive"
BAD_HOST = "Not supported by the embedded engine: NET.HOST of an address without //"
FAULTS = (BAD_INTEGER, BAD_FLOAT, BAD_BOOL, BAD_STRING, BAD_INDEX, BAD_SUBQUERY, BAD_LOGARITHM, BAD_HOST)


def _fails(fault: str) -> str:
    return f"CAST('{fault}' AS BIGINT)"


_IS_TEXT = "typeof(x) = 'VARCHAR'"
_INTEGER_TEXT = r"regexp_full_match(CAST(x AS VARCHAR), '\s*[-+]?[0-9]+\s*')"
_FLOAT_TEXT = r"regexp_full_match(CAST(x AS VARCHAR), '[^_]*')"
_BOOL_TEXT = "lower(CAST(x AS VARCHAR)) IN ('true', 'false')"
_UNREADABLE = "(typeof(x) IN ('DOUBLE', 'FLOAT') AND abs(TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE)) >= 1e15)"
_HOST = r"'^\s*(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//(?:[^/?#@]*@)?(\[[^\]/]*\]|[^:/?#]*)'"

MACROS = (
    "bq_divide(a, b) AS CASE WHEN b = 0 AND a IS NOT NULL THEN 1 % CAST(b AS BIGINT) ELSE a / b END",
    f"bq_ln(x) AS CASE WHEN x <= 0 THEN {_fails(BAD_LOGARITHM)} ELSE ln(x) END",
    # Half away from zero, which the way over DECIMAL gives; a text must be whole.
    (
        f"bq_int64(x) AS CASE WHEN {_IS_TEXT} AND NOT {_INTEGER_TEXT} THEN {_fails(BAD_INTEGER)}"
        " ELSE CAST(CAST(x AS DECIMAL(38, 0)) AS BIGINT) END"
    ),
    (
        f"bq_safe_int64(x) AS CASE WHEN {_IS_TEXT} AND NOT {_INTEGER_TEXT} THEN NULL"
        " ELSE TRY_CAST(TRY_CAST(x AS DECIMAL(38, 0)) AS BIGINT) END"
    ),
    f"bq_float64(x) AS CASE WHEN {_IS_TEXT} AND NOT {_FLOAT_TEXT} THEN {_fails(BAD_FLOAT)} ELSE CAST(x AS DOUBLE) END",
    f"bq_safe_float64(x) AS CASE WHEN {_IS_TEXT} AND NOT {_FLOAT_TEXT} THEN NULL ELSE TRY_CAST(x AS DOUBLE) END",
    f"bq_bool(x) AS CASE WHEN {_IS_TEXT} AND NOT {_BOOL_TEXT} THEN {_fails(BAD_BOOL)} = 0 ELSE CAST(x AS BOOLEAN) END",
    f"bq_safe_bool(x) AS CASE WHEN {_IS_TEXT} AND NOT {_BOOL_TEXT} THEN NULL ELSE TRY_CAST(x AS BOOLEAN) END",
    (
        f"bq_string(x) AS CASE WHEN starts_with(typeof(x), 'TIMESTAMP') OR {_UNREADABLE}"
        f" THEN CAST({_fails(BAD_STRING)} AS VARCHAR) ELSE CAST(x AS VARCHAR) END"
    ),
    f"bq_element(l, i) AS l[CASE WHEN i < 0 OR i >= len(l) THEN {_fails(BAD_INDEX)} ELSE i + 1 END]",
    "bq_safe_element(l, i) AS l[CASE WHEN i < 0 OR i >= len(l) THEN NULL ELSE i + 1 END]",
    f"bq_single(l) AS l[CASE WHEN len(l) > 1 THEN {_fails(BAD_SUBQUERY)} ELSE 1 END]",
    "bq_substr(s, p, n) AS substr(s, CASE WHEN p = 0 OR p < -length(s) THEN 1 ELSE p END, n)",
    (
        f"bq_host(u) AS CASE WHEN regexp_matches(u, {_HOST}) THEN nullif(regexp_extract(u, {_HOST}, 1), '')"
        f" WHEN u IS NOT NULL THEN CAST({_fails(BAD_HOST)} AS VARCHAR) END"
    ),
    "bq_instant(n, scale) AS make_timestamptz(CAST(n AS BIGINT) * CAST(scale AS BIGINT))",
    # Whole units since 1970, rounded down; `//` and `%` of DuckDB round towards zero.
    "bq_unix(t, scale) AS (epoch_us(t) - ((epoch_us(t) % scale) + scale) % scale) // scale",
    # Whole units between, towards zero: BigQuery does not count the boundaries that were crossed.
    "bq_between(a, b, scale) AS (epoch_us(a) - epoch_us(b)) // CAST(scale AS BIGINT)",
    "bq_format(t, zone, f) AS strftime(CAST(t AS TIMESTAMPTZ) AT TIME ZONE zone, f)",
    "bq_parse_date(s, f) AS CAST(strptime(s, f) AS DATE)",
    "bq_parse_instant(s, f) AS strptime(s, f) AT TIME ZONE 'UTC'",
    "bq_week(d, first) AS CAST(d AS DATE) - CAST((dayofweek(CAST(d AS DATE)) - first + 7) % 7 AS INTEGER)",
)


def definitions() -> list[str]:
    """Statements that define them for one connection."""
    return [f"CREATE OR REPLACE TEMP MACRO {macro}" for macro in MACROS]
