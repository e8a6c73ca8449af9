"""Looks at the warehouse: bounded, beside the page, and raising what hurts many."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.histograms import ZERO
from shared.domain.impacts import Assessed, failure_figures, issue_figures, next_look, slowness_figures
from shared.domain.metrics import Metric, Source
from shared.domain.reasons import Notify
from shared.domain.rules import EventRule, Impact, Match
from shared.domain.severities import Severity
from shared.domain.signals import SignalKind
from shared.errors import ByteCapError, ConflictError, QueryError
from shared.ports.store import Query, Replace
from shared.ports.warehouse import Answer
from shared.usecases.impact import assess_impact
from shared.usecases.records import LOOKS, timeline_of
from tests.conftest import configuration

MINUTE = timedelta(minutes=1)
ISSUE = {"labels": {"issue_id": "i1", "platform": "android"}}
FEW = {"events": 3, "previous_events": 0, "affected_users": 3, "affected_sessions": 3, "users": 900, "sessions": 1000,
       "crash_free_users": 99.6, "crash_free_sessions": 99.7, "versions": ["2.4.1"]}  # fmt: skip
MANY = {**FEW, "events": 150, "previous_events": 12, "affected_users": 110, "affected_sessions": 120,
        "crash_free_users": 87.5, "crash_free_sessions": 88.0}  # fmt: skip


class ObedientWarehouse:
    """Implements Warehouse: answers with one row, and remembers what it was asked."""

    def __init__(self):
        self.row, self.asked, self.fault, self.stamps = FEW, [], None, 0
        self.holds = {"crashes", "requests", "web"}

    def stamp(self, tables):
        self.stamps += 1
        return f"s{self.stamps}" if set(tables) & self.holds else ""

    def query(self, name, parameters, *, maximum_bytes=None):
        self.asked.append((name, dict(parameters), maximum_bytes))
        if self.fault:
            raise self.fault
        return Answer((self.row,) if self.row else ())


@pytest.fixture
def warehouse():
    return ObedientWarehouse()


@pytest.fixture
def world(world):
    def source(name):
        return Source(name, (name,), MINUTE, MINUTE, MINUTE, MINUTE)

    rules = (
        EventRule(
            "fatal",
            Match(("crashlytics.newFatalIssue",)),
            Severity.MEDIUM,
            ("slack", "email", "sms"),
            impact=(
                Impact("events_5m", 2, Severity.HIGH),
                Impact("affected_users", 50, Severity.HIGH),
                Impact("session_share", 10, Severity.CRITICAL),
            ),
        ),
        *configuration().event_rules,
    )
    names = {"crashes": "crashes", "requests": "requests", "web_errors": "web"}
    world.config = configuration(event_rules=rules, sources={name: source(table) for name, table in names.items()})
    return world


def crashes(world, name="crash", **changes):
    return world.fires(name, alert_type="crashlytics.newFatalIssue", **{**ISSUE, **changes}).incident


def look(world, warehouse, incident, **wait):
    if wait:
        world.clock.advance(timedelta(**wait))
    return assess_impact(incident, warehouse=warehouse, **world.ports)


def planned_looks(world):
    return sorted(
        row.body["due_at"] for row in world.store.find(Query("outbox", order_by="due_at")) if row.body["topic"] == LOOKS
    )


def record(world, incident):
    return [(line.event, line.reason) for line in timeline_of(world.store, incident)]


def test_the_page_goes_out_first_and_the_look_is_left_to_the_minute_tick(world):
    crashes(world, severity=Severity.CRITICAL)
    assert {topic for topic, _ in world.bus.messages} == {"notifications"}
    assert planned_looks(world) == [world.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")]


def test_a_minute_of_many_events_asks_for_one_look(world):
    for second in range(5):
        crashes(world, event=f"e{second}")
        world.clock.advance(timedelta(seconds=1))
    assert len(planned_looks(world)) == 1
    world.clock.advance(MINUTE)
    crashes(world)
    assert len(planned_looks(world)) == 2


def test_few_people_hit_leave_the_severity_and_their_figures_are_recorded(world, warehouse):
    incident = crashes(world)
    assert look(world, warehouse, incident) is Assessed.KEPT
    found = world.incident(incident)
    assert (found.severity, found.count, found.values["affected_users"], found.values["session_share"]) == (
        "medium",
        1,
        "3",
        "0.3",
    )
    assert record(world, incident) == [("opened", Notify.FIRST), ("impact assessed", Assessed.KEPT)]
    assert world.ledger(reason=Notify.SEVERITY_RAISED) == []


def test_twelve_percent_of_the_sessions_raise_it_and_people_are_told_at_once(world, warehouse):
    incident = crashes(world)
    world.pump()
    look(world, warehouse, incident)
    warehouse.row = MANY
    assert look(world, warehouse, incident, minutes=6) is Assessed.RAISED
    found = world.incident(incident)
    assert (found.severity, found.count, found.values["session_share"]) == ("critical", 1, "12")
    assert found.values["growth_percent"] == "1150"
    rows = world.ledger(reason=Notify.SEVERITY_RAISED)
    assert "sms" in {row.channel for row in rows}
    assert {row.due_at for row in rows} == {world.clock.now()}
    last = timeline_of(world.store, incident)[-1]
    assert (last.event, last.reason) == ("impact assessed", Assessed.RAISED)
    assert "session_share at least 10 is critical" in last.detail


def test_what_is_told_once_is_not_told_again_and_a_severity_never_falls(world, warehouse):
    incident = crashes(world)
    warehouse.row = MANY
    look(world, warehouse, incident)
    told = len(world.ledger(reason=Notify.SEVERITY_RAISED))
    assert look(world, warehouse, incident, minutes=6) is Assessed.KEPT
    warehouse.row = FEW
    look(world, warehouse, incident, minutes=6)
    assert world.incident(incident).severity is Severity.CRITICAL
    assert len(world.ledger(reason=Notify.SEVERITY_RAISED)) == told


def test_a_raise_of_an_owned_incident_leaves_it_owned(world, warehouse):
    incident = crashes(world)
    found = world.store.get("incidents", incident)
    body = {**found.body, "state": "acknowledged", "owner": "mona", "ack_expires_at": found.body["opened_at"]}
    world.store.commit([replace_of(found, body)])
    warehouse.row = MANY
    look(world, warehouse, incident)
    assert (world.incident(incident).state, world.incident(incident).owner) == ("acknowledged", "mona")


def replace_of(document, body):
    return Replace(document.collection, document.id, body, document.version)


def test_a_look_counts_no_event(world, warehouse):
    """One more event within five minutes would be high by events_5m."""
    incident = crashes(world)
    look(world, warehouse, incident)
    assert world.incident(incident).severity is Severity.MEDIUM


def test_a_look_that_raises_takes_no_threshold_of_events_along(world, warehouse):
    impact = (Impact("affected_users", 3, Severity.HIGH), Impact("events_5m", 2, Severity.CRITICAL))
    rule, *others = world.config.event_rules
    world.config = replace(world.config, event_rules=(replace(rule, impact=impact), *others))
    incident = crashes(world)
    assert look(world, warehouse, incident) is Assessed.RAISED
    assert world.incident(incident).severity is Severity.HIGH


def test_at_most_one_query_in_five_minutes_for_one_issue_however_often_it_is_asked_for(world, warehouse):
    incident = crashes(world)
    look(world, warehouse, incident)
    assert look(world, warehouse, incident, minutes=4) is Assessed.TOO_SOON
    assert len(warehouse.asked) == 1
    assert look(world, warehouse, incident, minutes=1) is Assessed.KEPT
    assert len(warehouse.asked) == 2


def test_the_next_look_is_planned_before_the_query_so_that_one_that_dies_is_not_the_last(world, warehouse):
    incident = crashes(world)
    warehouse.fault = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        look(world, warehouse, incident)
    assert planned_looks(world)[-1] == (world.clock.now() + 5 * MINUTE).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_looks_grow_rarer_with_age_and_end_when_it_has_been_quiet_for_long(world, warehouse):
    incident = world.incident(crashes(world))
    pauses = [
        (next_look(incident, incident.opened_at + age) - incident.opened_at - age) / MINUTE
        for age in (0 * MINUTE, 20 * MINUTE, 600 * MINUTE)
    ]
    assert pauses == [5, 10, 60]
    assert look(world, warehouse, incident.id, hours=3, minutes=1) is Assessed.NOT_ASKED
    assert warehouse.asked == []


def test_nothing_is_asked_while_the_source_holds_no_rows(world, warehouse):
    warehouse.holds = set()
    incident = crashes(world)
    assert look(world, warehouse, incident) is Assessed.NO_ROWS
    assert (warehouse.asked, record(world, incident)) == ([], [("opened", Notify.FIRST)])


def test_nothing_is_asked_while_nothing_changed(world, warehouse):
    incident = crashes(world)
    look(world, warehouse, incident)
    warehouse.stamps = 0
    assert look(world, warehouse, incident, minutes=6) is Assessed.UNCHANGED
    assert len(warehouse.asked) == 1


def test_what_the_warehouse_does_not_know_yet_changes_nothing(world, warehouse):
    incident = crashes(world)
    warehouse.row = {"events": 0}
    before = world.incident(incident)
    assert look(world, warehouse, incident) is Assessed.NOTHING_YET
    assert world.incident(incident) == before


@pytest.mark.parametrize(
    ("fault", "outcome", "alarm"),
    [
        (QueryError("Not found: Table soukmon.crashes"), Assessed.FAILED, "soukmon.not_evaluated"),
        (ByteCapError("2000 or higher required"), Assessed.BYTE_CAP, "soukmon.byte_cap"),
    ],
)
def test_E33_a_warehouse_that_cannot_answer_loses_no_page_and_is_an_alert_until_it_answers(
    world, warehouse, fault, outcome, alarm
):
    incident = crashes(world)
    warehouse.fault = fault
    assert look(world, warehouse, incident) is outcome
    assert world.ledger(reason=Notify.FIRST) != []
    assert record(world, incident)[-1] == ("impact assessed", outcome)
    assert warehouse.asked[0][2] == world.config.limits.query_bytes
    world.pump()
    (broken,) = [one for one in world.incidents() if one.alert_type == alarm]
    warehouse.fault = None
    look(world, warehouse, incident, minutes=6)
    world.pump()
    assert not world.incident(broken.id).state.is_open


def test_two_looks_at_once_ask_one_query(world, warehouse, monkeypatch):
    incident = crashes(world)

    def refuse(writes):
        raise ConflictError("somebody else's")

    monkeypatch.setattr(world.store, "commit", refuse)
    assert look(world, warehouse, incident) is Assessed.TOO_SOON
    assert warehouse.asked == []


def test_a_new_incident_of_an_old_issue_does_not_wait_for_the_pause_of_the_old_one(world, warehouse):
    incident = crashes(world)
    look(world, warehouse, incident)
    look(world, warehouse, incident, hours=2)
    body = {**world.store.get("incidents", incident).body}
    world.clock.advance(31 * MINUTE)
    found = world.store.get("incidents", incident)
    resolved = body | {"state": "resolved", "is_open": "no", "resolved_at": body["opened_at"]}
    world.store.commit([replace_of(found, resolved)])
    again = crashes(world)
    assert again != incident
    assert look(world, warehouse, again) is Assessed.KEPT


@pytest.mark.parametrize(
    ("labels", "alert_type", "expected"),
    [
        ({"issue_id": "g1", "platform": "web"}, "crashlytics.webError", ("impact", {"issue": "g1"})),
        ({"service": "orders-api"}, "log.request_5xx", ("impact_of_service", {"metric": "error_rate", "service": "orders-api", "above": ZERO})),
        ({"event_type": "network_request"}, "performance.threshold", ("impact_of_service", {"metric": "api_response_time", "service": "", "above": 346})),
    ],
)  # fmt: skip
def test_each_kind_of_event_is_asked_about_in_its_own_table(world, warehouse, labels, alert_type, expected):
    metric = Metric("api_response_time", kind="value", unit="ms", source="requests", target=1000.0)
    world.config = replace(world.config, metrics={"api_response_time": metric})
    incident = world.fires(alert_type=alert_type, labels=labels).incident
    look(world, warehouse, incident)
    (asked,) = warehouse.asked
    span = {"since": world.clock.now() - timedelta(hours=1), "until": world.clock.now()}
    assert (asked[0], asked[1]) == (expected[0], expected[1] | span)


@pytest.mark.parametrize(
    ("labels", "alert_type"),
    [
        ({}, "crashlytics.velocity"),
        ({"event_type": "duration_trace"}, "performance.threshold"),
        ({"issue_id": "x"}, "build.failed"),
    ],
)
def test_nothing_is_asked_about_what_no_table_knows(world, warehouse, labels, alert_type):
    incident = world.fires(alert_type=alert_type, labels=labels).incident
    world.fires(alert_type=alert_type, labels=labels, event="again", minutes=-1)
    assert len(planned_looks(world)) == 1  # that of its opening, which states that nothing is known
    assert look(world, warehouse, incident) is Assessed.NOT_ASKED


def test_an_incident_that_is_over_or_unknown_is_not_looked_at(world, warehouse):
    incident = crashes(world)
    crashes(world, kind=SignalKind.RESOLVED, event="over")
    assert look(world, warehouse, incident) is Assessed.NOT_ASKED
    assert look(world, warehouse, "INC-none") is Assessed.NOT_ASKED


def weighed(row):
    return issue_figures(row).weighed


def test_shares_of_a_handful_are_shown_and_weigh_nothing():
    row = {**FEW, "affected_sessions": 1, "sessions": 3, "affected_users": 1, "users": 3, "crash_free_users": 66.7}
    assert issue_figures(row).told["session_share"] == "33.33"
    assert not {"session_share", "crash_free_users"} & weighed(row).keys()
    assert "session_share" not in weighed({**MANY, "affected_sessions": 9})
    assert "session_share" not in weighed({**MANY, "sessions": 99})


def test_the_crash_free_share_of_the_whole_app_weighs_only_for_the_issue_behind_it():
    assert "crash_free_users" in weighed(MANY)
    assert "crash_free_users" not in weighed({**MANY, "affected_users": 20})


def test_the_web_has_users_and_no_shares():
    row = {**MANY, "users": None, "sessions": None, "crash_free_users": None, "crash_free_sessions": None}
    assert set(weighed(row)) == {"affected_users", "affected_sessions", "growth_percent"}


def test_growth_needs_something_to_have_grown_from():
    assert "growth_percent" not in weighed({**MANY, "previous_events": 9})
    assert "growth_percent" not in issue_figures({**MANY, "previous_events": 0}).told


def test_figures_of_a_service():
    row = {"count": 2000, "bad": 150, "previous_bad": 50, "bad_clients": 60, "slow": 400, "previous_slow": 0}
    assert failure_figures(row).told == {"affected_clients": "60", "failed_share": "7.5", "growth_percent": "200"}
    assert slowness_figures(row).told == {"slow_count": "400", "slow_share": "20"}
    assert "failed_share" not in failure_figures({**row, "bad_clients": 9}).weighed
    assert failure_figures({"count": 0, "bad": 0}).told == slowness_figures({"count": 0}).told == {}


def test_a_threshold_from_below_is_reached_at_it_and_under_it():
    low = Impact("crash_free_users", None, Severity.CRITICAL, at_most=99)
    assert [low.is_reached_by(value) for value in (98.9, 99.0, 99.1, float("nan"))] == [True, True, False, False]
