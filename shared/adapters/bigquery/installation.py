"""What one installation calls the tables its views read, and the SQL and schemas that follow from it."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template
from typing import Any

HERE = Path(__file__).parent
SQL = HERE / "sql"
VIEWS = HERE / "views"
TABLES = HERE / "tables"
LAYOUT = HERE / "layout.json"

Schema = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Installation:
    """The names that fill in views/*.sql; in production Terraform's templatefile puts the project before each table.

    `api_services`, `api_paths` and `order_paths` are regular expressions (RE2) over a service's name and a request's
    path. `crashes_realtime` is the same as `crashes` where Crashlytics streams nothing.
    """

    soukmon: str = "soukmon"
    requests: str = "request_logs.run_googleapis_com_requests"
    web_errors: str = "request_logs.firebasetelemetry_googleapis_com_events"
    analytics: str = "analytics_313131313"
    crashes: str = "firebase_crashlytics.com_soukelsayarat_app_ANDROID"
    crashes_realtime: str = "firebase_crashlytics.com_soukelsayarat_app_ANDROID_REALTIME"
    app_sessions: str = "firebase_sessions.com_soukelsayarat_app_ANDROID"
    performance: str = "firebase_performance.com_soukelsayarat_app_ANDROID"
    api_services: str = "(^|-)api(-|$)"
    api_paths: str = "^/api/"
    order_paths: str = "/orders/?$"
    home_country: str = "Egypt"
    home_currency: str = "EGP"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: "dataset.table", its BigQuery JSON schema, and the column that partitions it by "HOUR" or "DAY"."""

    name: str
    schema: Schema
    partitioned_by: tuple[str, str] | None = None


def views(installation: Installation) -> Iterator[tuple[str, str]]:
    """Each view's full name and its SELECT, in BigQuery's SQL. No view reads another: any order will do."""
    names = asdict(installation)
    for path in sorted(VIEWS.glob("*.sql")):
        yield f"{installation.soukmon}.{path.stem}", Template(path.read_text(encoding="utf-8")).substitute(names)


def own_tables(installation: Installation) -> Iterator[Table]:
    """Our own tables."""
    layout = json.loads(LAYOUT.read_text(encoding="utf-8"))
    for path in sorted(TABLES.glob("*.json")):
        partition = layout[path.stem]["column"], layout[path.stem]["unit"]
        yield Table(f"{installation.soukmon}.{path.stem}", json.loads(path.read_text(encoding="utf-8")), partition)
