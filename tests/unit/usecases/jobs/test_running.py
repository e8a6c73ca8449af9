"""Jobs in a store: begun once, carried on after a crash at any step, told when they fail."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from shared.adapters.clocks import VirtualClock
from shared.adapters.sqlite_state import SqliteState
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, JobPlan, StepResult, Verdict
from shared.errors import ConflictError
from shared.usecases.jobs.running import Workshop, run_by_hand, run_due_jobs
from shared.usecases.jobs.runs import history
from tests.unit.usecases.world import MemoryBus

THREE = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)  # 03:00 in Cairo
MINUTE = timedelta(minutes=1)
BACKUPS = JobPlan("backups", "0 3 * * *", ("presence", "age", "read_back"), timedelta(minutes=40), ("store",))
RESTORE = JobPlan("restore", "0 3 * * TUE", ("restore",), timedelta(minutes=40), ("store",))


class Killed(BaseException):
    """The process ends here."""


class Steps(dict):
    """Every step passes, unless the test says under "job.step" what it does instead; remembers which were taken."""

    def __init__(self):
        super().__init__()
        self.taken = []

    def __call__(self, job):
        return {step: partial(self.take, f"{job}.{step}") for step in (*BACKUPS.steps, *RESTORE.steps)}

    def take(self, name, run):
        self.taken.append(f"{name} (dry)" if run.is_dry else name)
        found = self.get(name)
        if isinstance(found, BaseException):
            raise found
        return found or StepResult("", Verdict.PASS, "fine", {"bytes": 12})


@pytest.fixture
def shop(tmp_path):
    store = SqliteState(tmp_path / "state.db")
    return Workshop(
        (BACKUPS,), frozenset({"backups", "restore"}), Steps(), store, MemoryBus(), VirtualClock(THREE), lambda _: False
    )


def signals(shop):
    return [body for topic, body in shop.publisher.messages if topic == "signals"]


def test_a_job_that_is_due_runs_once_and_keeps_what_each_step_found(shop):
    assert run_due_jobs(shop) == 1
    assert run_due_jobs(shop) == 0
    [run] = history(shop.store, "backups")
    assert run.is_over
    assert run.verdict is Verdict.PASS
    assert [(one.step, one.reason, one.evidence) for one in run.results] == [
        (step, "fine", {"bytes": 12}) for step in BACKUPS.steps
    ]
    shop.clock.advance(timedelta(days=1))
    assert run_due_jobs(shop) == 1
    assert [one.occurrence for one in history(shop.store, "backups")] == [THREE + timedelta(days=1), THREE]


@pytest.mark.parametrize("step", BACKUPS.steps)
def test_a_run_that_was_killed_goes_on_with_the_step_it_was_killed_in(shop, step):
    shop.steps[f"backups.{step}"] = Killed()
    with pytest.raises(Killed):
        run_due_jobs(shop)
    del shop.steps[f"backups.{step}"]
    assert run_due_jobs(shop) == 0, "its lease is not over"
    shop.clock.advance(11 * MINUTE)
    before = len(shop.steps.taken)
    assert run_due_jobs(shop) == 1
    assert shop.steps.taken[before:] == [f"backups.{one}" for one in BACKUPS.steps[BACKUPS.steps.index(step) :]]
    [run] = history(shop.store, "backups")
    assert [one.verdict for one in run.results] == [Verdict.PASS] * 3


def test_a_run_over_its_budget_ends_as_failed_and_frees_its_locks(shop):
    shop.steps["backups.age"] = Killed()
    with pytest.raises(Killed):
        run_due_jobs(shop)
    shop.clock.advance(41 * MINUTE)
    assert run_due_jobs(shop) == 1
    [run] = history(shop.store, "backups")
    assert [one.verdict for one in run.results] == [Verdict.PASS, Verdict.FAIL, Verdict.FAIL]
    assert run_by_hand(RESTORE, replace(shop, plans=(RESTORE,)), by="mona", is_dry=False).verdict is Verdict.PASS


def test_a_step_that_raises_has_failed_and_the_others_are_taken(shop):
    shop.steps["backups.age"] = OSError("no such bucket")
    assert run_due_jobs(shop) == 1
    [run] = history(shop.store, "backups")
    assert [one.verdict for one in run.results] == [Verdict.PASS, Verdict.FAIL, Verdict.PASS]
    assert run.results[1].reason == "OSError: no such bucket"


def test_a_job_that_fails_is_told_and_taken_back_by_the_next_that_does_not(shop):
    shop.steps["backups.read_back"] = StepResult("", Verdict.FAIL, "the checksum differs")
    run_due_jobs(shop)
    del shop.steps["backups.read_back"]
    shop.clock.advance(timedelta(days=1))
    run_due_jobs(shop)
    first, second = signals(shop)
    assert (first["kind"], second["kind"]) == ("firing", "resolved")
    assert (first["alert_type"], first["title"]) == (
        "soukmon.job_failed", "backups failed at read_back: the checksum differs",
    )  # fmt: skip
    assert first["fingerprint"] == second["fingerprint"]
    assert first["event_id"] != second["event_id"]


def test_each_thing_that_is_wrong_is_an_alert_of_its_own(shop):
    broken = [Finding(name, f"{name} does not read back", alert="backup_broken") for name in ("monday", "tuesday")]
    shop.steps["backups.read_back"] = result_of([*broken, Finding("size", "smaller than usual", Verdict.WARN)])
    run_due_jobs(shop)
    shop.steps["backups.read_back"] = result_of(broken[1:])
    shop.clock.advance(timedelta(days=1))
    run_due_jobs(shop)
    said = [(one["alert_type"], one["labels"]["subject"], one["kind"]) for one in signals(shop)]
    assert said == [
        ("soukmon.backup_broken", "monday", "firing"),
        ("soukmon.backup_broken", "tuesday", "firing"),
        ("soukmon.backup_broken", "tuesday", "firing"),
        ("soukmon.backup_broken", "monday", "resolved"),
    ]


def test_what_nobody_could_look_at_is_not_taken_back(shop):
    shop.steps["backups.age"] = result_of([Finding("monday", "monday is three days old", alert="backup_broken")])
    run_due_jobs(shop)
    for cannot in (OSError("no network"), StepResult("", Verdict.SKIPPED, "no permission")):
        shop.steps["backups.age"] = cannot
        shop.clock.advance(timedelta(days=1))
        run_due_jobs(shop)
    assert [one["kind"] for one in signals(shop)] == ["firing", "firing"]
    del shop.steps["backups.age"]
    shop.clock.advance(timedelta(days=1))
    run_due_jobs(shop)
    assert [(one["alert_type"], one["labels"]["subject"]) for one in signals(shop) if one["kind"] == "resolved"] == [
        ("soukmon.job_failed", "backups.age"), ("soukmon.backup_broken", "monday"),
    ]  # fmt: skip


def test_a_dry_run_between_keeps_what_is_open(shop):
    shop.steps["backups.age"] = result_of([Finding("monday", "monday is three days old", alert="backup_broken")])
    run_due_jobs(shop)
    del shop.steps["backups.age"]
    shop.clock.advance(timedelta(hours=1))
    run_by_hand(BACKUPS, shop, by="mona", is_dry=True)
    shop.clock.advance(timedelta(hours=23))
    run_due_jobs(shop)
    assert [one["kind"] for one in signals(shop)] == ["firing", "resolved"]


def test_of_two_jobs_that_share_a_lock_the_second_waits(shop):
    both = replace(shop, plans=(BACKUPS, RESTORE))
    both.steps["backups.age"] = Killed()
    with pytest.raises(Killed):
        run_due_jobs(both)
    assert run_due_jobs(both) == 0
    assert history(both.store, "restore") == []
    with pytest.raises(ConflictError):
        run_by_hand(RESTORE, both, by="mona", is_dry=False)
    del both.steps["backups.age"]
    both.clock.advance(11 * MINUTE)
    assert run_due_jobs(both) == 2


def test_of_two_that_are_due_together_the_earlier_in_the_file_goes_first_whoever_runs_it(shop):
    """The restore's function wakes first."""
    both = replace(shop, plans=(BACKUPS, RESTORE), mine=frozenset({"restore"}))
    assert run_due_jobs(both) == 0
    assert run_due_jobs(replace(both, mine=frozenset({"backups"}))) == 1
    assert run_due_jobs(both) == 1


