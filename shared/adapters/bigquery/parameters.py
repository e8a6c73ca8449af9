"""Named parameters: the types a query's first line declares, and the values bound to them."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.errors import QueryError
from shared.ports.warehouse import Parameter

_DECLARED = re.compile(r"@(\w+)\s+(ARRAY<)?(\w+)>?")
_ACCEPTED: dict[str, type | tuple[type, ...]] = {
    "STRING": str,
    "INT64": int,
    "FLOAT64": (int, float),
    "BOOL": bool,
    "TIMESTAMP": datetime,
}


def declared(sql: str) -> dict[str, str]:
    """Types by name, as the first line's comment gives them: "-- @since TIMESTAMP, @metrics ARRAY<STRING>"."""
    first = sql.lstrip().partition("\n")[0]
    if not first.startswith("--"):
        return {}
    return {name: f"{array}{kind}{'>' if array else ''}" for name, array, kind in _DECLARED.findall(first)}


def bound(values: Mapping[str, Parameter], declarations: Mapping[str, str], used: Collection[str]) -> dict[str, Any]:
    """The values in use, checked against declarations; raises QueryError naming one that is missing or does not fit."""
    for name in sorted(used):
        if name not in values:
            raise QueryError(f"Query parameter '{name}' not found")
        if name in declarations and not _fits(values[name], declarations[name]):
            raise QueryError(f"Query parameter '{name}' is not of type {declarations[name]}")
    return {name: _plain(values[name]) for name in used}


def _plain(value: Parameter) -> Any:  # noqa: ANN401 - whatever an engine binds
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def _is_array(value: Parameter) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _fits(value: Parameter, declaration: str) -> bool:
    kind = _ACCEPTED[declaration.removeprefix("ARRAY<").removesuffix(">")]
    wanted = declaration.startswith("ARRAY<")
    if wanted != _is_array(value):
        return False
    elements = list(value) if wanted else [value]  # type: ignore[arg-type]
    return all(_is(element, kind) for element in elements)


def _is(value: object, kind: type | tuple[type, ...]) -> bool:
    if isinstance(value, bool):
        return kind is bool
    if isinstance(value, datetime):
        return kind is datetime and value.tzinfo is not None
    return isinstance(value, kind)
