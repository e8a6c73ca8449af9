"""Signals and incidents: who is told, and every reason for not telling."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.escalation import Policy, Step
from shared.domain.grouping import Circumstances, absorb
from shared.domain.incidents import State, acknowledge, resolve
from shared.domain.reasons import Notify, Suppressed
from shared.domain.rules import EventRule, Impact, Match
from shared.domain.severities import Severity
from shared.domain.signals import Signal, SignalKind, Timeliness, clamped, timeliness

T0 = datetime(2026, 3, 10, 0, 10, tzinfo=UTC)
POLICY = Policy("p", (Step(("oncall:primary",)), Step(("team:engineering",), timedelta(minutes=15), 2)))
RULE = EventRule(
    "crash",
    Match(("crashlytics.*",)),
    Severity.HIGH,
    ("slack", "sms"),
    impact=(Impact("crash_percentage", 10, Severity.CRITICAL), Impact("events_5m", 4, Severity.CRITICAL)),
    remind_every=timedelta(hours=1),
)


def around(now=T0, **changes):
    policies = dict.fromkeys(Severity, POLICY)
    return replace(Circumstances(RULE, policies, timedelta(minutes=30), now), **changes)


def signal(at=T0, **changes):
    base = Signal("e1", "fp", "k1", "crashlytics.velocity", "firebase", "app", "Crash", at, at)
    return replace(base, **changes)


def opened():
    return absorb(signal(), None, around()).incident


def test_the_first_signal_opens_and_tells_the_first_step():
    verdict = absorb(signal(), None, around())
    assert (verdict.reason, verdict.is_new, verdict.steps) == (Notify.FIRST, True, POLICY.steps[:1])
    assert verdict.incident.due_at == T0 + timedelta(minutes=15)


def test_E02_the_same_issue_again_is_counted_and_nobody_is_told_twice():
    verdict = absorb(signal(event_id="e2"), opened(), around())
    assert (verdict.reason, verdict.incident.count, verdict.steps, verdict.entries) == (Suppressed.COUNTED, 2, (), ())


def test_a_new_version_of_the_same_issue_joins_the_incident_with_a_line_on_its_record():
    verdict = absorb(signal(key="k2", values={"app_version": "2.5"}), opened(), around())
    assert verdict.incident.id == opened().id
    assert "2.5" in verdict.entries[0].detail


def test_E03_a_resolve_older_than_the_last_fire_is_ignored_and_a_newer_one_resolves():
    fired = absorb(signal(at=T0 + timedelta(minutes=5)), opened(), around(T0 + timedelta(minutes=5))).incident
    old = absorb(signal(at=T0 + timedelta(minutes=4), kind=SignalKind.RESOLVED), fired, around())
    new = absorb(signal(at=T0 + timedelta(minutes=6), kind=SignalKind.RESOLVED), fired, around())
    assert (old.reason, old.incident.state) == (Suppressed.OUT_OF_ORDER, State.TRIGGERED)
    assert (new.reason, new.incident.state, new.incident.due_at) == (Notify.RESOLVED, State.RESOLVED, None)


def test_E04_a_fire_that_began_before_the_resolve_is_recorded_without_a_page():
    over = resolve(opened(), actor="x", at=T0 + timedelta(minutes=9), now=T0 + timedelta(minutes=9)).incident
    verdict = absorb(signal(at=T0 + timedelta(minutes=8)), over, around(T0 + timedelta(minutes=12)))
    assert (verdict.reason, verdict.incident.state, verdict.steps) == (Suppressed.BEFORE_RESOLVE, State.RESOLVED, ())


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (timedelta(minutes=10), Timeliness.CLAMPED),
        (timedelta(hours=24, seconds=1), Timeliness.QUARANTINED),
        (timedelta(hours=-5), Timeliness.FRESH),
        (timedelta(hours=-7), Timeliness.STALE),
    ],
)
def test_E05_E06_event_time_is_judged_against_receipt(ahead, expected):
    assert timeliness(signal(at=T0 + ahead, received_at=T0), max_age=timedelta(hours=6)) is expected


def test_E05_clock_skew_is_clamped_to_receipt_and_flagged():
    skewed = clamped(signal(at=T0 + timedelta(minutes=10), received_at=T0))
    assert (skewed.occurred_at, skewed.values["clock_skew"]) == (T0, "600 s")


def test_E45_inside_the_reminder_interval_silence_after_it_one_reminder_and_a_raise_at_once():
    incident = opened()
    early = absorb(signal(at=T0 + timedelta(minutes=59)), incident, around(T0 + timedelta(minutes=59)))
    late = absorb(signal(at=T0 + timedelta(minutes=60)), incident, around(T0 + timedelta(minutes=60)))
    again = absorb(signal(at=T0 + timedelta(minutes=61)), late.incident, around(T0 + timedelta(minutes=61)))
    worse = absorb(signal(values={"crash_percentage": "12.4"}), incident, around())
    assert [v.reason for v in (early, late, again)] == [Suppressed.COUNTED, Notify.REMINDER, Suppressed.COUNTED]
    raised = (worse.reason, worse.incident.severity, bool(worse.steps))
    assert raised == (Notify.SEVERITY_RAISED, Severity.CRITICAL, True)


def test_a_burst_inside_five_minutes_raises_the_severity():
    incident = opened()
    for minute in (1, 2):
        incident = absorb(signal(at=T0 + timedelta(minutes=minute)), incident, around()).incident
    burst = absorb(signal(at=T0 + timedelta(minutes=3)), incident, around())
    slow = absorb(signal(at=T0 + timedelta(minutes=30)), incident, around())
    assert (burst.reason, slow.reason) == (Notify.SEVERITY_RAISED, Suppressed.COUNTED)


def test_E57_inside_the_reopen_window_the_same_incident_later_a_new_one_that_names_it():
    over = resolve(opened(), actor="x", at=T0, now=T0).incident
    soon = absorb(signal(at=T0 + timedelta(minutes=29)), over, around(T0 + timedelta(minutes=29)))
    late = absorb(signal(at=T0 + timedelta(minutes=31)), over, around(T0 + timedelta(minutes=31)))
    assert (soon.reason, soon.incident.id, soon.steps) == (Notify.REOPENED, over.id, POLICY.steps[:1])
    assert (late.is_new, late.incident.previous, late.incident.id != over.id) == (True, over.id, True)


def test_an_owned_incident_counts_quietly_but_a_raise_still_reaches_people():
    owned = acknowledge(opened(), person="mona", via="sms", now=T0, expires_after=timedelta(hours=1)).incident
    quiet = absorb(signal(at=T0 + timedelta(hours=2)), owned, around(T0 + timedelta(hours=2)))
    loud = absorb(signal(values={"crash_percentage": "50"}), owned, around())
    assert (quiet.reason, loud.reason) == (Suppressed.ACKNOWLEDGED, Notify.SEVERITY_RAISED)
    assert loud.incident.ladder.next_at is None


def test_E44_a_folded_incident_is_recorded_and_tells_nobody():
    verdict = absorb(signal(), None, around(folded_into="storm"))
    assert (verdict.reason, verdict.is_new) == (Suppressed.BY_STORM, True)
    assert (verdict.steps, verdict.incident.due_at) == ((), None)


def test_a_value_that_is_no_number_never_raises_a_severity():
    assert absorb(signal(values={"crash_percentage": "many"}), None, around()).incident.severity is Severity.HIGH


@given(st.lists(st.tuples(st.integers(0, 90), st.booleans()), min_size=1, max_size=30))
def test_no_sequence_of_events_tells_the_first_step_twice_without_a_reason(moments):
    incident, now, first = None, T0, 0
    for minutes, fires in moments:
        now = max(now, T0 + timedelta(minutes=minutes))
        kind = SignalKind.FIRING if fires else SignalKind.RESOLVED
        verdict = absorb(signal(at=now, kind=kind), incident, around(now))
        first += verdict.reason is Notify.FIRST
        assert bool(verdict.steps) == (isinstance(verdict.reason, Notify) and verdict.reason is not Notify.RESOLVED)
        incident = verdict.incident or incident
    assert first <= 1 + sum(1 for minutes, fires in moments if not fires)
