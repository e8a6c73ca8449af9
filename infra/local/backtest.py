"""A labelled stream through the decision: what would have fired, and when."""

import csv
import json
from pathlib import Path

import msgspec

from shared.domain.detection import Bucket, Event, RatioRule, detect
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
        known = msgspec.json.decode(meta.read_bytes(), type=Meta)
    except msgspec.DecodeError as error:
        raise UndecodableError(f"{meta}: {error}") from error
    events = _events(stream, known)
    lines = [
        json.dumps({"ts": e.ts, "event": e.kind, **({"severity": "high", "reason": e.reason} if e.reason else {})})
        for e in events
    ]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(events)


def _events(stream: Path, meta: Meta) -> list[Event]:
    buckets = _buckets(stream)
    rule = RULES.get(meta.metric, RULES["error_rate"])
    return detect(buckets, rule, step=meta.step_s)


def _buckets(stream: Path) -> list[Bucket]:
    """The rows that hold counts; a row without them is no evidence of anything."""
    with stream.open(encoding="utf-8", newline="") as file:
        return [bucket for row in csv.DictReader(file) if (bucket := _bucket(row)) is not None]


def _bucket(row: dict[str, str]) -> Bucket | None:
    try:
        if not row["ts"] or not row.get("count"):
            return None
        clients = row.get("err_clients")
        named = None if clients is None else tuple(clients.split())
        return Bucket(float(row["ts"]), int(float(row["count"])), int(float(row.get("errors") or 0)), named)
    except (ValueError, KeyError) as error:
        raise UndecodableError(f"not a row of a stream: {row}") from error
