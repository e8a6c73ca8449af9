"""Three years of the jobs of jobs.yaml by Cairo's calendar: each due run once, none beside another that it must not."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from shared.adapters.sqlite_state import SqliteState
from shared.config.loader import load
from shared.domain.jobs import Verdict, Where
from shared.domain.maintenance import Window
from shared.usecases.jobs.runs import history
from shared.usecases.window_records import window_write
from tests.unit.usecases.jobs.years import FUNCTIONS, Years

CAIRO = ZoneInfo("Africa/Cairo")
START, END = datetime(2026, 12, 1, 22, tzinfo=UTC), datetime(2029, 12, 1, 22, tzinfo=UTC)
PLANS = {plan.name: plan for plan in load().jobs}


def lived(path, plans, start, end, **how):
    years = Years(tuple(plans), SqliteState(path / "state.db"), start, end, **how)
    years.run()
    return years


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """Three years of the jobs that may stand in each other's way."""
    locks = Counter(lock for plan in PLANS.values() for lock in plan.locks)
    sharing = [plan for plan in PLANS.values() if any(locks[lock] > 1 for lock in plan.locks)]
    return lived(tmp_path_factory.mktemp("years"), sharing, START, END)


def runs(years, job):
    return [one for one in reversed(history(years.store, job, limit=10_000)) if one.is_over]


def check(years):
    """Each occurrence was run once, to its end, and nobody was told anything."""
    assert [body["title"] for _, body in years.bus.messages] == []
    for job, due in years.due.items():
        found = runs(years, job)
        assert [one.occurrence for one in found] == due[: len(found)]
        assert len(due) - len(found) <= 1, "the last may be going on"
        assert {one.verdict for one in found} <= {Verdict.PASS}
    assert set(Counter(years.taken).values()) == {1}, "no step has come to its end twice"
    assert years.killed, "instances ran into their timeout, and their runs went on"


def test_E78_every_occurrence_of_three_years_is_run_exactly_once_and_to_its_end(three):
    check(three)
    assert sum(map(len, three.due.values())) > 1_500


@pytest.mark.parametrize("change", ["2027-04-30", "2027-10-28"])
def test_E79_every_occurrence_of_the_days_around_a_clock_change_is_run_exactly_once(tmp_path, change):
    assert set(PLANS) == {name for names in FUNCTIONS.values() for name in names}
    day = datetime.fromisoformat(change).replace(tzinfo=UTC)
    check(lived(tmp_path, PLANS.values(), day - timedelta(days=5), day + timedelta(days=5)))


def test_no_two_runs_that_share_a_lock_are_ever_under_way_together(three):
    for lock in ("backups", "estate"):
        sharing = [plan.name for plan in PLANS.values() if lock in plan.locks]
        spans = sorted((one.started_at, one.finished_at, one.id) for job in sharing for one in runs(three, job))
        overlapping = [(one, other) for one, other in pairwise(spans) if other[0] < one[1]]
        assert overlapping == []


def test_none_is_starved_and_the_watch_has_nothing_to_say(three):
    late = {job: max(one.started_at - one.occurrence for one in runs(three, job)[1:]) for job in three.due}
    assert late["backup_verification"] <= timedelta(minutes=5)
    assert max(late.values()) < timedelta(hours=3)
    assert three.bus.messages == []


def test_E78_where_the_first_is_a_monday_the_jobs_of_one_morning_run_one_after_the_other_in_the_order_of_the_file(
    three,
):
    mornings = [
        day for day in three.due["system_audit"]
        if day in three.due["backup_integrity_test"]
    ]  # fmt: skip
    assert [f"{day.astimezone(CAIRO):%Y-%m-%d}" for day in mornings] == ["2027-02-01", "2027-03-01", "2027-11-01", "2028-05-01", "2029-01-01", "2029-10-01"]  # fmt: skip
    for morning in mornings:
        day = {
            one.job: one.started_at
            for job in ("backup_integrity_test", "system_audit", "performance_audit")
            for one in runs(three, job)
            if timedelta() <= one.occurrence - morning <= timedelta(hours=1)
        }
        assert sorted(day, key=day.__getitem__) == ["backup_integrity_test", "system_audit", "performance_audit"]


def test_jobs_that_keep_to_windows_begin_inside_or_outside_of_them_only(tmp_path):
    plans = [
        replace(PLANS["log_rotation"], where=Where.OUTSIDE),
        replace(PLANS["database_optimization"], where=Where.INSIDE),
    ]
    store = SqliteState(tmp_path / "state.db")
    start = datetime(2027, 1, 7, 2, 10, tzinfo=CAIRO).astimezone(UTC)
    nights = [datetime(2027, 1, 7, 1, 30, tzinfo=CAIRO) + timedelta(weeks=n) for n in range(9)]  # Thursdays
    opened = [
        Window(f"w{at:%m%d}", at.astimezone(UTC), (at + timedelta(hours=2)).astimezone(UTC), "x", "mona")
        for at in nights
    ]
    store.commit([window_write(one, None) for one in opened])
    years = Years(tuple(plans), store, start, start + timedelta(weeks=8))
    years.run()
    check(years)
    inside, outside = runs(years, "database_optimization"), runs(years, "log_rotation")
    assert len(inside) == 9
    assert len(outside) == 56
    assert all(any(one.is_open_at(run.started_at) for one in opened) for run in inside)
    assert not any(one.is_open_at(run.started_at) for one in opened for run in outside)
    waited = [run for run in outside if run.started_at - run.occurrence > timedelta(minutes=5)]
    assert len(waited) == 8
