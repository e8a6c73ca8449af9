"""Jobs in a store: begun once, carried on after a crash at any step, told when they fail."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.clocks import VirtualClock
from shared.adapters.sqlite_state import SqliteState
from shared.domain.jobs import JobPlan, StepResult, Verdict
from shared.errors import ConflictError
from shared.usecases.run_jobs import Workshop, history, run_by_hand, run_due_jobs
from tests.unit.usecases.world import MemoryBus

THREE = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)  # 03:00 in Cairo
MINUTE = timedelta(minutes=1)
BACKUPS = JobPlan("backups", "0 3 * * *", ("presence", "age", "read_back"), timedelta(minutes=40), ("store",))
RESTORE = JobPlan("restore", "0 3 * * TUE", ("restore",), timedelta(minutes=40), ("store",))


class Killed(BaseException):
    """The process ends here."""


class Steps(dict):
    """Every step passes, unless the test says what it does instead; remembers which were taken."""

    def __init__(self):
        super().__init__()
        self.taken = []

    def __missing__(self, name):
        def step(is_dry):
            self.taken.append(f"{name} (dry)" if is_dry else name)
            found = self.get(f"{name}!")
            if isinstance(found, BaseException):
                raise found
            return found or StepResult("", Verdict.PASS, "fine", {"bytes": 12})

        return step


@pytest.fixture
def shop(tmp_path):
    store = SqliteState(tmp_path / "state.db")
    return Workshop((BACKUPS,), Steps(), store, MemoryBus(), VirtualClock(THREE), lambda _: False)


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
    shop.steps[f"backups.{step}!"] = Killed()
    with pytest.raises(Killed):
        run_due_jobs(shop)
    del shop.steps[f"backups.{step}!"]
    assert run_due_jobs(shop) == 0, "its lease is not over"
    shop.clock.advance(11 * MINUTE)
    before = len(shop.steps.taken)
    assert run_due_jobs(shop) == 1
    assert shop.steps.taken[before:] == [f"backups.{one}" for one in BACKUPS.steps[BACKUPS.steps.index(step) :]]
    [run] = history(shop.store, "backups")
    assert [one.verdict for one in run.results] == [Verdict.PASS] * 3


def test_a_run_over_its_budget_ends_as_failed_and_frees_its_locks(shop):
    shop.steps["backups.age!"] = Killed()
    with pytest.raises(Killed):
        run_due_jobs(shop)
    shop.clock.advance(41 * MINUTE)
    assert run_due_jobs(shop) == 1
    [run] = history(shop.store, "backups")
    assert [one.verdict for one in run.results] == [Verdict.PASS, Verdict.FAIL, Verdict.FAIL]
    assert run_by_hand(RESTORE, replace(shop, plans=(RESTORE,)), by="mona", is_dry=False).verdict is Verdict.PASS


def test_a_step_that_raises_has_failed_and_the_others_are_taken(shop):
    shop.steps["backups.age!"] = OSError("no such bucket")
    assert run_due_jobs(shop) == 1
    [run] = history(shop.store, "backups")
    assert [one.verdict for one in run.results] == [Verdict.PASS, Verdict.FAIL, Verdict.PASS]
    assert run.results[1].reason == "OSError: no such bucket"


def test_a_job_that_fails_is_told_and_taken_back_by_the_next_that_does_not(shop):
    shop.steps["backups.read_back!"] = StepResult("", Verdict.FAIL, "the checksum differs")
    run_due_jobs(shop)
    del shop.steps["backups.read_back!"]
    shop.clock.advance(timedelta(days=1))
    run_due_jobs(shop)
    first, second = signals(shop)
    assert (first["kind"], second["kind"]) == ("firing", "resolved")
    assert first["title"] == "backups failed: read_back (the checksum differs)"
    assert first["fingerprint"] == second["fingerprint"]
    assert first["key"] != second["key"]


def test_of_two_jobs_that_share_a_lock_the_second_waits(shop):
    both = replace(shop, plans=(BACKUPS, RESTORE))
    both.steps["backups.age!"] = Killed()
    with pytest.raises(Killed):
        run_due_jobs(both)
    assert run_due_jobs(both) == 0
    assert history(both.store, "restore") == []
    with pytest.raises(ConflictError):
        run_by_hand(RESTORE, both, by="mona", is_dry=False)
    del both.steps["backups.age!"]
    both.clock.advance(11 * MINUTE)
    assert run_due_jobs(both) == 2


def test_E80_a_run_by_hand_leaves_the_due_one_to_come(shop):
    shop.clock.set(THREE - MINUTE)
    shop.steps.taken.clear()
    forced = run_by_hand(BACKUPS, shop, by="mona", is_dry=False)
    assert (forced.by, forced.occurrence) == ("mona", None)
    shop.clock.set(THREE)
    assert run_due_jobs(shop) == 1
    assert [one.occurrence for one in history(shop.store, "backups")] == [THREE, None]


def test_a_dry_run_says_so_to_each_step_and_tells_nobody(shop):
    shop.steps["backups.age!"] = StepResult("", Verdict.FAIL, "three days old")
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
