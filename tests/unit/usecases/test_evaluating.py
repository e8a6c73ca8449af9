"""The minute's evaluation as a whole: what it asks, what it keeps, what it says, and what it survives."""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from shared.adapters.clocks import VirtualClock
from shared.adapters.sqlite_state import SqliteState
from shared.config.loader import load
from shared.domain.severities import Severity
from shared.domain.signals import Signal
from shared.errors import ByteCapError, QueryError
from shared.ports.warehouse import Answer
from shared.usecases.escalate import escalate
from shared.usecases.evaluate_rules import evaluate_rules, memories
from shared.usecases.roll_up import Progress, roll_up
from tests.unit.usecases.world import MemoryBus

SHIPPED = load()
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NOW = datetime(2026, 5, 6, 18, 0, tzinfo=UTC)


class Table:
    """Implements Warehouse over a function of (metric, minute) -> (count, bad), or values for anything else."""

    def __init__(self, clock):
        self.clock, self.asked, self.faults = clock, [], {}
        self.bad, self.reached = {}, lambda now: now - MINUTE
        self.stamps = {"request_logs.run_googleapis_com_requests": "1"}
        self.moving = True

    def stamp(self, tables):
        known = " ".join(self.stamps[table] for table in tables if table in self.stamps)
        return f"{known} {self.clock.now()}" if known and self.moving else known

    def append(self, table, rows):
        raise NotImplementedError

    def query(self, name, parameters, *, maximum_bytes=None):
        self.asked.append((name, parameters))
        fault = self.faults.get(name) or next(
            (f for m, f in self.faults.items() if m in parameters.get("metrics", ())), None
        )
        if fault is not None:
            raise fault
        return Answer(tuple(self.rows(parameters)) if name == "evaluate" else (), 10_485_760)

    def rows(self, parameters):
        yield row("watermark", "rows.requests", self.reached(self.clock.now()))
        for metric in parameters["metrics"]:
            start = parameters["minutes_since"]
            while start < min(parameters["until"], self.reached(self.clock.now()) + MINUTE):
                yield row("minute", metric, start, count=30, bad=self.bad.get(metric, lambda at: 0)(start))
                start += MINUTE
            for hours in range(1, 24 * 29):
                yield row("hour", metric, self.clock.now().replace(minute=0) - hours * HOUR, count=1_800, bad=4)


def row(part, metric, start, *, count=0, bad=0):
    return {
        "part": part, "metric": metric, "start": start, "seconds": 3_600 if part == "hour" else 60,
        "count": count, "sum": 0.0, "bad": bad, "bad_clients": bad, "buckets": [],
    }  # fmt: skip


@pytest.fixture
def clock():
    return VirtualClock(NOW)


@pytest.fixture
def world(tmp_path, clock):
    return SqliteState(tmp_path / "state.db"), MemoryBus(), Table(clock)


def tick(world, clock, *, rules=("error_rate_alert", "order_failure_alert"), touched=None, config=SHIPPED):
    store, bus, table = world
    chosen = tuple(rule for rule in config.metric_rules if rule.name in rules)
    known = replace(config, metric_rules=chosen)
    return evaluate_rules(config=known, warehouse=table, store=store, publisher=bus, clock=clock, touched=touched)


def told(bus):
    return [(m["alert_type"], m["kind"]) for topic, m in bus.messages if topic == "signals"]


def test_a_breach_is_one_signal_with_its_evidence_and_its_end_another(world, clock):
    store, bus, table = world
    table.bad["error_rate"] = lambda at: 15 if NOW - 5 * MINUTE <= at < NOW else 0
    assert tick(world, clock).said == {"error_rate_alert": "fired"}
    (signal,) = [m for topic, m in bus.messages if topic == "signals"]
    assert (signal["severity"], signal["title"].replace("\xa0", " ")) == ("critical", "Error rate 50 %, limit 1 %")
    evidence = store.get("evidence", signal["values"]["evidence"]).body
    assert (evidence["limit"], evidence["samples"] > 0, len(evidence["points"]) > 60) == (1, True, True)
    for _ in range(30):
        clock.advance(MINUTE)
        tick(world, clock)
    assert told(bus)[-1] == ("rule.error_rate_alert", "resolved")


def test_E35_a_changing_value_makes_no_new_identity(world, clock):
    _, bus, table = world
    table.bad["error_rate"] = lambda at: 12 if at < NOW else 25
    for _ in range(20):
        tick(world, clock)
        clock.advance(MINUTE)
    signals = [m for topic, m in bus.messages if topic == "signals"]
    assert len({signal["values"]["value"] for signal in signals}) == 2
    assert len({signal["fingerprint"] for signal in signals}) == 1
    assert len({tuple(sorted(signal["labels"].items())) for signal in signals}) == 1


def test_all_rules_are_asked_in_one_query(world, clock):
    tick(world, clock)
    asked = [parameters for name, parameters in world[2].asked if name == "evaluate"]
    assert [parameters["metrics"] for parameters in asked] == [["error_rate", "order_failure_rate"]]


