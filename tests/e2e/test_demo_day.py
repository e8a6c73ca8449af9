"""The demo: what its history and its raw rows are, and that the day it plays tells of what goes wrong in it."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from infra.local import demo, demo_history
from infra.local.history import NOTE
from infra.local.history.raw.tables import REQUESTS
from infra.local.warehouse.on_demand import WarehouseOnDemand
from infra.local.warehouse.preparing import load
from shared.config.loader import load as configured
from shared.domain.evaluation import Memory, Say, evaluate
from shared.domain.incidents import State
from shared.domain.judgements import Level
from shared.domain.severities import Severity
from shared.usecases.measured import measured

START = datetime(2026, 3, 10, 9, 17, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def requests_of(delivery):
    return [datetime.fromisoformat(row["timestamp"]) for table, row in delivery.rows() if table == REQUESTS]


def test_every_minute_of_requests_is_either_generated_points_or_raw_rows():
    day = demo_history.demo_day(START)
    points = [row for row in demo_history.history(day) if row["metric"] == "error_rate"]
    generated = {at for row in points if (at := datetime.fromisoformat(row["minute"])) >= day.plan.start}
    deliveries = [delivery for delivery in demo_history.deliveries(day) if requests_of(delivery)]
    raw = {at.replace(second=0, microsecond=0) for delivery in deliveries for at in requests_of(delivery)}
    assert all(at < delivery.at for delivery in deliveries for at in requests_of(delivery))
    assert not generated & raw
    first, last = day.plan.start, max(raw)
    assert first <= START - 26 * HOUR
    assert generated | raw == {first + n * MINUTE for n in range(int((last - first) / MINUTE) + 1)}
    assert START + 24 * HOUR - last < 10 * MINUTE


def test_generated_points_say_so_and_never_how_fresh_a_source_is():
    rows = list(demo_history.history(demo_history.demo_day(START)))
    assert {row["source"] for row in rows} == {"generated"}
    metrics = Counter(row["metric"] for row in rows)
    assert min(metrics[name] for name in ("api_response_time", "first_contentful_paint", "uptime")) > 2_000
    assert not [name for name in metrics if name.startswith("rows.")]


def test_an_installation_says_that_its_history_is_generated_once_it_is(tmp_path):
    assert demo_history.note(tmp_path) == ""
    demo_history.label(tmp_path)
    assert demo_history.note(tmp_path) == NOTE


@pytest.mark.parametrize("hour", [0, 9, 15])
def test_conversion_falls_far_enough_to_be_seen_at_whatever_hour_the_day_begins(hour):
    config = configured()
    (rule,) = (rule for rule in config.metric_rules if rule.name == "conversion_drop_alert")
    day = demo_history.demo_day(START.replace(hour=hour))
    warehouse, until = WarehouseOnDemand(None), day.silent_from + demo_history.ARRIVES_AFTER + MINUTE
    history = (row for row in demo_history.history(day) if row["metric"] == "conversion_rate")
    warehouse.append(demo_history.POINTS, list(history))
    for delivery in demo_history.deliveries(day):
        if delivery.at in {day.silent_from, until - MINUTE}:
            load(warehouse.made(), (named for named in delivery.rows() if named[0] != REQUESTS))
    warehouse.query("rollup_analytics", {"since": until - 6 * HOUR, "until": until})
    found = measured([rule], config.metrics, warehouse=warehouse, until=until, cap=config.limits.query_bytes)
    decision = evaluate(rule, found.series["conversion_rate"], Memory(), now=until)
    warehouse.close()
    assert (decision.say, decision.memory.level, decision.judgement.bound) == (Say.FIRED, Level.LIMIT, 90.0)


def test_the_day_tells_of_everything_that_goes_wrong_and_of_what_is_over(shipped):
    said = []
    demo.play(shipped.platform, say=said.append)
    assert said[0] == NOTE
    assert len(said) == 1 + len(demo.SCENES) + len(demo.OF_ANALYTICS)
    measured_ones = {i.alert_type: i for i in shipped.incidents if i.alert_type.startswith(("rule.", "soukmon.data"))}
    over = {name: incident.severity for name, incident in measured_ones.items() if incident.state is State.RESOLVED}
    assert (
        over.items()
        >= {
            "soukmon.data_late": Severity.MEDIUM,
            "rule.conversion_drop_alert": Severity.HIGH,
            "rule.bundle_size_alert": Severity.LOW,
            "rule.order_failure_alert": Severity.CRITICAL,
            "rule.api_response_alert": Severity.HIGH,
        }.items()
    )
    assert measured_ones.keys() - over.keys() <= {"rule.order_failure_burn"}
    assert Counter(i.alert_type for i in shipped.incidents).most_common(1)[0][1] == 1
    assert len(shipped.dead_letters) == 1
