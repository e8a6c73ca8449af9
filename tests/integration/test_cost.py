"""What a month costs: sums that add up, more events that never cost less, and nothing that is left out of the list."""

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
import yaml

from infra.tools.cost import printing
from infra.tools.cost.bill import bill, world
from infra.tools.cost.counting import CountingBus, CountingState, Counts
from infra.tools.cost.lists import HERE, Price, PriceList, assumptions, price_list
from infra.tools.cost.volumes import DAYS, MINUTES, gibibytes, month
from infra.tools.cost.warehouse import POINTS, rollup_bytes
from infra.tools.estate import manifests
from shared.adapters.sqlite_state import SqliteState
from shared.cli import cost as command
from shared.cli.main import run
from shared.config.loader import load
from shared.domain.spending import Budget
from shared.errors import ConfigurationError
from shared.ports.store import Create, Delete, Put, Query

VOLUMES = (0, 1, 1_000, 100_000, 10_000_000)
EIGHT_CENTS = Price(usd=0.08, per=100, free=50, unit="things", source="a page")


@pytest.fixture(scope="module")
def counted():
    return world(load())


@pytest.fixture(scope="module")
def bills(counted):
    return [bill(counted, volume) for volume in VOLUMES]


def test_a_bill_is_the_sum_of_its_lines_at_the_prices_of_the_list(bills):
    for one in bills:
        priced = {line.name: line.usd for line in one.lines}
        for name, price in price_list().prices.items():
            quantity = one.month.quantities[name]
            assert priced[name] == pytest.approx(max(0, quantity - price.free) * price.usd / price.per)
        assert one.total == pytest.approx(sum(priced.values()))


def test_every_price_is_used_and_every_quantity_has_a_price(bills):
    for one in bills:
        assert set(one.month.quantities) == set(price_list().prices)
    assert all(quantity > 0 for quantity in bills[-1].month.quantities.values())


NOBODYS_PLAN = {"redrive_dead_letter", "run_rollback", "advance_procedure", "contain_breach"}


def test_every_function_is_called_and_paid_for(bills):
    for one in bills[2:]:
        assert set(one.month.calls) == set(manifests())
        unused = {name for name, calls in one.month.calls.items() if not calls}
        assert unused <= NOBODYS_PLAN
        assert one.month.quantities["run_requests"] == pytest.approx(sum(one.month.calls.values()))


def test_more_events_never_cost_less_and_nothing_becomes_less_but_idleness(bills):
    for less, more in pairwise(bills):
        assert more.total >= less.total
        for name in set(less.month.quantities) - {"run_idle_cpu", "run_idle_memory"}:
            assert more.month.quantities[name] >= less.month.quantities[name], name


def test_without_events_the_schedules_run_and_the_kept_instances_are_paid_for(bills, counted):
    still = bills[0].month
    assert still.calls["escalate_incidents"] == pytest.approx(MINUTES, abs=1)
    assert still.calls["announce_oncall"] == pytest.approx(DAYS / 7, abs=1)
    assert still.quantities["firestore_reads"] == pytest.approx(MINUTES * counted.measured.minute.reads)
    kept = sum(manifest["min_instances"] for manifest in manifests().values())
    assert still.quantities["run_idle_cpu"] == pytest.approx(kept * MINUTES * 60, rel=0.05)


def test_a_dearer_price_and_a_bigger_function_raise_the_bill_by_exactly_so_much(counted, bills):
    prices = price_list()
    dearer = replace_price(prices, "firestore_reads", 0.12)
    before = {line.name: line.usd for line in bills[-1].lines}
    after = {line.name: line.usd for line in bill(counted, VOLUMES[-1], prices=dearer).lines}
    assert after["firestore_reads"] == pytest.approx(2 * before["firestore_reads"])
    big = {name: {**m, "memory": "2Gi"} if name == "handle_signal" else m for name, m in manifests().items()}
    grown = month(replace(counted, manifests=big), VOLUMES[-1]).quantities
    assert grown["run_memory"] > bills[-1].month.quantities["run_memory"]
    assert grown["run_cpu"] == bills[-1].month.quantities["run_cpu"]


def replace_price(prices, name, usd):
    one = prices.prices[name]
    changed = Price(usd=usd, unit=one.unit, source=one.source, per=one.per, free=one.free, estimate=one.estimate)
    return PriceList(as_of=prices.as_of, currency="USD", region=prices.region, prices={**prices.prices, name: changed})


def test_a_new_function_is_paid_for_without_being_named_anywhere(counted):
    added = {**manifests(), "serve_new_page": {**manifests()["serve_chart"], "min_instances": 2}}
    found = month(replace(counted, manifests=added), 1_000)
    assert found.calls["serve_new_page"] == DAYS * assumptions().others_a_day
    assert found.quantities["run_idle_cpu"] > month(counted, 1_000).quantities["run_idle_cpu"]


def test_texts_and_calls_end_at_the_budget(counted):
    config = counted.configuration
    for usd in (0.0, 7.5):
        limited = replace(config, limits=replace(config.limits, sms_budget=Budget(usd)))
        line = bill(replace(counted, configuration=limited), 10_000_000).lines[-1]
        assert (line.name, line.usd, line.estimate) == ("twilio", usd, True)
    free = replace(config, limits=replace(config.limits, sms_budget=None))
    assert bill(replace(counted, configuration=free), 10_000_000).lines[-1].usd > 7.5


