"""Rows of our own raw tables: probe results and posted measurements."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from infra.local.history.gauges import gauges_at
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
        yield _measurement(one.metric, one.at, one.value, one.unit, *one.labels)


def gauge_rows(plan: Plan, minute: datetime) -> Iterator[Named]:
    """What the app posts of its own accord in the minute, which is nothing but every few minutes."""
    for metric, unit, value in gauges_at(plan, minute):
        yield _measurement(metric, minute, value, unit)


def _measurement(metric: str, at: datetime, value: float, unit: str, *labels: tuple[str, str]) -> Named:
    return (
        MEASUREMENTS,
        {
            "event_id": f"gen-{metric}-{int(at.timestamp())}",
            "metric": metric,
            "measured_at": stamp(at.timestamp()),
            "received_at": stamp((at + POSTED_AFTER).timestamp()),
            "value": value,
            "unit": unit,
            "labels": [{"key": key, "value": value} for key, value in sorted([*labels, ("generated", "true")])],
        },
    )
