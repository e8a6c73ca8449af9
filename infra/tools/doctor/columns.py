"""Which columns of an export our views read, and what another schema lacks of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from string import Template
from typing import Any

from shared.adapters.bigquery.installation import VIEWS

# An export -> the schema by which its tables are made locally.
SCHEMAS: Mapping[str, str] = {
    "requests": "request_log",
    "web_errors": "web_errors",
    "analytics": "analytics_events",
    "crashes": "crashlytics",
    "crashes_realtime": "crashlytics",
    "app_sessions": "app_sessions",
    "performance": "performance",
}
# Two names for one type: the API answers with the older ones.
SYNONYMS: Mapping[str, str] = {"INT64": "INTEGER", "FLOAT64": "FLOAT", "BOOL": "BOOLEAN", "STRUCT": "RECORD"}

FAMILIES = frozenset({"analytics"})  # named by their dataset alone: there is a table for each day
READ = "the_export"

Schema = Sequence[Mapping[str, Any]]
Path = tuple[str, ...]


@cache
def read_columns(export: str) -> Schema:
    """The part of the export's schema that our views read."""
    from infra.local.warehouse.exports import schema  # noqa: PLC0415

    paths = {path for file in sorted(VIEWS.glob("*.sql")) for path in _paths(file.read_text(encoding="utf-8"), export)}
    return tuple(_pruned(schema(SCHEMAS[export]), paths))


def differences(wanted: Schema, found: Schema, *, within: str = "") -> Iterator[str]:
    """What of `wanted` is not in `found`, or of another type; columns that are more do no harm."""
    there = {str(field["name"]).lower(): field for field in found}
    for field in wanted:
        name = f"{within}{field['name']}"
        other = there.get(str(field["name"]).lower())
        if other is None:
            yield f"column {name} is missing"
        elif _type(other) != _type(field):
            yield f"column {name} is {_type(other)}, not {_type(field)}"
        else:
            yield from differences(field.get("fields", ()), other.get("fields", ()), within=f"{name}.")


def _type(field: Mapping[str, Any]) -> str:
    kind = str(field["type"]).upper()
    repeated = "REPEATED " if field.get("mode") == "REPEATED" else ""
    return f"{repeated}{SYNONYMS.get(kind, kind)}"


def _paths(view: str, export: str) -> Iterator[Path]:
    """The dotted paths below the export's table that a view's SQL names; an array that is unnested is named whole."""
    import sqlglot  # noqa: PLC0415 - installed with the command line only
    from sqlglot import exp  # noqa: PLC0415
    from sqlglot.dialects.bigquery import BigQuery  # noqa: PLC0415
    from sqlglot.optimizer.scope import traverse_scope  # noqa: PLC0415

    if f"${{{export}}}" not in view:
        return
    names = {name: f"other.{name}" for name in SCHEMAS} | {export: READ if export in FAMILIES else f"{READ}.rows"}
    for scope in traverse_scope(sqlglot.parse_one(Template(view).safe_substitute(names), read=BigQuery)):
        own = {name for name, source in scope.sources.items() if isinstance(source, exp.Table) and source.db == READ}
        for column in scope.columns:
            alias, *path = _parts(column)
            if alias in own:
                yield tuple(path)


def _parts(column: Any) -> Path:  # noqa: ANN401 - sqlglot's expressions
    """As it is written: e.geo.country is ("e", "geo", "country")."""
    from sqlglot import exp  # noqa: PLC0415

    above, names = column.parent, [part.name for part in column.parts]
    while isinstance(above, exp.Dot):
        names.append(above.expression.name)
        above = above.parent
    return tuple(names)


def _pruned(fields: Schema, paths: Iterable[Path]) -> Iterator[Mapping[str, Any]]:
    """The fields that are named; of a record those inside that are, or all when it is only named as a whole."""
    wanted = [tuple(word.lower() for word in path) for path in paths]
    for field in fields:
        named = [path[1:] for path in wanted if path and path[0] == str(field["name"]).lower()]
        deeper = [path for path in named if path]
        if deeper:
            yield {**field, "fields": tuple(_pruned(field["fields"], deeper))}
        elif named:
            yield field
