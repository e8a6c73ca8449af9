"""The warehouse: exports that arrive with the columns our views read, our own tables and views, who may write."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from google.api_core.exceptions import GoogleAPICallError, NotFound
from google.api_core.retry import Retry, if_exception_type
from google.cloud import bigquery

from infra.tools.doctor.columns import differences, read_columns
from infra.tools.doctor.google import FORBIDDEN
from infra.tools.doctor.outcomes import APPLY, CheckError, Outcome, failed, fine, listed, warned
from infra.tools.estate import EXPORTS, PLACEHOLDER, Estate
from shared.adapters.bigquery.installation import Installation, own_tables, views

SECONDS = 10.0
ONCE = Retry(predicate=if_exception_type())  # the client would try for ten minutes; a check is repeated by hand
FRESH = timedelta(days=1)
SLOW: Mapping[str, timedelta] = {"performance": timedelta(days=2)}  # exports that come later than that by nature
FAMILY = "events_"  # of daily tables: "events_20260110", and today's "events_intraday_20260110"
WRITERS = frozenset({"WRITER", "OWNER", "roles/bigquery.dataEditor", "roles/bigquery.dataOwner"})

Schema = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Tables:
    """The client and what it is asked about."""

    client: bigquery.Client
    estate: Estate
    now: datetime


def export(tables: Tables, name: str) -> Outcome:
    """An export is linked, brought rows within a day, and has every column that our views read."""
    named = tables.estate.exports[name]
    if PLACEHOLDER in named:
        return failed(f"{named} is a placeholder", "name the table in the tfvars, or take the line out")
    found = _newest(tables, named)
    if found is None:
        return failed(
            f"there is no table {named}", "link the export (Firebase or Analytics console), or wait for its first rows"
        )
    drift = list(differences(read_columns(name), [field.to_api_repr() for field in found.schema]))
    if drift:
        return failed(f"{named}: {listed(drift)}", "adapt the view in shared/adapters/bigquery/views, then apply")
    return _freshness(found, tables.now, SLOW.get(name, FRESH))


def own(tables: Tables) -> Outcome:
    """Our tables have their columns, and the views whose exports are named are there."""
    dataset = tables.estate.prefix
    faults = [
        fault
        for table in own_tables(Installation(soukmon=dataset))
        for fault in _drift(tables, table.name, table.schema)
    ]
    there = {table.table_id for table in _listed(tables, dataset)}
    missing = [view for view in expected_views(tables.estate) if view not in there]
    if faults or missing:
        return failed(listed([*faults, *(f"there is no view {view}" for view in missing)]), APPLY)
    return fine(f"tables and {len(list(expected_views(tables.estate)))} views of {dataset} are there")


def sink_writes(tables: Tables, writer: Callable[[], str]) -> Outcome:
    """The sink of request logs may write into its dataset; `writer` is its identity."""
    member = writer().partition(":")[2]
    with _told():
        dataset = tables.client.get_dataset("request_logs", retry=ONCE, timeout=SECONDS)
    allowed = {str(entry.entity_id) for entry in dataset.access_entries if entry.role in WRITERS}
    if member not in allowed:
        return failed("the log sink may not write to request_logs: no request is counted", APPLY)
    return fine("the log sink may write to request_logs")


def _freshness(found: bigquery.Table, now: datetime, most: timedelta) -> Outcome:
    name = f"{found.dataset_id}.{found.table_id}"
    streamed = found.streaming_buffer.estimated_rows if found.streaming_buffer else 0
    if not (found.num_rows or streamed):
        return warned(f"{name} holds no rows", "look whether the app sends anything, and whether the export is on")
    if found.modified is None or now - found.modified > most:
        since = found.modified.strftime("%Y-%m-%d %H:%M") if found.modified else "ever"
        return warned(f"{name} had no rows since {since}", "look at the export in the Firebase or Analytics console")
    return fine(f"{name} has its columns, and rows of the last {most.days} day(s)")


def _newest(tables: Tables, named: str) -> bigquery.Table | None:
    """The table; of Analytics' daily ones the newest, by the day its name ends with."""
    dataset, _, table = named.partition(".")
    if not table:
        days = [one.table_id for one in _listed(tables, dataset) if one.table_id.startswith(FAMILY)]
        if not days:
            return None
        table = max(days, key=lambda name: name.rpartition("_")[2])
    return _table(tables, f"{dataset}.{table}")


def _drift(tables: Tables, name: str, schema: Schema) -> Iterator[str]:
    found = _table(tables, name)
    if found is None:
        yield f"there is no table {name}"
        return
    yield from (f"{name}: {one}" for one in differences(schema, [field.to_api_repr() for field in found.schema]))


def expected_views(estate: Estate) -> Iterator[str]:
    """As warehouse.tf chooses them: those that need no export which is not named."""
    for name, sql in views(Installation(**{export: f"<{export}>" for export in EXPORTS})):
        if not any(f"<{export}>" in sql for export in EXPORTS if export not in estate.exports):
            yield name.partition(".")[2]


def _listed(tables: Tables, dataset: str) -> list[Any]:
    with _told():
        try:
            return list(tables.client.list_tables(dataset, retry=ONCE, timeout=SECONDS))
        except NotFound:
            return []


def _table(tables: Tables, name: str) -> bigquery.Table | None:
    with _told():
        try:
            return tables.client.get_table(name, retry=ONCE, timeout=SECONDS)
        except NotFound:
            return None


@contextmanager
def _told() -> Iterator[None]:
    """BigQuery's refusals in its own words."""
    try:
        yield
    except GoogleAPICallError as error:
        message = str(error.message).partition("\n")[0]
        fix = (
            "grant roles/bigquery.metadataViewer on the dataset to whoever asks"
            if error.code == FORBIDDEN
            else "try again"
        )
        raise CheckError(f"BigQuery: {message}", fix) from error
