"""What BigQuery would bill: an estimate from the columns and partitions that DuckDB's plan reads.

Rows times the mean logical size of each column read (cloud.google.com/bigquery/pricing, "data size calculation": 8
bytes for a number or an instant, 1 for a BOOL, 2 and its UTF-8 bytes for a STRING, 0 for NULL, the sum of their parts
for records and arrays), and 10 MiB at the least for each table. What is read of a table in two places counts twice.
Records and arrays are counted whole though BigQuery reads only the fields that are named: estimates err upwards.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shared.adapters.dialect.schemas import quoted
from shared.adapters.dialect.translate import Statement

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEBIBYTE = 1 << 20
MINIMUM = 10 * MEBIBYTE
_SAMPLE = 2000  # rows whose mean size stands for all
_FIXED = {"boolean": 1, "decimal": 16}
_BOUND = re.compile(r"\(\"?(\w+)\"? (>=|>|<=|<|=) '([^']+)'::TIMESTAMP WITH TIME ZONE\)")
_TEXT = re.compile(r"'(?:[^']|'')*'")


@dataclass(frozen=True, slots=True)
class Scan:
    """A read of a table ("dataset.table"): the columns, and the limits (operator, instant) on its partition column."""

    table: str
    columns: frozenset[str]
    limits: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Meter:
    """`partitions`: by table, its partition column and unit ("HOUR" or "DAY")."""

    connection: "DuckDBPyConnection"
    partitions: Mapping[str, tuple[str, str]]
    _widths: dict[tuple[str, str, int], float] = field(default_factory=dict)

    def bytes_billed(self, statements: tuple[Statement, ...], values: Mapping[str, Any]) -> int:
        """Whole mebibytes."""
        sizes: dict[str, float] = {}
        for scan in self._every_scan(statements, values):
            if scan.columns:
                sizes[scan.table] = sizes.get(scan.table, 0.0) + self._rows(scan) * self._row(scan)
        return sum(max(MINIMUM, math.ceil(size / MEBIBYTE) * MEBIBYTE) for size in sizes.values())

    def row_bytes(self, statements: tuple[Statement, ...], values: Mapping[str, Any]) -> dict[str, float]:
        """The mean size of what is read of one row, by table."""
        sizes: dict[str, float] = {}
        for scan in self._every_scan(statements, values):
            sizes[scan.table] = sizes.get(scan.table, 0.0) + self._row(scan)
        return sizes

    def _every_scan(self, statements: tuple[Statement, ...], values: Mapping[str, Any]) -> Iterator[Scan]:
        for statement in statements:
            bound = {name: values[name] for name in statement.parameters}
            yield from self._scans(self._plan(statement.sql, bound))

    def _plan(self, sql: str, bound: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Without what DuckDB knows of a column's least and greatest value, for which BigQuery has to read it."""
        self.connection.execute("SET disabled_optimizers = 'statistics_propagation'")
        try:
            plan: list[dict[str, Any]] = json.loads(
                self.connection.execute(f"EXPLAIN (FORMAT json) {sql}", bound).fetchall()[0][1]
            )
        finally:
            self.connection.execute("SET disabled_optimizers = ''")
        return plan

    def _row(self, scan: Scan) -> float:
        rows = self._rows(scan)
        return sum(self._width(scan.table, column, rows) for column in scan.columns)

    def _scans(self, nodes: list[dict[str, Any]]) -> Iterator[Scan]:
        for node in nodes:
            information = node.get("extra_info", {})
            if node["name"].strip() == "SEQ_SCAN" and "Table" in information:
                yield self._scan(information)
            yield from self._scans(node.get("children", []))

    def _scan(self, information: Mapping[str, Any]) -> Scan:
        table = information["Table"].split(".", 1)[1].replace('"', "")
        filters = _listed(information.get("Filters"))
        words = {word for text in filters for word in re.findall(r"\w+", _TEXT.sub("", text))}
        words |= {projection.partition(".")[0].strip('"') for projection in _listed(information.get("Projections"))}
        partition = self.partitions.get(table, ("", ""))[0]
        limits = [
            (operator, instant)
            for text in filters
            if " OR " not in _TEXT.sub("", text)
            for column, operator, instant in _BOUND.findall(text)
            if column == partition
        ]
        return Scan(table, frozenset(words & self._types(table).keys()), tuple(limits))

    def _types(self, table: str) -> dict[str, Any]:
        described = self.connection.execute(f"SELECT * FROM {quoted(table)} LIMIT 0").description or []  # noqa: S608
        return {name: type_ for name, type_, *_ in described}

    def _rows(self, scan: Scan) -> int:
        """Of the partitions that the limits leave."""
        column, unit = self.partitions.get(scan.table, ("", ""))
        conditions, instants = ["TRUE"], []
        for operator, instant in scan.limits:
            start = f"date_trunc('{unit}', CAST(? AS TIMESTAMPTZ))"
            if operator in (">", ">=", "="):
                conditions.append(f"{quoted(column)} >= {start}")
                instants.append(instant)
            if operator in ("<", "<=", "="):
                conditions.append(f"{quoted(column)} < {start} + INTERVAL 1 {unit}")
                instants.append(instant)
        sql = f"SELECT COUNT(*) FROM {quoted(scan.table)} WHERE {' AND '.join(conditions)}"  # noqa: S608 - our own names
        return int(self.connection.execute(sql, instants).fetchall()[0][0])

    def _width(self, table: str, column: str, rows: int) -> float:
        """Measured again whenever the number of rows has doubled."""
        key = (table, column, rows.bit_length())
        if key not in self._widths:
            size = _size(f"s.{quoted(column)}", self._types(table)[column])
            sql = f"SELECT AVG({size}) FROM (SELECT {quoted(column)} FROM {quoted(table)} LIMIT {_SAMPLE}) AS s"  # noqa: S608
            self._widths[key] = float(self.connection.execute(sql).fetchall()[0][0] or 0)
        return self._widths[key]


def _listed(value: Any) -> list[str]:  # noqa: ANN401 - a plan has a text or a list of them
    return [] if not value else [value] if isinstance(value, str) else list(value)


def _size(value: str, type_: Any, depth: int = 0) -> str:  # noqa: ANN401 - DuckDBPyType
    """SQL for the logical bytes of a value."""
    if type_.id == "struct":
        parts = (_size(f"{value}.{quoted(name)}", child, depth) for name, child in type_.children)
        return f"({' + '.join(parts)})"
    if type_.id == "list":
        element = _size(f"e{depth}", type_.children[0][1], depth + 1)
        return f"coalesce(list_sum(list_transform({value}, lambda e{depth}: {element})), 0)"
    size = f"2 + strlen({value})" if type_.id == "varchar" else str(_FIXED.get(type_.id, 8))
    return f"(CASE WHEN {value} IS NULL THEN 0 ELSE {size} END)"
