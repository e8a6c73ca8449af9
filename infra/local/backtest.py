"""A labelled stream through the decision: what would have fired, and when."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec

from shared import typed
from shared.domain.detection import Bucket, Event, RatioDetector, RatioRule
from shared.domain.levels import LevelDetector, nature_of
from shared.domain.severities import Severity
from shared.errors import UndecodableError

# The product's limits per ratio metric, as shares; a metric without one is held against the errors' own default.
RULES = {
    "error_rate": RatioRule(0.01, 0.005),
    "order_failure_rate": RatioRule(0.05, 0.02),
    "checkout_failure_rate": RatioRule(0.10, 0.10),
}


class Meta(msgspec.Struct):
    """What is known of a stream beside its rows."""

    stream: str
    metric: str
    step_s: float
    direction: str = "up"
    unit: str = ""
    start: float = 0
    warmup_s: float = 0


def backtest(stream: Path, meta: Path, out: Path) -> int:
    """Write the alerts of a stream as JSON lines; returns how many. Raises UndecodableError for a faulty file."""
    try:
        known = typed.decode_json(meta.read_bytes(), Meta)
    except msgspec.DecodeError as error:
        raise UndecodableError(f"{meta}: {error}") from error
    lines = list(_alerts(stream, known))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(lines)


def _alerts(stream: Path, meta: Meta) -> Iterator[str]:
    """Counts are proof and may page; a value without counts only warns."""
    counts = RatioDetector(RULES.get(meta.metric, RULES["error_rate"]), meta.step_s)
    values = LevelDetector(nature_of(meta.metric, meta.unit), meta.direction, meta.step_s)
    counted = False
    for row in _rows(stream):
        if isinstance(row, Bucket):
            counted = True
            yield from _line(counts.feed(row), Severity.HIGH)
        elif not counted:
            yield from _line(values.feed(*row), Severity.MEDIUM)


def _line(event: Event | None, severity: Severity) -> Iterator[str]:
    if event is not None:
        why = {"severity": severity, "reason": event.reason} if event.reason else {}
        yield json.dumps({"ts": event.ts, "event": event.kind, **why})


def _rows(stream: Path) -> Iterator[Bucket | tuple[float, float]]:
    """The rows that hold evidence: counts where errors were counted, else (ts, value)."""
    with stream.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            try:
                known = _bucket(row) or _value(row)
            except (ValueError, KeyError) as error:
                raise UndecodableError(f"not a row of a stream: {row}") from error
            if known is not None:
                yield known


def _bucket(row: dict[str, str]) -> Bucket | None:
    """A row with a value, but without errors, has counted something other than what went wrong."""
    if not row["ts"] or not row.get("count") or (row.get("value") and not row.get("errors")):
        return None
    clients = row.get("err_clients")
    named = None if clients is None else tuple(clients.split())
    return Bucket(float(row["ts"]), int(float(row["count"])), int(float(row.get("errors") or 0)), named)


def _value(row: dict[str, str]) -> tuple[float, float] | None:
    return (float(row["ts"]), float(row["value"])) if row["ts"] and row.get("value") else None
