"""Personal data and secrets taken out of JSON before it is archived: by what a field is called, and text by text."""

import re
from typing import Any

from shared.domain.redaction import redact
from shared.ports.store import Body

# Redaction knows "password=..." in a text; in JSON name and value are apart. An address of the net names a person.
_SECRET = re.compile(r"(?i)authorization|passw(or)?d|secret|token|api_?key|cookie|session_?id")
_ADDRESS = re.compile(r"(?i)^((remote|client|caller|server|source)_?ip|ip|ip_?address)$")


def scrubbed(body: Body) -> Body:
    """The same shape, its texts as logs may show them; the names of fields stay."""
    return {name: _named(name, value) for name, value in body.items()}


def _named(name: str, value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    if isinstance(value, str) and value:
        if _SECRET.search(name):
            return "[secret]"
        if _ADDRESS.match(name):
            return "[address]"
    return _of(value)


def _of(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return scrubbed(value)
    if isinstance(value, list | tuple):
        return [_of(item) for item in value]
    return value
