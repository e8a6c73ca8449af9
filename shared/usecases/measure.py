"""Posted measurements -> the warehouse, each in its metric's unit, and a word to the rules that touch them."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from shared.domain import units
from shared.domain.changes import Change
from shared.domain.metrics import Metric
from shared.domain.rules import Unit
from shared.domain.signals import digest
from shared.errors import RefusedError, UndecodableError
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Body, StateStore
from shared.ports.warehouse import Warehouse
from shared.usecases.changes import record_change
from shared.usecases.nonces import is_spent, spend
from shared.usecases.records import instant
from shared.usecases.touching import touch

TABLE = "soukmon.measurements"
SOURCE = "measurements"

_HOW = "write one of percent, bytes, KB, MB, GB, KiB, MiB, GiB, ms, s, min, h, count"


class Measured(Protocol):
    """One value as it was posted: `unit` is how the sender calls it, "" for the metric's own."""

    @property
    def metric(self) -> str:
        """What was measured."""

    @property
    def value(self) -> float:
        """How much."""

    @property
    def unit(self) -> str:
        """In which unit."""

    @property
    def measured_at(self) -> datetime:
        """When, in UTC."""

    @property
    def labels(self) -> Mapping[str, str]:
        """Of what."""


def measure(
    measured: Sequence[Measured],
    *,
    nonce: str,
    release: Change | None = None,
    metrics: Mapping[str, Metric],
    warehouse: Warehouse,
    store: StateStore,
    publisher: Publisher,
    clock: Clock,
) -> int:
    """Keep the measurements and the release, and have the rules they touch evaluated at once; how many there were.

    Raises RefusedError (401) when the signed request with this nonce ("" = not signed) has had its effect before, and
    UndecodableError for a unit that does not fit. A fault halfway is mended by sending again: rows of one fact have
    one event_id, and the views count them once.
    """
    if nonce and is_spent(nonce, store=store):
        raise RefusedError("this request was taken before; sign again to send it again")
    now = clock.now()
    rows = [_row(one, metrics.get(one.metric), now, f"measurements[{i}]") for i, one in enumerate(measured)]
    warehouse.append(TABLE, rows)
    touched = {one.metric for one in measured}
    touch(publisher, touched)
    record_change(release, store=store, publisher=publisher, clock=clock)
    if nonce:
        spend(nonce, store=store, clock=clock)
    return len(rows)


def _row(one: Measured, metric: Metric | None, now: datetime, place: str) -> Body:
    if metric is not None and metric.source not in {"", SOURCE}:
        raise UndecodableError(f"{place}.metric: {one.metric} is computed from {metric.source}; use another name")
    factor, unit = _factor(one, metric, f"{place}.unit")
    value = one.value * factor
    if not math.isfinite(value):
        raise UndecodableError(f"{place}.value: {one.value} {one.unit} is too large; write a smaller number")
    measured_at = instant(one.measured_at)
    return {
        "event_id": digest(one.metric, json.dumps(dict(one.labels), sort_keys=True), measured_at, repr(value)),
        "metric": one.metric,
        "measured_at": measured_at,
        "received_at": instant(now),
        "value": value,
        "unit": str(unit),
        "labels": [{"key": name, "value": text} for name, text in sorted(one.labels.items())],
    }


def _factor(one: Measured, metric: Metric | None, place: str) -> tuple[float, Unit]:
    """By what the value is multiplied to be in the metric's unit; a metric nobody configured is kept in its base."""
    if not one.unit:
        if metric is None:
            raise UndecodableError(f"{place}: missing; {_HOW}")
        return 1, metric.unit
    known = units.named(one.unit)
    if known is None:
        raise UndecodableError(f"{place}: {one.unit!r} is not known; {_HOW}")
    base, factor = known
    wanted = base if metric is None else metric.unit
    if wanted is Unit.SECONDS and base is Unit.MILLISECONDS:
        return factor / 1000, wanted
    if wanted is not base:
        raise UndecodableError(f"{place}: {one.unit} does not fit {one.metric}, which is kept in {wanted}; {_HOW}")
    return factor, wanted