def test_E31_the_scheduler_s_duplicate_says_nothing_again(world, clock):
    _, bus, table = world
    table.bad["error_rate"] = lambda at: 15
    assert tick(world, clock).said
    clock.advance(timedelta(seconds=20))
    assert not tick(world, clock).said
    assert len(told(bus)) == 1


def test_E31_two_that_evaluate_at_once_make_the_same_signal(world, clock):
    _, bus, table = world
    table.bad["error_rate"] = lambda at: 15
    store = world[0]
    commit = store.commit

    def interrupted(writes):
        store.commit = commit
        tick(world, clock)  # another instance was faster
        return commit(writes)

    store.commit = interrupted
    tick(world, clock)
    assert told(bus) == [("rule.error_rate_alert", "firing")]


def test_E32_after_a_pause_only_the_newest_window_is_judged(world, clock):
    _, bus, table = world
    tick(world, clock)
    table.bad["error_rate"] = lambda at: 15 if NOW + MINUTE <= at < NOW + 4 * MINUTE else 0
    clock.advance(2 * HOUR)
    tick(world, clock)
    assert told(bus) == []


def test_E32_an_evaluation_that_is_missing_is_told_once_and_so_is_its_return(world, clock):
    store, bus, _ = world
    tick(world, clock)
    for _ in range(6):
        clock.advance(MINUTE)
        escalate(config=SHIPPED, store=store, publisher=bus, clock=clock)
    assert told(bus) == [("soukmon.evaluation_missing", "firing")]
    tick(world, clock)
    escalate(config=SHIPPED, store=store, publisher=bus, clock=clock)
    assert told(bus)[1:] == [("soukmon.evaluation_missing", "resolved")]


def test_E33_over_the_byte_cap_the_metric_alone_is_not_evaluated_and_the_others_go_on(world, clock):
    _, bus, table = world
    table.bad["error_rate"] = lambda at: 15
    table.faults["order_failure_rate"] = ByteCapError("Query exceeded limit for bytes billed")
    assert tick(world, clock).said == {"error_rate_alert": "fired"}
    assert sorted(told(bus)) == [("rule.error_rate_alert", "firing"), ("soukmon.byte_cap", "firing")]
    assert table.asked[-1][1]["metrics"] in (["error_rate"], ["order_failure_rate"])
    del table.faults["order_failure_rate"]
    clock.advance(MINUTE)
    tick(world, clock)
    assert told(bus)[-1] == ("soukmon.byte_cap", "resolved")


def test_E33_every_query_is_asked_with_the_configured_cap(world, clock):
    caps = []
    table = world[2]
    asked = table.query
    table.query = lambda name, parameters, *, maximum_bytes=None: caps.append(maximum_bytes) or asked(name, parameters)
    tick(world, clock)
    assert set(caps) == {SHIPPED.limits.query_bytes}


def test_E34_a_rule_that_raises_is_an_alert_and_the_others_are_evaluated(world, clock, monkeypatch):
    _, bus, table = world
    table.bad["error_rate"] = lambda at: 15
    module = sys.modules["shared.usecases.evaluate_rules"]
    evaluate = module.evaluate

    def faulty(rule, *args, **kwargs):
        if rule.name == "order_failure_alert":
            raise ZeroDivisionError
        return evaluate(rule, *args, **kwargs)

    monkeypatch.setattr(module, "evaluate", faulty)
    assert tick(world, clock).said == {"error_rate_alert": "fired"}
    assert ("soukmon.not_evaluated", "firing") in told(bus)
    monkeypatch.setattr(module, "evaluate", evaluate)
    clock.advance(MINUTE)
    tick(world, clock)
    assert ("soukmon.not_evaluated", "resolved") in told(bus)


@pytest.mark.parametrize("broken", ["evaluate", "rollup_requests"])
def test_a_query_that_fails_is_an_alert_and_heals(world, clock, broken):
    _, bus, table = world
    tick(world, clock)
    table.faults[broken] = QueryError("Not found: Table")
    clock.advance(MINUTE)
    tick(world, clock)
    assert told(bus) == [("soukmon.not_evaluated", "firing")]
    table.faults.clear()
    clock.advance(MINUTE)
    tick(world, clock)
    assert told(bus)[-1] == ("soukmon.not_evaluated", "resolved")


def test_E27_a_source_that_falls_behind_is_late_at_medium_and_its_rules_are_held(world, clock):
    _, bus, table = world
    tick(world, clock)
    table.reached = lambda now: NOW - MINUTE
    for _ in range(20):
        clock.advance(MINUTE)
        tick(world, clock)
    assert told(bus) == [("soukmon.data_late", "firing")]
    rule = SHIPPED.rule_for(_signal(bus))
    assert rule.severity is Severity.MEDIUM
    table.reached = lambda now: now - MINUTE
    clock.advance(MINUTE)
    tick(world, clock)
    assert told(bus)[-1] == ("soukmon.data_late", "resolved")


def _signal(bus):
    return msgspec.convert(bus.messages[-1][1], Signal)


