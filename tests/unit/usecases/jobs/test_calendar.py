"""When jobs are due, in Egypt's time, over its clock changes and the odd months."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from shared.config.loader import load
from shared.usecases.jobs.calendar import coming, last_due

CAIRO = ZoneInfo("Africa/Cairo")


def cairo(*at):
    return datetime(*at, tzinfo=CAIRO)


def days(cron, since, until):
    return [f"{at.astimezone(CAIRO):%m-%d %H:%M}" for at in coming(cron, since, until)]


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 5 * * MON#1", ["06-01 05:00", "07-06 05:00", "08-03 05:00"]),  # June 2026 begins with a Monday
        ("0 5 * * TUE#2", ["06-09 05:00", "07-14 05:00", "08-11 05:00"]),
        ("0 5 1 * *", ["06-01 05:00", "07-01 05:00", "08-01 05:00"]),
        ("0 5 31 * *", ["05-31 05:00", "07-31 05:00"]),
    ],
)
def test_E78_first_mondays_second_tuesdays_and_days_of_the_month(cron, expected):
    assert days(cron, cairo(2026, 5, 30), cairo(2026, 8, 20)) == expected


def test_E78_three_jobs_may_fall_on_one_morning():
    at = cairo(2026, 6, 1, 6, 30)  # the first, a Monday
    assert {f"{last_due(cron, at):%m-%d}" for cron in ("0 5 1 * *", "0 5 * * MON#1", "0 6 * * MON")} == {"06-01"}


def test_E78_the_29th_of_february_comes_every_four_years():
    assert days("0 2 29 2 *", cairo(2026, 1, 1), cairo(2029, 1, 1)) == ["02-29 02:00"]


def test_E79_a_time_that_does_not_exist_comes_once_at_the_end_of_the_gap():
    assert days("30 0 * * *", cairo(2026, 4, 23, 12), cairo(2026, 4, 25, 12)) == ["04-24 01:00", "04-25 00:30"]


def test_E79_a_time_that_exists_twice_comes_once():
    assert days("30 23 * * *", cairo(2026, 10, 29, 12), cairo(2026, 10, 30, 12)) == ["10-29 23:30"]


def test_E79_every_four_hours_has_no_hole_of_two_turns_on_either_day():
    for since in (cairo(2026, 4, 23, 2), cairo(2026, 10, 29, 2)):
        turns = list(coming("0 0,4,8,12,16,20 * * *", since.astimezone(UTC), since.astimezone(UTC) + timedelta(days=3)))
        gaps = [later - earlier for earlier, later in pairwise(turns)]
        assert max(gaps) <= timedelta(hours=5)
        assert min(gaps) >= timedelta(hours=3)


def test_what_was_due_last_is_found_from_any_moment():
    assert last_due("0 3 * * *", cairo(2026, 3, 10, 3, 0)) == cairo(2026, 3, 10, 3, 0)
    assert last_due("0 3 * * *", cairo(2026, 3, 10, 2, 59)) == cairo(2026, 3, 9, 3, 0)
    assert last_due("30 0 * * *", cairo(2026, 4, 24, 9, 0)) == cairo(2026, 4, 24, 1, 0)


@pytest.mark.parametrize(
    "cron",
    [*(plan.at for plan in load().jobs), "30 0 * * *", "0 0 * * *", "30 23 * * *", "30 23 * * THU", "0 2 29 2 *"],
)
@pytest.mark.parametrize("noon", [cairo(2026, 4, 23, 12), cairo(2026, 10, 29, 12), cairo(2028, 2, 28, 12)])
def test_E79_from_every_wake_around_a_clock_change_what_was_due_last_is_the_newest_that_has_come(cron, noon):
    since = noon.astimezone(UTC)
    came = list(coming(cron, since - timedelta(days=40), since + timedelta(days=2)))
    for wake in (since + timedelta(minutes=5) * n for n in range(12 * 36)):
        expected = max((at for at in came if at <= wake), default=None)
        assert expected is None or last_due(cron, wake) == expected
