"""Rows of our own raw tables: probe results and posted measurements."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from infra.local.history.measurements import measured_in
from infra.local.history.plan import Plan
from infra.local.history.probes import probes_in
from infra.local.history.raw.tables import MEASUREMENTS, PROBES, Named
from infra.local.history.spans import MINUTE, stamp

POSTED_AFTER = timedelta(seconds=4)


def probe_rows(plan: Plan, minute: datetime) -> Iterator[Named]:
    """The probes of the minute."""
    for probe in probes_in(plan, minute):
        yield (
            PROBES,
            {
                "probed_at": stamp(probe.at),
                "target": probe.target,
                "place": probe.place,
                "ok": probe.ok,
                "reason": probe.reason,
                "latency_ms": probe.milliseconds,
            },
        )


def measurement_rows(plan: Plan, minute: datetime) -> Iterator[Named]:
    """The measurements of the minute."""
    for one in measured_in(plan, minute, minute + MINUTE):
        labels = [*one.labels, ("generated", "true")]
        yield (
            MEASUREMENTS,
            {
                "event_id": f"gen-{one.metric}-{int(one.at.timestamp())}",
                "metric": one.metric,
                "measured_at": stamp(one.at.timestamp()),
                "received_at": stamp((one.at + POSTED_AFTER).timestamp()),
                "value": one.value,
                "unit": one.unit,
                "labels": [{"key": key, "value": value} for key, value in sorted(labels)],
            },
        )
