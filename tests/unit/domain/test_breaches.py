"""The clock of a breach, its code name, and what a stand-down takes."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.breaches import (
    Filing,
    Said,
    Standing,
    closed,
    declared,
    filing,
    reminder,
    reported,
    stand_down,
)
from shared.domain.code_names import as_typed, code_name
from tests.conftest import NIGHT

HOUR = timedelta(hours=1)


@pytest.fixture
def breach():
    return declared("INC-1", "mona", detected_at=NIGHT, now=NIGHT + 2 * HOUR)


def test_E88_the_72_hours_count_from_detection_and_not_from_the_declaration(breach):
    assert breach.regulator_at == NIGHT + 72 * HOUR
    assert breach.reminders == tuple(NIGHT + n * HOUR for n in (24, 48, 60, 70))
    assert breach.due_at == NIGHT + 24 * HOUR


def test_E88_each_reminder_is_due_once_and_then_the_deadline(breach):
    told, at = [], NIGHT
    while at < NIGHT + 90 * HOUR:
        at += timedelta(minutes=1)
        due = reminder(breach, at)
        if due:
            told.append((at - NIGHT, due.hours, due.is_overdue))
            breach = due.breach
    minute = timedelta(minutes=1)
    assert told == [(n * HOUR, n, False) for n in (24, 48, 60, 70)] + [(72 * HOUR + minute, 72, True)]
    assert breach.due_at is None


def test_a_late_declaration_tells_the_latest_reminder_alone():
    late = declared("INC-1", "mona", detected_at=NIGHT, now=NIGHT + 50 * HOUR)
    due = reminder(late, NIGHT + 50 * HOUR)
    assert due.hours == 48
    assert reminder(due.breach, NIGHT + 51 * HOUR) is None
    assert due.breach.due_at == NIGHT + 60 * HOUR


@given(st.lists(st.integers(1, 100 * 60), max_size=30))
def test_however_the_tick_comes_no_reminder_is_told_twice_and_the_last_is_never_lost(minutes):
    breach, told = declared("INC-1", "mona", detected_at=NIGHT, now=NIGHT), []
    for minute in [*sorted(minutes), 101 * 60]:
        due = reminder(breach, NIGHT + timedelta(minutes=minute))
        if due:
            told.append(due.hours)
            breach = due.breach
    assert len(told) == len(set(told))
    assert told[-1] == 72


def test_the_report_stops_the_clock_and_is_in_time_to_the_second(breach):
    in_time, said = reported(breach, "omar", NIGHT + 72 * HOUR)
    assert said is Said.REPORTED
    assert filing(in_time, NIGHT + 90 * HOUR) is Filing.IN_TIME
    assert reminder(in_time, NIGHT + 90 * HOUR) is None
    late, _ = reported(breach, "omar", NIGHT + 72 * HOUR + timedelta(seconds=1))
    assert filing(late, NIGHT + 90 * HOUR) is Filing.LATE
    assert reported(late, "omar", NIGHT + 99 * HOUR) == (late, Said.REPORTED_BEFORE)


def test_without_a_report_it_is_overdue_after_72_hours(breach):
    assert filing(breach, NIGHT + 72 * HOUR) is Filing.RUNNING
    assert filing(breach, NIGHT + 72 * HOUR + timedelta(seconds=1)) is Filing.OVERDUE


def test_a_stand_down_takes_a_reason_and_two_persons(breach):
    assert stand_down(breach, "mona", " ", NIGHT)[1] is Said.NO_REASON
    asked, said = stand_down(breach, "mona", "our own deployment", NIGHT)
    assert said is Said.ASKED
    assert stand_down(asked, "mona", "", NIGHT) == (asked, Said.SAME_PERSON)
    over, said = stand_down(asked, "omar", "", NIGHT)
    assert said is Said.STOOD_DOWN
    assert (over.standing, over.reason, over.ended_by, over.due_at) == (
        Standing.STOOD_DOWN,
        "our own deployment",
        "omar",
        None,
    )
    assert stand_down(over, "omar", "", NIGHT)[1] is Said.NOT_OPEN


def test_while_a_stand_down_waits_for_its_second_person_the_clock_runs_on(breach):
    asked, _ = stand_down(breach, "mona", "our own deployment", NIGHT)
    assert reminder(asked, NIGHT + 24 * HOUR).hours == 24


def test_nothing_is_closed_before_the_regulator_has_the_report(breach):
    assert closed(breach, "mona", NIGHT) == (breach, Said.NOT_REPORTED)
    told, _ = reported(breach, "mona", NIGHT)
    assert closed(told, "mona", NIGHT)[0].standing is Standing.CLOSED


def test_a_code_name_follows_from_the_id_and_has_an_arabic_twin():
    names = {code_name(f"INC-20260310-{n:08x}") for n in range(3_000)}
    assert code_name("INC-1") == code_name("INC-1")
    assert len(names) > 900
    assert len({name.en for name in names}) == len({name.ar for name in names}) == len(names)
    assert all(name.en.isascii() and name.en.isupper() and not name.ar.isascii() for name in names)


def test_a_code_name_may_be_typed_as_it_comes():
    assert as_typed("amber-heron") == as_typed(" Amber  Heron") == as_typed("AMBER_HERON") == "AMBER HERON"
