"""Structured logs: one JSON line each, in Cloud Logging's field names, scrubbed of secrets and personal data."""

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from shared.domain.redaction import redact

context: ContextVar[dict[str, str]] = ContextVar("context", default={})  # noqa: B039 - replaced, never mutated
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "taskName"}


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON; `origin` lets our own log sink recognise and leave out what we write."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "severity": record.levelname,
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "message": redact(record.getMessage()),
            "logger": record.name,
            "origin": "soukmon",
            **context.get(),
        }
        extras = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        line |= {key: redact(value) if isinstance(value, str) else value for key, value in extras.items()}
        if record.exc_info:
            line["exception"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=lambda value: redact(str(value)))


def set_up(*, stream: Any = None, level: int = logging.INFO) -> None:  # noqa: ANN401 - any text stream
    """Send all logs through the formatter, our own from `level` up and others from WARNING; idempotent."""
    root = logging.getLogger()
    if any(isinstance(handler.formatter, JsonFormatter) for handler in root.handlers):
        return
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(JsonFormatter())
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for ours in ("shared", "functions", "infra"):
        logging.getLogger(ours).setLevel(level)


def trace_of(header: str | None, project: str) -> dict[str, str]:
    """The log fields that join a line to its request's trace ("TRACE/SPAN;o=1" or a W3C traceparent)."""
    if not header:
        return {}
    trace = header.split("-")[1] if header.count("-") == 3 else header.split("/")[0]  # noqa: PLR2004 - traceparent's form
    return {"logging.googleapis.com/trace": f"projects/{project}/traces/{trace}"}
