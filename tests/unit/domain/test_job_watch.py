"""What is missed: what has had its chance. What waits for a lock, a window or its function's next wake is not."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.job_watch import Chance, Say, Watched, looked, missed
from shared.domain.jobs import JobPlan, Run, Where

DUE = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
NEXT = DUE + timedelta(days=1)
FREE = JobPlan("health", "0 3 * * *", ("look",), timedelta(minutes=10))
LOCKED = JobPlan("backups", "0 3 * * *", ("look",), timedelta(minutes=50), ("store",))
INSIDE = JobPlan("tidy", "0 3 * * *", ("look",), where=Where.INSIDE)
ALWAYS = Chance(DUE - timedelta(days=1))
NEVER = Chance(None)


def late(**time):
    return DUE + timedelta(**time)


@pytest.mark.parametrize(
    ("plan", "unanswered", "chance", "now", "expected"),
    [
        (FREE, [], ALWAYS, late(days=9), None),
        (FREE, [DUE], ALWAYS, late(minutes=30), None),
        (FREE, [DUE], ALWAYS, late(minutes=31), DUE),
        (FREE, [DUE], Chance(late(minutes=20)), late(minutes=45), None),
        (FREE, [DUE], Chance(late(minutes=20)), late(minutes=51), DUE),
        (FREE, [DUE, NEXT], ALWAYS, late(days=1, minutes=1), DUE),
        (LOCKED, [DUE], ALWAYS, late(minutes=89), None),
        (LOCKED, [DUE], ALWAYS, late(minutes=91), DUE),
        (LOCKED, [DUE], NEVER, late(hours=5), None),
        (INSIDE, [DUE], NEVER, late(hours=23), None),
        (INSIDE, [DUE, NEXT], NEVER, late(hours=24), DUE),
        (INSIDE, [DUE], Chance(late(hours=2)), late(hours=2, minutes=31), DUE),
    ],
)
def test_a_job_is_missed_once_it_has_had_its_chance(plan, unanswered, chance, now, expected):
    assert missed(plan, unanswered, None, chance, now=now) == expected


def test_a_run_that_began_is_missed_when_it_is_long_past_its_budget_and_has_not_ended():
    run = Run("health", DUE, DUE, late(minutes=10))
    assert missed(FREE, [], run, ALWAYS, now=late(minutes=40)) is None
    assert missed(FREE, [], run, ALWAYS, now=late(minutes=41)) == DUE


def test_what_is_missed_is_told_at_the_second_look_once_and_taken_back_once():
    known, said = Watched(DUE), []
    for found in (None, NEXT, NEXT, NEXT, None, None, NEXT, None):
        known, say = looked(known, found)
        said.append(say)
    quiet = Say.NOTHING
    assert said == [quiet, quiet, Say.MISSED, quiet, Say.OVER, quiet, quiet, quiet]
