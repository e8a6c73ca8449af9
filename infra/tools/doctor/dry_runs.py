"""Every packaged query, checked by the warehouse itself without being run: what it would read, or why it is refused."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from infra.tools.doctor.outcomes import Check, Outcome, failed, fine
from shared.adapters.bigquery.installation import SQL
from shared.adapters.bigquery.parameters import declared
from shared.adapters.bigquery.warehouse import BigQueryWarehouse
from shared.errors import QueryError
from shared.ports.warehouse import Parameter

SPAN = timedelta(days=1)  # what a query is asked about: from so long ago until now
MEBIBYTE = 1 << 20


def dry_runs(warehouse: BigQueryWarehouse, *, metrics: Iterable[str], now: datetime) -> list[Check]:
    """A check for each .sql file, with parameters of the types it declares."""
    names = tuple(sorted(metrics))
    return [
        Check(f"sql {file.stem}", partial(_dry_run, warehouse, file.stem, names, now))
        for file in sorted(SQL.glob("*.sql"))
    ]


def _dry_run(warehouse: BigQueryWarehouse, name: str, metrics: tuple[str, ...], now: datetime) -> Outcome:
    declarations = declared((SQL / f"{name}.sql").read_text(encoding="utf-8"))
    values = {parameter: _sample(parameter, kind, metrics, now) for parameter, kind in declarations.items()}
    try:
        found = warehouse.bytes_of(name, values)
    except QueryError as error:
        return failed(str(error), "compare the tables and views with `terraform plan`; the query is in bigquery/sql")
    return fine(f"{found:>14,} bytes ({found / MEBIBYTE:.1f} MiB) of the last day")


def _sample(name: str, kind: str, metrics: tuple[str, ...], now: datetime) -> Parameter:
    instants = {"since": now - SPAN, "until": now}
    match kind:
        case "TIMESTAMP":
            return instants[name.rpartition("_")[2]]
        case "ARRAY<STRING>":
            return metrics
        case "INT64":
            return 60
    return metrics[0]
