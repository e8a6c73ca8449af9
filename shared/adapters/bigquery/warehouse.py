"""The warehouse on BigQuery itself: the packaged queries with bound parameters, a byte cap and labels on every job."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from google.api_core.exceptions import ClientError, NotFound, TooManyRequests
from google.cloud import bigquery

from shared.adapters.bigquery.installation import SQL
from shared.adapters.bigquery.parameters import bound, declared
from shared.errors import ByteCapError, QueryError
from shared.ports.store import Body
from shared.ports.warehouse import Answer, Parameter

SECONDS = 120.0
OVER_THE_CAP = "bytesBilledLimitExceeded"  # https://cloud.google.com/bigquery/docs/error-messages
NEWEST = 4  # of a family of daily tables: exports rewrite three days, and write today's beside them


class BigQueryWarehouse:
    """Implements `Warehouse`; `client` is a factory: the first use makes the client, not the import.

    Faults of the question raise QueryError; a server that is unavailable raises the client's own error, so that
    whoever called is called again.
    """

    def __init__(self, client: Callable[[], bigquery.Client], *, sql: Path = SQL) -> None:
        self._make = client
        self._made: bigquery.Client | None = None
        self._sql = sql

    def query(self, name: str, parameters: Mapping[str, Parameter], *, maximum_bytes: int | None = None) -> Answer:
        """Run the named .sql file; see `Warehouse`."""
        file = self._sql / f"{name}.sql"
        if not re.fullmatch(r"\w+", name) or not file.is_file():
            raise QueryError(f"Unknown query: {name}")
        job = self._job(name, file.read_text(encoding="utf-8"), parameters, maximum_bytes=maximum_bytes)
        with _told():
            found = job.result(timeout=SECONDS)
            rows = () if job.num_dml_affected_rows is not None else tuple(dict(row.items()) for row in found)
        return Answer(rows, int(job.total_bytes_billed or 0))

    def bytes_of(self, name: str, parameters: Mapping[str, Parameter]) -> int:
        """What the query would read, without running it (free of charge)."""
        sql = (self._sql / f"{name}.sql").read_text(encoding="utf-8")
        return int(self._job(name, sql, parameters, dry_run=True).total_bytes_processed or 0)

    def append(self, table: str, rows: Sequence[Body]) -> None:
        """Stream rows in, all or none: the API refuses the whole request for one row that does not fit."""
        if not rows:
            return
        with _told():
            faults = self._client.insert_rows_json(table, list(rows), timeout=SECONDS)
        if faults:
            raise QueryError(f"{_first(faults)} in {table}")

    def stamp(self, tables: Sequence[str]) -> str:
        """When each table that holds rows was last changed, by its metadata (free of charge)."""
        found = (self._changed(name) for given in tables for name in self._names(given))
        return " ".join(sorted(changed for changed in found if changed))

    def _job(
        self,
        name: str,
        sql: str,
        parameters: Mapping[str, Parameter],
        *,
        maximum_bytes: int | None = None,
        dry_run: bool = False,
    ) -> bigquery.QueryJob:
        declarations = declared(sql)
        values = bound(parameters, declarations, declarations)
        options = bigquery.QueryJobConfig(
            query_parameters=[_parameter(n, declarations[n], value) for n, value in values.items()],
            labels={"app": "soukmon", "query": name},
            use_query_cache=True,
            dry_run=dry_run,
        )
        if maximum_bytes is not None:
            options.maximum_bytes_billed = maximum_bytes
        with _told():
            return self._client.query(sql, job_config=options, timeout=SECONDS)

    def _names(self, table: str) -> Sequence[str]:
        """A family "dataset.prefix*" is its newest tables; older ones no longer change."""
        if not table.endswith("*"):
            return (table,)
        dataset, _, prefix = table[:-1].partition(".")
        with _told():
            named = sorted(f"{dataset}.{t.table_id}" for t in self._listed(dataset) if t.table_id.startswith(prefix))
        return named[-NEWEST:]

    def _listed(self, dataset: str) -> Iterator[Any]:
        try:
            yield from self._client.list_tables(dataset, timeout=SECONDS)
        except NotFound:
            return

    def _changed(self, table: str) -> str:
        try:
            with _told():
                found = self._client.get_table(table, timeout=SECONDS)
        except QueryError:
            return ""
        streamed = found.streaming_buffer.estimated_rows if found.streaming_buffer else 0
        if not (found.num_rows or streamed):
            return ""
        return f"{table}:{found.modified.isoformat() if found.modified else ''}:{found.num_rows}:{streamed}"

    @property
    def _client(self) -> bigquery.Client:
        if self._made is None:
            self._made = self._make()
        return self._made


def _parameter(
    name: str,
    declaration: str,
    value: Any,  # noqa: ANN401 - whatever the type is
) -> bigquery.ScalarQueryParameter | bigquery.ArrayQueryParameter:
    if declaration.startswith("ARRAY<"):
        return bigquery.ArrayQueryParameter(name, declaration[6:-1], value)
    return bigquery.ScalarQueryParameter(name, declaration, value)


@contextmanager
def _told() -> Iterator[None]:
    """BigQuery's refusals as ours, in its own words; what may pass (5xx, too many requests) stays as it is."""
    try:
        yield
    except TooManyRequests:
        raise
    except ClientError as error:
        reasons = {str(one.get("reason", "")) for one in error.errors if isinstance(one, Mapping)}
        kind = ByteCapError if OVER_THE_CAP in reasons else QueryError
        raise kind(str(error.message).partition("\n")[0][:300]) from error


def _first(faults: Sequence[Mapping[str, Any]]) -> str:
    """The first fault that says something; rows refused only because of another one say "stopped"."""
    told = [one for fault in faults for one in fault.get("errors", []) if one.get("reason") != "stopped"]
    return str(told[0].get("message") or told[0].get("reason")) if told else "refused"
