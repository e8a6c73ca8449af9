"""What jobs' runs come to: the share of good backups, and ages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.job_success import age_points, backup_points, has_passed
from shared.domain.jobs import Run, StepResult, Verdict

NOW = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)
GOOD = StepResult("database", Verdict.PASS, evidence={"verified": 1, "broken": 0})
BAD = StepResult("configuration", Verdict.FAIL, evidence={"verified": 1, "broken": 1})


def run(*results, **changes):
    made = Run("backup_verification", NOW, NOW, NOW, results=results, finished_at=NOW + timedelta(minutes=5))
    return replace(made, **changes)


def counted(*results, **changes):
    return [(one.count, one.bad) for one in backup_points([run(*results, **changes)])]


def test_E84_each_backup_counts_as_good_or_as_broken():
    assert counted(GOOD, BAD) == [(2, 1)]


def test_E84_a_step_that_looked_at_several_counts_each():
    assert counted(StepResult("files", Verdict.FAIL, evidence={"verified": 3, "broken": 2})) == [(3, 2)]


def test_E84_a_step_that_could_not_look_counts_as_broken():
    assert counted(GOOD, StepResult("warehouse", Verdict.FAIL, "QueryError", raised=True)) == [(2, 1)]


@pytest.mark.parametrize("one", [replace(GOOD, verdict=Verdict.SKIPPED), replace(GOOD, step="recovery")])
def test_E84_what_was_skipped_or_is_no_backup_counts_for_nothing(one):
    assert counted(one) == []


@pytest.mark.parametrize("changes", [{"is_dry": True}, {"finished_at": None}])
def test_E84_dry_and_unfinished_runs_count_for_nothing(changes):
    assert counted(GOOD, **changes) == []


def test_E84_nights_come_oldest_first():
    nights = [run(GOOD, started_at=NOW - timedelta(days=days)) for days in range(3)]
    assert [one.start for one in backup_points(nights)] == [NOW - timedelta(days=days) for days in (2, 1, 0)]


def test_E84_a_test_has_passed_when_nothing_of_it_failed_or_was_left_out():
    assert has_passed(run(GOOD, replace(GOOD, verdict=Verdict.WARN)))
    for bad in (run(), run(GOOD, BAD), run(GOOD, replace(GOOD, verdict=Verdict.SKIPPED)), run(GOOD, is_dry=True)):
        assert not has_passed(bad)
    assert not has_passed(run(GOOD, finished_at=None))


def test_E84_an_age_is_what_it_was_at_the_end_of_the_span():
    [point] = age_points(NOW, NOW + timedelta(days=2))
    assert (point.count, point.total) == (1, 2 * 86_400)
    assert point.start < NOW + timedelta(days=2)


@pytest.mark.parametrize("last", [None, NOW, NOW + timedelta(hours=1)])
def test_E84_what_never_was_by_then_has_no_age(last):
    assert age_points(last, NOW) == ()
