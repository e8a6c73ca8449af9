"""Whole documents of metric alerts as the mission writes them.

{"error_rate_alert": {"condition": "error_rate > 1%", "threshold": "0.5% increase", "channels": ["email"],
"frequency": "immediate", "escalation": "after 30 minutes"}}: as a mapping or a list, also under a top key.
"""

from collections.abc import Iterator
from typing import Any

from shared.config.decoding import decode
from shared.config.faults import Fault, Path
from shared.config.metric_rules import rule
from shared.config.wire import AlertWire
from shared.domain.rules import MetricRule

_TELLING_KEYS = frozenset({"condition", "threshold", "limit", "change", "metric"})
_KEYS = frozenset(AlertWire.__struct_fields__)
_EXAMPLE = 'write {"error_rate_alert": {"condition": "error_rate > 1%", "channels": ["email"]}} instead'


def rules(data: Any) -> tuple[MetricRule, ...]:  # noqa: ANN401 - whatever the file holds
    """Every alert of the document. Raises Fault (a ConfigurationError) with path and fix."""
    return tuple(rule for _, rule in placed_rules(data))


def placed_rules(data: Any, path: Path = ()) -> list[tuple[Path, MetricRule]]:  # noqa: ANN401
    """The same, each with its place in the document."""
    found = [(where, rule(decode(fields, AlertWire, where), where)) for where, fields in _alerts(data, path)]
    if not found:
        raise Fault(path, "there is no alert in it", _EXAMPLE)
    return found


def _alerts(data: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:  # noqa: ANN401
    """Each alert with its path, its name among its fields, wherever the document keeps them."""
    if isinstance(data, list):
        for index, item in enumerate(data):
            yield from _alerts(item, (*path, index))
    elif not isinstance(data, dict):
        raise Fault(path, f"{data!r} is not an alert", _EXAMPLE)
    elif not _TELLING_KEYS.isdisjoint(data):
        yield path, _named(data, path)
    else:
        for key, value in data.items():
            if key in _KEYS and not isinstance(value, dict):
                raise Fault(
                    (*path, key), f"{key} stands without a condition", "write condition: error_rate > 1% beside it"
                )
            yield from _alerts(value, (*path, key))


def _named(fields: dict[str, Any], path: Path) -> dict[str, Any]:
    """In a mapping the key is the name."""
    inherits = "name" not in fields and path and isinstance(path[-1], str)
    return {"name": path[-1], **fields} if inherits else fields