def test_a_job_that_nobody_runs_holds_the_others_up_for_an_hour_and_no_longer(shop):
    both = replace(shop, plans=(BACKUPS, RESTORE), mine=frozenset({"restore"}))
    shop.clock.advance(60 * MINUTE)
    assert run_due_jobs(both) == 0
    shop.clock.advance(MINUTE)
    assert run_due_jobs(both) == 1


def test_E80_a_run_by_hand_leaves_the_due_one_to_come(shop):
    shop.clock.set(THREE - MINUTE)
    shop.steps.taken.clear()
    forced = run_by_hand(BACKUPS, shop, by="mona", is_dry=False)
    assert (forced.by, forced.occurrence) == ("mona", None)
    shop.clock.set(THREE)
    assert run_due_jobs(shop) == 1
    assert [one.occurrence for one in history(shop.store, "backups")] == [THREE, None]


def test_a_dry_run_says_so_to_each_step_and_tells_nobody(shop):
    shop.steps["backups.age"] = StepResult("", Verdict.FAIL, "three days old")
    run = run_by_hand(BACKUPS, shop, by="mona", is_dry=True)
    assert run.verdict is Verdict.FAIL
    assert shop.steps.taken == [f"backups.{step} (dry)" for step in BACKUPS.steps]
    assert signals(shop) == []


def test_another_instance_that_was_faster_does_the_work(shop):
    class Overtaken:
        """The store; before the first commit another instance begins the same run."""

        done = False

        def commit(self, writes):
            if not self.done:
                self.done = True
                run_due_jobs(shop)
            shop.store.commit(writes)

        def __getattr__(self, name):
            return getattr(shop.store, name)

    assert run_due_jobs(replace(shop, store=Overtaken())) == 0
    assert len(history(shop.store, "backups")) == 1
    assert len(shop.steps.taken) == 3
