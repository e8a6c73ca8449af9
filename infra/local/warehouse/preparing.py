"""Create what the queries need, and load raw rows as the exports would write them."""

from collections.abc import Iterable, Sequence
from itertools import groupby, islice
from operator import itemgetter

from infra.local.warehouse.exports import events_table, is_of_events, raw_tables
from shared.adapters.bigquery.installation import Installation, Table, own_tables, views
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.ports.store import Body

BATCH = 20_000
Row = tuple[str, Body]


def prepare(warehouse: DuckDBWarehouse, *, names: Installation | None = None) -> None:
    """Every table and view of the installation; tables that are there already stay as they are."""
    names = names or Installation()
    for table in (*raw_tables(names), *own_tables(names)):
        _create(warehouse, table)
    for view, select in views(names):
        warehouse.define_view(view, select)


def load(warehouse: DuckDBWarehouse, rows: Iterable[Row], *, names: Installation | None = None) -> int:
    """Append rows, given as (table, row), a new day's GA4 table being created by its first row; how many there were."""
    names, remaining, known, total = names or Installation(), iter(rows), set[str](), 0
    while batch := list(islice(remaining, BATCH)):
        _append(warehouse, batch, known=known, names=names)
        total += len(batch)
    return total


def _append(warehouse: DuckDBWarehouse, rows: Sequence[Row], *, known: set[str], names: Installation) -> None:
    for table, of_table in groupby(sorted(rows, key=itemgetter(0)), key=itemgetter(0)):
        if table not in known and is_of_events(table, names):
            _create(warehouse, events_table(table))
        known.add(table)
        warehouse.append(table, [row for _, row in of_table])


def _create(warehouse: DuckDBWarehouse, table: Table) -> None:
    warehouse.create(table.name, table.schema, partitioned_by=table.partitioned_by)
