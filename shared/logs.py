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


class _Console(logging.Handler):
    """Writes to whatever stdout (or stderr) is at that moment: both may be replaced while we run."""

    def __init__(self, *, to_stderr: bool) -> None:
        super().__init__()
        self.write_to(stderr=to_stderr)

    def write_to(self, *, stderr: bool) -> None:
        """Whoever reads a terminal wants what went wrong alone; the cloud keeps everything."""
        self.to_stderr = stderr
        self.setLevel(logging.WARNING if stderr else logging.INFO)

    def emit(self, record: logging.LogRecord) -> None:
        stream = sys.stderr if self.to_stderr else sys.stdout
        stream.write(self.format(record) + "\n")
        stream.flush()


def set_up(*, to_stderr: bool | None = None) -> None:
    """Send all logs through the formatter: our own from INFO up, others from WARNING.

    Functions write to stdout, where the cloud reads; a command line sets `to_stderr`, and shows warnings alone. Later
    calls without a wish change nothing.
    """
    root = logging.getLogger()
    ours = next((handler for handler in root.handlers if isinstance(handler, _Console)), None)
    if ours is not None:
        if to_stderr is not None:
            ours.write_to(stderr=to_stderr)
        return
    handler = _Console(to_stderr=bool(to_stderr))
    handler.setFormatter(JsonFormatter())
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in ("shared", "functions", "infra"):
        logging.getLogger(name).setLevel(logging.INFO)


def trace_of(header: str | None, project: str) -> dict[str, str]:
    """The log fields that join a line to its request's trace ("TRACE/SPAN;o=1" or a W3C traceparent)."""
    if not header:
        return {}
    trace = header.split("-")[1] if header.count("-") == 3 else header.split("/")[0]  # noqa: PLR2004 - traceparent's form
    return {"logging.googleapis.com/trace": f"projects/{project}/traces/{trace}"}
