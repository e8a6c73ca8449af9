"""Signals become incidents in one commit: deduplicated, grouped, folded in a storm."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.effectiveness import told_at
from shared.domain.incidents import State
from shared.domain.metrics import Kind, Metric
from shared.domain.notifications import LedgerState
from shared.domain.reasons import Notify, Suppressed
from shared.domain.rules import Unit
from shared.domain.signals import SignalKind
from shared.errors import ConflictError, UndecodableError
from shared.usecases.records import timeline_of


def test_E01_the_same_event_twice_makes_one_incident_and_one_set_of_messages(world):
    first = world.fires(event="e1")
    second = world.fires(event="e1")
    assert (first.reason, second.reason) == (Notify.FIRST, Suppressed.DUPLICATE_DELIVERY)
    assert (second.incident, len(world.incidents()), world.incidents()[0].count) == (first.incident, 1, 1)
    assert len(world.ledger()) == 3


def test_E01_two_instances_at_the_same_moment_make_one_incident(world):
    barrier, results = threading.Barrier(8), []

    def arrive():
        barrier.wait()
        try:
            results.append(world.fires(event="e1").reason)
        except ConflictError:  # redelivery would follow
            results.append("conflict")

    threads = [threading.Thread(target=arrive) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count(Notify.FIRST) == 1
    assert len(world.incidents()) == 1
    assert len(world.ledger()) == 3


def test_two_different_first_alerts_of_one_fingerprint_never_open_two_incidents(world):
    barrier = threading.Barrier(6)

    def arrive(name):
        barrier.wait()
        world.fires(event=name)

    threads = [threading.Thread(target=arrive, args=(f"e{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (incident,) = world.incidents()
    assert incident.count == 6


def test_E06_an_old_event_is_recorded_without_a_page_and_one_digest_counts_them(world):
    outcomes = [world.fires(event=f"old{n}", fingerprint=f"f{n}", minutes=600).reason for n in range(3)]
    world.pump()
    (digest,) = world.incidents()
    assert set(outcomes) == {Suppressed.STALE}
    assert (digest.alert_type, digest.count) == ("soukmon.stale_events", 3)
    assert not world.ledger(channel="sms")


def test_E05_an_event_from_tomorrow_is_quarantined(world):
    with pytest.raises(UndecodableError, match="24 h in the future"):
        world.fires(minutes=-24 * 60 - 1)
    assert not world.incidents()


def test_E05_an_event_ten_minutes_ahead_is_clamped_and_pages(world):
    handled = world.fires(minutes=-10)
    incident = world.incident(handled.incident)
    assert (incident.started_at, incident.values["clock_skew"]) == (world.clock.now(), "600 s")


def test_E08_a_failing_commit_leaves_nothing_behind_and_raises_for_redelivery(world, monkeypatch):
    def refuse(writes):
        raise OSError("the store is away")

    monkeypatch.setattr(world.store, "commit", refuse)
    with pytest.raises(OSError, match="away"):
        world.fires(event="e1")
    monkeypatch.undo()
    assert (world.incidents(), world.ledger(), world.bus.messages) == ([], [], [])
    assert world.fires(event="e1").reason is Notify.FIRST


def test_E44_five_hundred_alerts_in_a_minute_are_one_storm_with_few_messages_and_a_full_record(world):
    for n in range(500):
        world.fires(f"fault{n}", service=f"service{n % 3}")
        world.clock.advance(timedelta(milliseconds=100))
    late = world.fires("payment", service="payments")
    world.pump()
    folded = [i for i in world.incidents() if i.storm]
    storm = next(i for i in world.incidents() if i.alert_type == "soukmon.storm")
    assert len(world.incidents()) == 502
    assert (len(folded), storm.count) == (490, 490)
    assert late.reason is Notify.FIRST  # a new service's first alert jumps the queue
    per_person = {person: world.told("sms").count(person) for person in set(world.told("sms"))}
    assert max(per_person.values()) <= 5
    assert world.told("slack").count("slack:incidents") <= 12


def test_E46_a_recovery_inside_the_group_wait_tells_nobody(world):
    world.fires("slow", alert_type="log.request_5xx")
    world.clock.advance(timedelta(seconds=10))
    over = world.fires("slow", event="r", alert_type="log.request_5xx", kind=SignalKind.RESOLVED)
    world.tick(minutes=2)
    assert over.reason is Suppressed.RECOVERED_IN_GROUP_WAIT
    assert {row.state for row in world.ledger()} == {LedgerState.SUPERSEDED}
    assert (world.told("slack"), world.told("email")) == ([], [])
    assert told_at(world.incident(over.incident)) is None


def test_E46_a_recovery_is_told_to_those_who_were_told_of_the_failure_and_to_nobody_else(world):
    world.fires("crash")
    world.pump()
    before = {channel: set(world.told(channel)) for channel in ("sms", "email", "slack")}
    world.clock.advance(timedelta(minutes=3))
    world.fires("crash", event="over", kind=SignalKind.RESOLVED)
    world.pump()
    recovered = [(row.recipient, row.channel) for row in world.ledger(reason=Notify.RESOLVED)]
    assert {r for r, c in recovered if c == "sms"} == before["sms"]
    assert {r for r, _ in recovered} == before["sms"] | before["email"] | before["slack"]


def test_E45_a_refire_inside_the_interval_sends_nothing_after_it_one_reminder(world):
    world.fires("crash", event="1")
    world.pump()
    sent = len(world.told("sms"))
    world.clock.advance(timedelta(minutes=5))
    world.fires("crash", event="2")
    world.pump()
    assert len(world.told("sms")) == sent
    world.clock.advance(timedelta(minutes=60))
    world.fires("crash", event="3")
    world.pump()
    assert len(world.ledger(reason=Notify.REMINDER, channel="sms")) == 1


def test_E57_a_refire_inside_the_reopen_window_reopens_and_later_a_new_incident_links_back(world):
    first = world.fires("crash", event="1").incident
    world.clock.advance(timedelta(minutes=1))
    world.fires("crash", event="2", kind=SignalKind.RESOLVED)
    world.clock.advance(timedelta(minutes=10))
    assert world.fires("crash", event="3").incident == first
    world.clock.advance(timedelta(minutes=1))
    world.fires("crash", event="4", kind=SignalKind.RESOLVED)
    world.clock.advance(timedelta(minutes=31))
    new = world.fires("crash", event="5").incident
    assert (new != first, world.incident(new).previous) == (True, first)


def test_every_decision_is_on_the_record_with_its_reason(world):
    name = world.fires("crash", event="1").incident
    world.clock.advance(timedelta(minutes=1))
    world.fires("crash", event="2", kind=SignalKind.RESOLVED)
    lines = [(line.event, line.reason) for line in timeline_of(world.store, name)]
    assert lines == [("opened", Notify.FIRST), ("resolved", "resolved")]
    assert world.incident(name).state is State.RESOLVED


def test_an_event_that_may_change_a_metric_has_its_rules_evaluated_at_once_and_only_when_it_is_news(world):
    metric = Metric("error_rate", Kind.RATIO, Unit.PERCENT, "requests", touched_by=("crashlytics.*",))
    world.config = replace(world.config, metrics={"error_rate": metric})
    for event in ("e1", "e2", "e3"):
        world.fires(event=event)
    assert [data for topic, data in world.bus.messages if topic == "touched-metrics"] == [{"metrics": ["error_rate"]}]


def test_E28_a_resolve_by_late_data_annotates_the_incident_and_deletes_nothing(world):
    world.fires()
    late = {"corrected": "late data", "false_positive_candidate": "yes", "value": "0.4"}
    world.clock.advance(timedelta(minutes=20))
    world.fires(event="late", kind=SignalKind.RESOLVED, values=late, summary="Late data: no breach any more.")
    (incident,) = world.incidents()
    assert (incident.state, incident.values) == (
        State.RESOLVED,
        {"corrected": "late data", "false_positive_candidate": "yes"},
    )
    assert timeline_of(world.store, incident.id)[-1].detail == "Late data: no breach any more."