def test_what_is_measured_is_what_the_hops_are(counted):
    event, incident, minute = counted.measured.event, counted.measured.incident, counted.measured.minute
    assert event.calls["handle_signal"] == event.calls["receive_log_entry"] == 1
    assert incident.calls["receive_firebase_alert"] == incident.calls["handle_signal"] == 1
    assert incident.calls["send_notification"] > 1
    assert incident.segments > 0
    assert incident.call_count > 0
    assert minute.calls["escalate_incidents"] == minute.calls["evaluate_rules"] == 1
    assert 0 < minute.reads < event.reads + incident.reads


def test_a_day_of_rollups_is_billed_by_partition_and_never_below_the_minimum(counted):
    requests = counted.configuration.sources["requests"]
    raw = "request_logs.run_googleapis_com_requests"
    idle = rollup_bytes(requests, counted.read, {})
    few = rollup_bytes(requests, counted.read, {raw: 1_440})
    many = rollup_bytes(requests, counted.read, {raw: 10_000_000})
    minimum = 10 * 2**20
    assert idle == 0
    assert few == (1_440 + 24) * 2 * minimum
    assert many == pytest.approx(
        1_440 * (0.5 * 1e7 * counted.read.row_bytes["requests"][raw] + minimum)
        + 24 * (1.5 * 1e7 * counted.read.row_bytes["requests"][raw] + minimum)
    )
    assert POINTS in counted.read.row_bytes["requests"]


def test_free_units_are_free():
    assert [EIGHT_CENTS.of(quantity) for quantity in (0, 50, 150)] == [0, 0, 0.08]


def test_memory_is_read_in_gibibytes():
    assert (gibibytes("512Mi"), gibibytes("1Gi")) == (0.5, 1)


def test_state_and_bus_are_counted_as_they_are_billed(tmp_path):
    counts = Counts()
    state = CountingState(SqliteState(tmp_path / "state.db"), counts)
    state.commit(
        [
            Create("receipts", "a", {"at": "1", "expires_at": "2"}),
            Put("receipts", "b", {"at": "2"}),
            Delete("receipts", "c"),
        ]
    )
    assert (counts.writes, counts.expiring, counts.deletes) == (2, 1, 1)
    assert state.get("receipts", "a") is not None
    assert state.get("receipts", "z") is None
    assert len(state.find(Query("receipts", order_by="at"))) == 2
    assert state.find(Query("receipts", order_by="at", low="3")) == []
    assert counts.reads == 1 + 1 + 2 + 1

    class Bus:
        def publish(self, topic, data, attributes=None):
            return "id"

    bus = CountingBus(Bus(), counts)
    bus.publish("signals", b"x")
    bus.publish("signals", b"x" * 1_500, {"a": "bc"})
    assert (counts.messages["signals"], counts.message_bytes) == (2, 2 * 1_000 + 2 * 1_503)
    counts.clear()
    assert counts == Counts()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("usd: 0.10", "use: 0.10", "prices.yaml"),
        ("usd: 0.10", "usd: cheap", "prices.yaml"),
        ("as_of: 2026-11-24", "as_of: lately", "prices.yaml"),
    ],
)
def test_a_price_list_that_is_wrong_is_refused(tmp_path, old, new, says):
    text = (HERE / "prices.yaml").read_text()
    assert old in text
    (tmp_path / "prices.yaml").write_text(text.replace(old, new, 1))
    with pytest.raises(ConfigurationError, match=says):
        price_list(tmp_path / "prices.yaml")


def test_every_price_names_its_page_and_the_list_its_day():
    assert isinstance(price_list().as_of, date)
    assert all(price.source.count(".") >= 2 for price in price_list().prices.values())
    document = yaml.safe_load((HERE / "assumptions.yaml").read_text())
    assert sum(document["arrivals"].values()) == pytest.approx(1)
    known = set(manifests()) | {"pubsub", "firebase_alert", "http", "schedule"}
    assert {*document["seconds"], *document["for_each_incident"], *document["a_day"], *document["arrivals"]} <= known


def test_the_table_has_a_line_for_everything_and_says_what_it_rests_on(bills, counted):
    lines = list(printing.table(bills, price_list()))
    assert len(lines) == len(price_list().prices) + 3
    assert "10M events a day" in lines[0]
    assert lines[-1].startswith("together")
    told = "\n".join(printing.basis(bills, price_list(), assumptions(), counted.measured))
    assert "2026-11-24" in told
    assert "Not counted" in told
    assert [printing.short(n) for n in (0, 999, 1_000, 1_234_567, 2e12)] == ["0", "999", "1k", "1.23M", "2T"]


def test_json_says_the_same(bills):
    told = json.loads(printing.as_json(bills, price_list(), assumptions()))
    assert [one["total"] for one in told["bills"]] == [round(one.total, 2) for one in bills]
    assert told["assumptions"]["pushed_share"] == assumptions().pushed_share


@pytest.mark.parametrize("volume", ["many", "1x", "-1", ""])
def test_a_volume_that_is_none_is_refused_in_one_line(volume, capsys):
    assert command
    assert run(["cost", "--events", volume]) == 2
    assert "write 1k, 100k or 10M" in capsys.readouterr().err
