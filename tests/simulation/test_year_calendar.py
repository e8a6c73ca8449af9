"""The oracle's own calendar: Egypt's nights and turns of duty, and what cron lines name, around both clock changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from infra.local.year.oracle.cairo import ZONE, end_of_night, instant, occurrences
from infra.local.year.oracle.lives import ladder_of
from infra.local.year.oracle.rota import Rota, Taken
from shared.config.loader import load
from shared.domain.severities import Severity

CONFIG = load()
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
EVENING, MORNING = time(22), time(7)
FORWARD, BACK = date(2027, 4, 30), date(2026, 10, 30)  # the first days of another offset


def local(at):
    return f"{at.astimezone(ZONE):%a %d %b %H:%M}"


def on(cron, day, days=1):
    start = instant(day, time())
    return [local(at) for at in occurrences(cron, start - HOUR, start + days * timedelta(hours=24) - HOUR)]


def test_a_time_that_does_not_exist_comes_at_the_end_of_the_gap():
    assert local(instant(FORWARD, time(0, 30))) == "Fri 30 Apr 01:00"


def test_a_time_that_exists_twice_comes_the_first_time():
    assert instant(date(2026, 10, 29), time(23, 30)) == datetime(2026, 10, 29, 20, 30, tzinfo=UTC)


def test_a_job_at_midnight_comes_once_where_the_clocks_jump_over_midnight():
    assert on("0 0,4 * * *", FORWARD) == ["Fri 30 Apr 01:00", "Fri 30 Apr 04:00"]
    assert on("0 0,4 * * *", BACK) == ["Fri 30 Oct 00:00", "Fri 30 Oct 04:00"]


@pytest.mark.parametrize(
    ("cron", "first"),
    [
        ("0 5 * * MON#1", "Mon 07 Dec 05:00"),
        ("0 5 * * TUE#2", "Tue 08 Dec 05:00"),
        ("0 8 * * FRI", "Fri 04 Dec 08:00"),
        ("0 8 * * 0", "Sun 06 Dec 08:00"),
        ("0 5 1 * *", "Tue 01 Dec 05:00"),
    ],
)
def test_a_cron_line_names_its_day(cron, first):
    assert on(cron, date(2026, 12, 1), days=14)[0] == first


@pytest.mark.parametrize(
    ("evening", "hours"), [(date(2026, 12, 1), 9), (date(2027, 4, 29), 8), (date(2026, 10, 29), 10)]
)
def test_a_night_lasts_as_long_as_egypts_clock_says(evening, hours):
    begins = instant(evening, EVENING)
    assert end_of_night(begins, EVENING, MORNING) - begins == hours * HOUR
    assert end_of_night(begins - MINUTE, EVENING, MORNING) is None


def test_a_duty_changes_on_sunday_at_nine_and_what_was_taken_over_wins_until_it_is_given_back():
    rota = Rota(CONFIG.directory)
    sunday = instant(date(2026, 11, 1), time(9))
    before, after = (rota.on_call("primary", at) for at in (sunday - MINUTE, sunday))
    assert before != after
    rota.taken.append(Taken("primary", "hana", sunday, sunday + 9 * HOUR))
    assert rota.on_call("primary", sunday) == "hana"
    rota.give_back("primary", sunday + 8 * HOUR, sunday + HOUR)
    assert [rota.on_call("primary", sunday + hour * HOUR) for hour in (0, 1)] == ["hana", after]


def test_a_chain_is_climbed_at_its_policys_times_to_its_last_resort():
    ladder, at, told = ladder_of(CONFIG, "uptime", Severity.CRITICAL), datetime(2026, 12, 1, tzinfo=UTC), []
    ladder.start(at)
    while ladder.next_at is not None:
        told.append((int((ladder.next_at - at) / MINUTE), ladder.level))
        ladder.climb(ladder.next_at)
    assert told == [(5, 2), (15, 3), (25, 3), (35, 3), (45, 4)]


def test_a_policy_with_hours_waits_in_its_own_hours_alone():
    ladder = ladder_of(CONFIG, "support_live_chat", Severity.MEDIUM)
    ladder.start(instant(date(2026, 12, 1), time(20, 58)))
    assert local(ladder.next_at) == "Wed 02 Dec 09:03"
