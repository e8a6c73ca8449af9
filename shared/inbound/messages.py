"""What an application's error entry says, and in one line."""

import json
from collections.abc import Mapping
from typing import Any

from shared.domain.signals import MAX_TEXT
from shared.inbound.values import mapping, text

_KEYS = ("message", "msg", "error", "err", "exception", "stack_trace", "stack")
_TRACEBACK = "Traceback (most recent call last):"


def message_of(body: Mapping[str, Any]) -> str:
    """The entry's message wherever loggers put it, else its fields; "" when it says nothing at all."""
    payload = mapping(body.get("jsonPayload"))
    found = (_said(payload.get(key)) for key in _KEYS)
    spoken = next((said for said in found if said), "") or text(body.get("textPayload")).strip()
    if spoken or not payload:
        return spoken
    return json.dumps(payload, ensure_ascii=False, sort_keys=True)[: 2 * MAX_TEXT]


def headline(message: str) -> str:
    """The line that tells this error from others: the first, and below a Python traceback also the last."""
    lines = [line.rstrip() for line in message.splitlines() if line.strip()]
    if not lines:
        return "error without a message"
    if _TRACEBACK not in message:
        return lines[0].strip()
    raised = next((line for line in reversed(lines) if not line[0].isspace()), lines[-1])
    parts = [part.strip() for part in (lines[0], raised) if _TRACEBACK not in part]
    return ": ".join(dict.fromkeys(parts)) or lines[-1].strip()


def _said(value: Any) -> str:  # noqa: ANN401 - JSON is anything
    inner = mapping(value)
    return text(inner.get("message") or inner.get("stack") or value).strip()
