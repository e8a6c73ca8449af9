"""Personal data and secrets taken out of JSON, text by text, before it goes into an archive."""

from typing import Any

from shared.domain.redaction import redact
from shared.ports import Body


def scrubbed(body: Body) -> Body:
    """The same shape, its texts as logs may show them; the names of fields stay."""
    return {name: _of(value) for name, value in body.items()}


def _of(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return scrubbed(value)
    if isinstance(value, list | tuple):
        return [_of(item) for item in value]
    return value
