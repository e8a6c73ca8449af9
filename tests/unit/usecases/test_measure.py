"""Posted measurements on their way to the warehouse."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from shared.domain.metrics import Kind, Metric
from shared.domain.rules import Unit
from shared.errors import QueryError, RefusedError, UndecodableError
from shared.usecases.measure import measure
from shared.usecases.nonces import is_spent
from tests.conftest import NIGHT


class MemoryWarehouse:
    """The half of Warehouse that takes rows."""

    def __init__(self):
        self.rows, self.faults = [], []

    def append(self, table, rows):
        if self.faults:
            raise self.faults.pop()
        self.rows += [(table, row) for row in rows]


@dataclass(frozen=True)
class Value:
    metric: str = "bundle_size"
    value: float = 748512.0
    unit: str = "bytes"
    measured_at: object = NIGHT - timedelta(minutes=5)
    labels: dict = field(default_factory=lambda: {"version": "3.4.1", "asset": "main"})


METRICS = {
    name: Metric(name, Kind.VALUE, unit, source)
    for name, unit, source in [
        ("bundle_size", Unit.BYTES, "measurements"),
        ("build_duration", Unit.SECONDS, "measurements"),
        ("database_latency", Unit.MILLISECONDS, "measurements"),
        ("cache_hit_rate", Unit.PERCENT, ""),
        ("error_rate", Unit.PERCENT, "requests"),
    ]
}


@pytest.fixture
def warehouse():
    return MemoryWarehouse()


@pytest.fixture
def take(world, warehouse):
    def run(*measured, nonce=""):
        return measure(
            measured,
            nonce=nonce,
            metrics=METRICS,
            warehouse=warehouse,
            store=world.store,
            publisher=world.bus,
            clock=world.clock,
        )

    return run


def test_a_measurement_becomes_a_row_and_the_rules_of_its_metric_hear_of_it(take, world, warehouse):
    assert take(Value()) == 1
    ((table, row),) = warehouse.rows
    assert table == "soukmon.measurements"
    assert {**row, "event_id": ""} == {
        "event_id": "",
        "metric": "bundle_size",
        "measured_at": "2026-03-10T00:05:00.000000Z",
        "received_at": "2026-03-10T00:10:00.000000Z",
        "value": 748512.0,
        "unit": "bytes",
        "labels": [{"key": "asset", "value": "main"}, {"key": "version", "value": "3.4.1"}],
    }
    assert world.bus.messages == [("touched-metrics", {"metrics": ["bundle_size"]})]


def test_many_measurements_are_one_message_with_each_metric_once(take, world, warehouse):
    assert take(Value(), Value("release", 1.0, "count"), Value(value=1.0)) == 3
    assert len(warehouse.rows) == 3
    assert world.bus.messages == [("touched-metrics", {"metrics": ["bundle_size", "release"]})]


def test_a_redelivery_has_the_same_event_id_whatever_the_order_of_labels_and_the_spelling_of_the_unit(take, world, warehouse):  # fmt: skip
    take(Value())
    world.clock.advance(timedelta(minutes=1))
    take(Value(labels={"asset": "main", "version": "3.4.1"}, value=748.512, unit="KB"))
    assert len({row["event_id"] for _, row in warehouse.rows}) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"value": 748513.0},
        {"metric": "vendor_size"},
        {"measured_at": NIGHT},
        {"labels": {"asset": "main"}},
        {"labels": {"version": "main", "asset": "3.4.1"}},
    ],
)
def test_another_fact_has_another_event_id(take, warehouse, other):
    take(Value(), replace(Value(), **other))
    assert len({row["event_id"] for _, row in warehouse.rows}) == 2


UNITS = [
    (("bundle_size", 750, "KB"), 750_000, "bytes"),
    (("bundle_size", 750, "KiB"), 768_000, "bytes"),
    (("bundle_size", 1.5, "mb"), 1_500_000, "bytes"),
    (("bundle_size", 2, "GiB"), 2 * 1024**3, "bytes"),
    (("bundle_size", 5, ""), 5, "bytes"),
    (("database_latency", 0.25, "s"), 250, "ms"),
    (("database_latency", 0.5, "min"), 30_000, "ms"),
    (("build_duration", 90_000, "ms"), 90, "s"),
    (("build_duration", 1.5, "h"), 5_400, "s"),
    (("build_duration", 90, "s"), 90, "s"),
    (("cache_hit_rate", 85, "%"), 85, "percent"),
    (("nobody_configured_it", 2, "MiB"), 2 * 1024**2, "bytes"),
    (("nobody_configured_it", 2, "s"), 2_000, "ms"),
    (("nobody_configured_it", -3.5, "count"), -3.5, "count"),
]


@pytest.mark.parametrize(("posted", "value", "unit"), UNITS)
def test_every_spelling_of_a_unit_is_kept_in_the_metric_s_own(take, warehouse, posted, value, unit):
    take(Value(*posted))
    assert [(row["value"], row["unit"]) for _, row in warehouse.rows] == [(value, unit)]


REFUSED = [
    (Value(unit="ms"), r"measurements\[1\].unit: ms does not fit bundle_size, which is kept in bytes; write one of"),
    (Value(unit="furlongs"), r"measurements\[1\].unit: 'furlongs' is not known; write one of percent,"),
    (Value("nobody_configured_it", unit=""), r"measurements\[1\].unit: missing; write one of"),
    (Value(value=1e308, unit="GB"), r"measurements\[1\].value: 1e\+308 GB is too large; write"),
    (Value("error_rate", 1.0, "percent"), r"measurements\[1\].metric: error_rate is computed from requests; use"),
]


@pytest.mark.parametrize(("value", "line"), REFUSED)
def test_one_measurement_that_does_not_fit_refuses_all_by_name_and_leaves_nothing(take, world, warehouse, value, line):
    with pytest.raises(UndecodableError, match=line):
        take(Value(), value, nonce="n1")
    assert (warehouse.rows, world.bus.messages) == ([], [])
    assert not is_spent("n1", store=world.store)


def test_E69_a_signed_request_has_an_effect_once(take, world, warehouse):
    take(Value(), nonce="n1")
    with pytest.raises(RefusedError, match="taken before") as refusal:
        take(Value(), nonce="n1")
    assert refusal.value.status == 401
    assert (len(warehouse.rows), len(world.bus.messages)) == (1, 1)
    assert take(Value(), nonce="n2") == 1


def test_E08_when_the_warehouse_is_away_nothing_is_told_and_the_same_request_may_come_again(take, world, warehouse):
    warehouse.faults = [QueryError("away")]
    with pytest.raises(QueryError):
        take(Value(), nonce="n1")
    assert world.bus.messages == []
    assert take(Value(), nonce="n1") == 1


def test_E08_when_the_bus_is_away_the_request_may_come_again_and_its_row_is_the_same_fact(take, world, warehouse, monkeypatch):  # fmt: skip
    with monkeypatch.context() as broken:
        broken.setattr(world.bus, "publish", lambda *_: (_ for _ in ()).throw(OSError("away")))
        with pytest.raises(OSError, match="away"):
            take(Value(), nonce="n1")
    assert take(Value(), nonce="n1") == 1
    assert len({row["event_id"] for _, row in warehouse.rows}) == 1
    assert world.bus.messages == [("touched-metrics", {"metrics": ["bundle_size"]})]
