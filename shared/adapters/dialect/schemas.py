"""BigQuery's JSON schemas as DuckDB's columns, and rows checked against them."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import QueryError

Shape = Mapping[str, Any]  # of a record: each field's shape, None where it holds a plain value

_TYPES = {
    "STRING": "VARCHAR",
    "INTEGER": "BIGINT",
    "INT64": "BIGINT",
    "FLOAT": "DOUBLE",
    "FLOAT64": "DOUBLE",
    "BOOLEAN": "BOOLEAN",
    "BOOL": "BOOLEAN",
    "TIMESTAMP": "TIMESTAMPTZ",
    "DATE": "DATE",
    "DATETIME": "TIMESTAMP",
    "TIME": "TIME",
    "NUMERIC": "DECIMAL(38, 9)",
    "JSON": "JSON",
}


_PARAMETERS = ("STRING", "INT64", "FLOAT64", "BOOL", "TIMESTAMP")


def engine_type(declaration: str) -> str:
    """DuckDB's name of a declared parameter's type; raises QueryError for one that has none."""
    element = declaration.removeprefix("ARRAY<").removesuffix(">")
    if element not in _PARAMETERS:
        raise QueryError(f"Not supported by the embedded engine: a parameter of type {declaration}")
    return _TYPES[element] + ("[]" if declaration.startswith("ARRAY<") else "")


def quoted(name: str) -> str:
    """An identifier for DuckDB; each part of "dataset.table" by itself."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))


def column_type(field: Mapping[str, Any]) -> str:
    """DuckDB's type of a field; raises QueryError for a type the engine does not have."""
    kind = str(field["type"]).upper()
    if kind in ("RECORD", "STRUCT"):
        parts = (f'"{part["name"]}" {column_type(part)}' for part in field["fields"])
        base = f"STRUCT({', '.join(parts)})"
    elif kind in _TYPES:
        base = _TYPES[kind]
    else:
        raise QueryError(f"Not supported by the embedded engine: {field['name']} of type {kind}")
    return f"{base}[]" if field.get("mode") == "REPEATED" else base


def columns(schema: Sequence[Mapping[str, Any]]) -> str:
    """The columns of a CREATE TABLE. What is repeated is never NULL but empty, as in BigQuery."""
    return ", ".join(f"{quoted(field['name'])} {column_type(field)}{_constraint(field)}" for field in schema)


def _constraint(field: Mapping[str, Any]) -> str:
    mode = field.get("mode", "NULLABLE")
    return {"REQUIRED": " NOT NULL", "REPEATED": " DEFAULT []"}.get(mode, "")


def shape(type_: Any) -> Shape | None:  # noqa: ANN401 - DuckDBPyType, which is not imported here
    """The shape of a DuckDB type; that of an array is its elements'."""
    if type_.id == "list":
        return shape(type_.children[0][1])
    if type_.id == "struct":
        return {name: shape(child) for name, child in type_.children}
    return None


def unknown_field(row: Mapping[str, Any], known: Shape, *, path: str = "") -> str | None:
    """The path of the first field that the shape does not have."""
    if not row.keys() <= known.keys():
        return path + next(name for name in row if name not in known)
    for name, inner in known.items():
        value = row.get(name) if inner is not None else None
        for one in value if isinstance(value, list) else (value,) if value else ():
            if found := unknown_field(one, inner, path=f"{path}{name}."):
                return found
    return None