def test_nothing_is_asked_while_nothing_changed_and_lateness_is_still_seen(world, clock):
    _, bus, table = world
    tick(world, clock)
    table.moving = False
    clock.advance(MINUTE)
    tick(world, clock)  # the stamp is another one for the last time
    before = len(table.asked)
    for _ in range(20):
        clock.advance(MINUTE)
        tick(world, clock)
    assert len(table.asked) == before
    assert told(bus) == [("soukmon.data_late", "firing")]


def test_an_empty_warehouse_costs_nothing(world, clock):
    table = world[2]
    table.stamps.clear()
    assert (tick(world, clock).rules, table.asked) == (0, [])


def test_a_touched_metric_is_evaluated_at_once_with_the_running_minute_and_not_twice_in_a_moment(world, clock):
    table = world[2]
    table.bad["error_rate"] = lambda at: 25 if at >= NOW else 0
    clock.advance(timedelta(seconds=30))
    table.reached = lambda now: NOW
    done = tick(world, clock, touched=["error_rate"])
    assert (done.rules, dict(done.said)) == (1, {"error_rate_alert": "fired"})
    clock.advance(timedelta(seconds=5))
    assert tick(world, clock, touched=["error_rate"]).rules == 0


def test_hourly_rules_are_evaluated_once_an_hour(world, clock):
    rules = ("conversion_drop_alert",)
    world[2].stamps = {"analytics_313131313.events_*": "1"}
    done = [tick(world, clock, rules=rules).rules]
    for _ in range(61):
        clock.advance(MINUTE)
        done.append(tick(world, clock, rules=rules).rules)
    assert sum(done) == 2


def test_what_was_remembered_is_there_again(world, clock):
    world[2].bad["error_rate"] = lambda at: 15
    tick(world, clock)
    assert memories(world[0])["error_rate_alert"].steady.is_firing


# -- rollups -----------------------------------------------------------------------------------------------------------


def spans(table):
    return [(name, parameters["since"], parameters["until"]) for name, parameters in table.asked]


def test_a_source_is_read_deep_at_first_then_only_its_overlap_from_a_quarter_on(clock):
    table, source = Table(clock), SHIPPED.sources["requests"]
    first = roll_up([source], {}, warehouse=table, now=NOW, until=NOW, cap=1)
    clock.advance(7 * MINUTE)
    roll_up([source], first.progress, warehouse=table, now=clock.now(), until=clock.now(), cap=1)
    assert spans(table) == [
        ("rollup_requests", NOW - 6 * HOUR, NOW),
        ("rollup_requests", NOW - 15 * MINUTE, NOW + 7 * MINUTE),
    ]


def test_after_a_pause_nothing_is_skipped(clock):
    table, source = Table(clock), SHIPPED.sources["requests"]
    known = {"requests": Progress(NOW - 3 * HOUR, NOW, NOW - MINUTE, "other")}
    roll_up([source], known, warehouse=table, now=NOW, until=NOW, cap=1)
    ((_, since, _),) = spans(table)
    assert since <= NOW - 3 * HOUR - 15 * MINUTE


def test_a_minute_that_was_read_while_it_ran_is_read_again_with_the_next(clock):
    table, source = Table(clock), SHIPPED.sources["requests"]
    halfway = NOW + timedelta(seconds=30)
    first = roll_up([source], {}, warehouse=table, now=halfway, until=NOW + MINUTE, cap=1)
    clock.advance(MINUTE)
    roll_up([source], first.progress, warehouse=table, now=NOW + MINUTE, until=NOW + MINUTE, cap=1)
    assert [until for _, _, until in spans(table)] == [NOW + MINUTE, NOW + MINUTE]


def test_a_source_that_was_silent_is_read_from_where_it_had_come(clock):
    table, source = Table(clock), SHIPPED.sources["requests"]
    known = {"requests": Progress(NOW - MINUTE, NOW, NOW - MINUTE, "other")}
    for reached, since in ((NOW - 2 * HOUR, NOW - 2 * HOUR), (NOW - 30 * HOUR, NOW - 6 * HOUR)):
        table.asked.clear()
        roll_up([source], known, reached={"requests": reached.timestamp()}, warehouse=table, now=NOW, until=NOW, cap=1)
        assert spans(table) == [("rollup_requests", since, NOW)]


def test_a_source_that_did_not_change_is_not_read_but_for_its_deep_run(clock):
    table, source = Table(clock), SHIPPED.sources["requests"]
    table.moving = False
    progress = roll_up([source], {}, warehouse=table, now=NOW, until=NOW, cap=1).progress
    for minutes in range(1, 70):
        at = NOW + minutes * MINUTE
        progress = roll_up([source], progress, warehouse=table, now=at, until=at, cap=1).progress
    assert [until for _, _, until in spans(table)] == [NOW, NOW + HOUR]


def test_one_source_that_fails_keeps_no_other_from_being_read(clock):
    table = Table(clock)
    table.stamps["soukmon.probe_results"] = "1"
    table.faults["rollup_requests"] = QueryError("no")
    rolled = roll_up(SHIPPED.sources.values(), {}, warehouse=table, now=NOW, until=NOW, cap=1)
    assert (rolled.failed, list(rolled.progress)) == ({"requests": "no"}, ["probes"])
