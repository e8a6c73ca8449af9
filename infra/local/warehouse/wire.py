"""Values of the embedded engine as BigQuery's REST API writes them, and its parameters as the engine takes them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from shared.ports.warehouse import Parameter

Json = dict[str, Any]
Field = Json
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def schema_of(rows: Sequence[Mapping[str, Any]]) -> list[Field]:
    """The fields, read off the values: a column that is NULL throughout is a string, which holds NULL as well."""
    names = list(rows[0]) if rows else []
    return [_field(name, [row[name] for row in rows]) for name in names]


def encoded(value: Any, of: Field) -> Any:  # noqa: ANN401 - a value of any type
    """A value in the form the API gives it: numbers and instants are texts."""
    if of["mode"] == "REPEATED":
        return [{"v": encoded(one, {**of, "mode": "NULLABLE"})} for one in value or []]
    if value is None:
        return None
    match of["type"]:
        case "RECORD":
            return {"f": [{"v": encoded(value[inner["name"]], inner)} for inner in of["fields"]]}
        case "TIMESTAMP":
            return str((value - EPOCH) // MICROSECOND)
        case "BOOLEAN":
            return "true" if value else "false"
        case "FLOAT":
            return repr(float(value))
        case "DATE" | "DATETIME":
            return value.isoformat()
    return str(value)


def parameters_of(given: Iterable[Json]) -> dict[str, Parameter]:
    """The named parameters of a request."""
    return {one["name"]: _value(one["parameterType"], one.get("parameterValue", {})) for one in given}


def _field(name: str, values: Sequence[Any]) -> Field:
    known = [value for value in values if value is not None]
    if any(isinstance(value, list) for value in known):
        inner = [one for value in known for one in value]
        return {**_field(name, inner), "mode": "REPEATED"}
    if known and isinstance(known[0], dict):
        parts = [_field(part, [value[part] for value in known]) for part in known[0]]
        return {"name": name, "type": "RECORD", "mode": "NULLABLE", "fields": parts}
    return {"name": name, "type": _kind(known[0]) if known else "STRING", "mode": "NULLABLE"}


def _kind(value: Any) -> str:  # noqa: ANN401
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "BOOLEAN"),
        (int, "INTEGER"),
        (float, "FLOAT"),
        (Decimal, "NUMERIC"),
        (datetime, "TIMESTAMP"),
        (date, "DATE"),
    )
    named = next((name for kind, name in kinds if isinstance(value, kind)), "STRING")
    return "DATETIME" if named == "TIMESTAMP" and value.tzinfo is None else named


def _value(kind: Json, given: Json) -> Any:  # noqa: ANN401
    if kind["type"] == "ARRAY":
        return [_value(kind["arrayType"], one) for one in given.get("arrayValues", [])]
    text = given.get("value")
    match kind["type"]:
        case "INT64":
            return int(str(text))
        case "FLOAT64":
            return float(str(text))
        case "BOOL":
            return str(text).lower() == "true"
        case "TIMESTAMP":
            return datetime.fromisoformat(str(text)).astimezone(UTC)
    return text
