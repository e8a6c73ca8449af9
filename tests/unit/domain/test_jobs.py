"""Jobs: when one begins, goes on, waits or is over, and what its result is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.jobs import (
    JobPlan,
    Next,
    Run,
    StepResult,
    Verdict,
    Where,
    ended,
    left_of,
    next_of,
    with_result,
)

DUE = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PLAN = JobPlan("backup_verification", "0 3 * * *", ("presence", "age", "read_back"), timedelta(minutes=20), ("store",))


def run(occurrence=DUE, *, started=DUE, lease=5, **changes):
    return replace(Run(PLAN.name, occurrence, started, started + lease * MINUTE), **changes)


def decided(newest=None, *, now=DUE, plan=PLAN, held=(), in_window=False):
    return next_of(plan, DUE, newest, now=now, held=held, in_window=in_window)


def test_what_is_due_begins_once():
    assert decided() is Next.BEGIN
    assert decided(run(DUE - timedelta(days=1), finished_at=DUE)) is Next.BEGIN
    assert decided(run(finished_at=DUE + MINUTE), now=DUE + timedelta(hours=3)) is Next.DONE


def test_a_fresh_installation_does_not_catch_up_what_came_due_before_it():
    day = timedelta(days=1)
    assert decided(now=DUE + day) is Next.BEGIN
    assert decided(now=DUE + day + MINUTE) is Next.DONE
    assert decided(run(DUE - 31 * day, finished_at=DUE), now=DUE + 3 * day) is Next.BEGIN


def test_a_run_that_was_cut_off_goes_on_when_its_lease_is_over_until_its_budget_is():
    assert decided(run(), now=DUE + 4 * MINUTE) is Next.RUNNING
    assert decided(run(), now=DUE + 5 * MINUTE) is Next.RESUME
    assert decided(run(), now=DUE + 20 * MINUTE) is Next.OVERDUE


def test_jobs_that_share_a_lock_wait_for_each_other_and_no_job_for_itself():
    assert decided(held={"store"}) is Next.LOCKED
    assert decided(held={"other"}) is Next.BEGIN


@pytest.mark.parametrize(
    ("where", "in_window", "said"),
    [
        (Where.INSIDE, True, Next.BEGIN),
        (Where.INSIDE, False, Next.WINDOW),
        (Where.OUTSIDE, True, Next.WINDOW),
        (Where.OUTSIDE, False, Next.BEGIN),
        (Where.ANYWHERE, True, Next.BEGIN),
    ],
)
def test_a_job_keeps_to_its_windows(where, in_window, said):
    assert decided(plan=replace(PLAN, where=where), in_window=in_window) is said


def test_E80_a_run_by_hand_has_a_name_of_its_own_and_swallows_no_due_one():
    forced = run(None, started=DUE - MINUTE, by="mona", finished_at=DUE)
    assert forced.id != run().id
    assert forced.id.endswith("-by-hand")
    assert decided(newest=None) is Next.BEGIN  # the newest *due* run: there is none


def test_a_run_goes_on_with_what_has_no_result_and_says_the_worst_of_what_it_found():
    begun = with_result(run(), StepResult("presence", Verdict.PASS), lease_until=DUE + 9 * MINUTE)
    assert left_of(PLAN, begun) == ("age", "read_back")
    assert begun.lease_until == DUE + 9 * MINUTE
    begun = with_result(begun, StepResult("age", Verdict.WARN, "26 h old"), lease_until=DUE + 9 * MINUTE)
    assert begun.verdict is Verdict.WARN
    skipped = with_result(run(), StepResult("presence", Verdict.SKIPPED, "no bucket"), lease_until=DUE)
    assert skipped.verdict is Verdict.SKIPPED


def test_what_a_run_did_not_get_to_has_failed():
    over = ended(PLAN, with_result(run(), StepResult("presence", Verdict.PASS), lease_until=DUE), DUE + 20 * MINUTE)
    assert over.is_over
    assert over.verdict is Verdict.FAIL
    assert [(one.step, one.verdict) for one in over.results[1:]] == [("age", Verdict.FAIL), ("read_back", Verdict.FAIL)]
    assert "did not get here" in over.results[1].reason
    assert ended(PLAN, replace(over, finished_at=None), DUE).results == over.results
