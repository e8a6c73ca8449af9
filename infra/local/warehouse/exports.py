"""The raw tables that the exports and log sinks fill, as they are found in a project."""

import json
from functools import cache
from pathlib import Path

from shared.adapters.bigquery.installation import Installation, Schema, Table

SCHEMAS = Path(__file__).parent / "schemas"
EVENTS = "events_"
INTRADAY = "events_intraday_"
FIRST_DAY = "20200101"  # older than any export: a wildcard has to find at least one table
OF_LOG = ("timestamp", "DAY")
OF_EXPORT = ("event_timestamp", "DAY")


@cache
def schema(name: str) -> Schema:
    """A schema of schemas/, by the export it belongs to."""
    loaded: Schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def raw_tables(names: Installation) -> list[Table]:
    """The raw tables that are there from the beginning."""
    return [
        Table(names.requests, schema("request_log"), OF_LOG),
        Table(names.web_errors, schema("web_errors"), OF_LOG),
        Table(names.crashes, schema("crashlytics"), OF_EXPORT),
        Table(names.crashes_realtime, schema("crashlytics"), OF_EXPORT),
        Table(names.app_sessions, schema("app_sessions"), OF_EXPORT),
        Table(names.performance, schema("performance"), OF_EXPORT),
        events_table(f"{names.analytics}.{INTRADAY}{FIRST_DAY}"),
    ]


def events_table(name: str) -> Table:
    """A day of GA4 events: a table of its own, without partitions."""
    return Table(name, schema("analytics_events"))


def is_of_events(table: str, names: Installation) -> bool:
    """True for a table of GA4 events, of which every day brings new ones."""
    return table.startswith(f"{names.analytics}.{EVENTS}")
