"""The audit's look at jobs, over a real store: who is missed, who waits, and what is said of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.sqlite_state import SqliteState
from shared.config.loader import load
from shared.domain.jobs import JobPlan, Run, Where
from shared.domain.maintenance import Window
from shared.domain.signals import own_signal
from shared.ports.store import Create, Put
from shared.usecases.audit_escalations import audit_escalations
from shared.usecases.jobs.runs import run_body
from shared.usecases.jobs.watching import watch_jobs
from shared.usecases.records import JOB_LOCKS, JOB_RUNS, instant
from shared.usecases.window_records import window_write
from tests.unit.usecases.world import MemoryBus

NOON = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
THREE = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)  # 03:00 in Cairo
MINUTE = timedelta(minutes=1)
PLAN = JobPlan("backups", "0 3 * * *", ("read_back",), timedelta(minutes=50))


@pytest.fixture
def watch(tmp_path):
    """Looks every 13 minutes from noon until `now`; returns what was said since the last call."""
    store, bus = SqliteState(tmp_path / "state.db"), MemoryBus()
    clock = [NOON]

    def look(until, *plans):
        while clock[0] + 13 * MINUTE <= until:
            clock[0] += 13 * MINUTE
            watch_jobs(plans or (PLAN,), store=store, publisher=bus, now=clock[0])
        said = [(body["labels"]["subject"], body["kind"], body["title"]) for _, body in bus.messages]
        assert {body["alert_type"] for _, body in bus.messages} <= {"soukmon.job_missed"}
        bus.messages.clear()
        return said

    look.store = store
    return look


def ran(store, occurrence, **changes):
    run = Run("backups", occurrence, occurrence, occurrence + 10 * MINUTE, **changes)
    store.commit([Put(JOB_RUNS, run.id, run_body(run))])


def test_a_job_that_did_not_begin_is_told_once_and_taken_back_when_it_ran(watch):
    assert watch(THREE + 40 * MINUTE) == []
    title = "backups of 10 Mar 03:00 EET (01:00 UTC) has not begun"
    assert watch(THREE + timedelta(hours=8)) == [("backups", "firing", title)]
    ran(watch.store, THREE, finished_at=THREE + timedelta(hours=9))
    assert watch(THREE + timedelta(hours=12)) == [("backups", "resolved", "backups ran again")]


def test_a_job_that_runs_is_never_mentioned(watch):
    watch(THREE)
    for day in range(4):
        at = THREE + timedelta(days=day)
        ran(watch.store, at, finished_at=at + MINUTE)
        assert watch(at + timedelta(hours=23, minutes=59)) == []


def test_what_was_due_before_the_first_look_is_not_missed(watch):
    assert watch(THREE - 10 * MINUTE) == []


def test_a_run_by_hand_is_no_answer_to_the_schedule(watch):
    watch(THREE)
    by_hand = Run("backups", None, THREE + MINUTE, THREE + MINUTE, "mona", finished_at=THREE + 2 * MINUTE)
    watch.store.commit([Create(JOB_RUNS, by_hand.id, run_body(by_hand))])
    assert len(watch(THREE + timedelta(hours=3))) == 1


def test_a_run_that_hangs_is_told(watch):
    watch(THREE)
    ran(watch.store, THREE)
    assert watch(THREE + 79 * MINUTE) == []
    [(_, kind, title)] = watch(THREE + timedelta(hours=5))
    assert (kind, title) == ("firing", "backups of 10 Mar 03:00 EET (01:00 UTC) began and has not ended")


def test_a_job_whose_lock_another_job_holds_waits_and_is_missed_once_it_is_free(watch):
    plan = JobPlan("backups", "0 3 * * *", ("read_back",), timedelta(minutes=50), ("store",))
    held = {"job": "restore", "run": "restore-1", "until": instant(THREE + timedelta(hours=4))}
    watch.store.commit([Put(JOB_LOCKS, "store", held)])
    assert watch(THREE + timedelta(hours=5), plan) == []
    assert len(watch(THREE + timedelta(hours=7), plan)) == 1


@pytest.mark.parametrize(
    ("where", "waits_until"), [(Where.OUTSIDE, timedelta(minutes=119)), (Where.INSIDE, timedelta(minutes=1))]
)
def test_a_job_that_keeps_to_windows_waits_for_its_window(watch, where, waits_until):
    plan = JobPlan("backups", "0 3 * * *", ("read_back",), timedelta(minutes=50), where=where)
    inside = where is Where.INSIDE
    start = THREE + (timedelta(hours=3) if inside else -MINUTE)
    watch.store.commit([window_write(Window("w1", start, start + timedelta(hours=2), "tidy", "mona"), None)])
    watch(THREE, plan)
    assert watch(start + waits_until, plan) == []
    assert len(watch(start + waits_until + timedelta(minutes=70), plan)) == 1


def test_a_job_for_which_no_window_ever_opens_is_missed_when_the_next_is_due(watch):
    plan = JobPlan("backups", "0 3 * * *", ("read_back",), timedelta(minutes=50), where=Where.INSIDE)
    assert watch(THREE + timedelta(hours=23), plan) == []
    assert len(watch(THREE + timedelta(hours=26), plan)) == 1


def test_the_audit_looks_at_the_jobs_of_the_configuration(world):
    world.config = replace(world.config, jobs=(JobPlan("backups", "0 * * * *", ("read_back",)),))
    for _ in range(12):
        audit_escalations(notifier=world.notifiers.__getitem__, **world.ports)
        world.clock.advance(13 * MINUTE)
    said = [body["title"] for _, body in world.bus.messages if body.get("alert_type") == "soukmon.job_missed"]
    assert len(said) == 1
    assert said[0].endswith("has not begun")


@pytest.mark.parametrize("name", ["job_failed", "job_missed"])
def test_what_jobs_tell_has_a_rule_of_its_own_and_rings_no_telephone(name):
    rule = load().rule_for(own_signal(name, subject="backups", title="x", at=NOON))
    assert (rule.name, set(rule.channels), rule.runbook) == (name, {"slack", "email"}, "jobs")
