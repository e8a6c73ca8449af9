"""Quiet hours across midnight, the two nights on which Cairo's clocks change, and a Friday that sleeps longer."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.quiet_hours import QuietHours, QuietSpan

CAIRO = ZoneInfo("Africa/Cairo")
NIGHT = QuietSpan(time(22), time(7))
NIGHTS = QuietHours((NIGHT,))
FRIDAY = QuietHours((NIGHT, QuietSpan(time(7), time(10), frozenset({4}))))


def cairo(text):
    return datetime.fromisoformat(text).replace(tzinfo=CAIRO).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-03-10T21:59", None),
        ("2026-03-10T22:00", "2026-03-11T07:00"),
        ("2026-03-10T23:59", "2026-03-11T07:00"),
        ("2026-03-11T00:00", "2026-03-11T07:00"),
        ("2026-03-11T06:59", "2026-03-11T07:00"),
        ("2026-03-11T07:00", None),
        ("2026-03-11T12:00", None),
        ("2026-04-23T23:30", "2026-04-24T07:00"),  # the clock jumps at midnight: this night is an hour shorter
        ("2026-04-24T01:00", "2026-04-24T07:00"),
        ("2026-10-29T22:30", "2026-10-30T07:00"),  # an hour comes twice: this night is an hour longer
    ],
)
def test_E81_quiet_lasts_until_the_same_time_of_the_clock_whatever_the_night_does(at, until):
    assert NIGHTS.until(cairo(at)) == (cairo(until) if until else None)


def test_E81_the_nights_of_the_clock_changes_have_their_real_length():
    lengths = {
        day: NIGHTS.until(cairo(f"{day}T22:00")) - cairo(f"{day}T22:00")
        for day in ("2026-04-22", "2026-04-23", "2026-10-29")
    }
    assert [length / timedelta(hours=1) for length in lengths.values()] == [9, 8, 10]


def test_E81_the_hour_that_comes_twice_is_quiet_both_times():
    first = cairo("2026-10-29T23:30")
    assert NIGHTS.until(first) == NIGHTS.until(first + timedelta(hours=1)) == cairo("2026-10-30T07:00")


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-03-12T23:00", "2026-03-13T10:00"),  # Thursday night goes on into Friday's morning
        ("2026-03-13T08:00", "2026-03-13T10:00"),
        ("2026-03-13T10:00", None),
        ("2026-03-13T23:00", "2026-03-14T07:00"),
        ("2026-03-14T08:00", None),
    ],
)
def test_E81_a_friday_may_sleep_longer_and_spans_that_follow_on_each_other_are_one(at, until):
    assert FRIDAY.until(cairo(at)) == (cairo(until) if until else None)


@pytest.mark.parametrize(
    ("at", "ended"),
    [
        ("2026-03-13T07:30", "2026-03-12T07:00"),  # Friday's first end is none: the quiet goes on
        ("2026-03-13T10:00", "2026-03-13T10:00"),
        ("2026-03-14T06:59", "2026-03-13T10:00"),
        ("2026-03-14T07:00", "2026-03-14T07:00"),
    ],
)
def test_E81_a_digest_belongs_to_the_end_of_the_whole_quiet(at, ended):
    assert FRIDAY.ended(cairo(at)) == cairo(ended)


def test_quiet_that_never_ends_is_looked_at_again_after_a_week():
    always = QuietHours((QuietSpan(time(0), time(12)), QuietSpan(time(12), time(0))))
    at = cairo("2026-03-10T12:00")
    assert always.until(at) - at <= timedelta(days=9)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 - aware by timezones
def test_every_instant_is_in_quiet_that_ends_later_or_in_none(at):
    until = FRIDAY.until(at)
    assert until is None or (until > at and FRIDAY.until(until) is None and FRIDAY.ended(until) == until)
