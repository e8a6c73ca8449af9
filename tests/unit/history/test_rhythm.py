"""When people are there."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from infra.local.history.rhythm import CAIRO, activity, is_ramadan, weather
from infra.local.history.spans import minutes


def at(day: str, hour: int, minute: int = 0) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=CAIRO).astimezone(UTC)


def total(day: str, first: int, last: int) -> float:
    """The activity of the hours first..last, one look a quarter."""
    return sum(activity(at(day, hour, quarter)) for hour in range(first, last + 1) for quarter in (0, 15, 30, 45))


def test_evenings_are_ten_times_as_busy_as_the_hours_before_dawn():
    assert total("2026-05-12", 20, 22) > 10 * total("2026-05-12", 3, 5)


def test_friday_noon_lies_below_thursday_noon_and_friday_evening_does_not():
    assert total("2026-05-15", 11, 13) < 0.6 * total("2026-05-14", 11, 13)
    assert total("2026-05-15", 20, 22) > total("2026-05-14", 20, 22)


def test_saturday_begins_late():
    assert total("2026-05-16", 7, 9) < 0.8 * total("2026-05-14", 7, 9)


def test_ramadan_moves_the_day_into_the_night():
    fasting, ordinary = "2026-03-03", "2026-05-12"
    assert total(fasting, 9, 17) < 0.7 * total(ordinary, 9, 17)
    assert total(fasting, 0, 2) > 1.8 * total(ordinary, 0, 2)
    assert activity(at(fasting, 18)) < 0.5 * activity(at(fasting, 17)) + 0.5 * activity(at(fasting, 21))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 2, 28), False),
        (date(2025, 3, 1), True),
        (date(2026, 2, 18), False),
        (date(2026, 2, 19), True),
        (date(2026, 3, 19), True),
        (date(2026, 3, 20), False),
        (date(2027, 2, 20), True),
        (date(2028, 2, 10), True),
    ],
)
def test_ramadan_is_known_by_its_dates(day, expected):
    assert is_ramadan(day) is expected


def test_an_ordinary_week_averages_one():
    week = list(minutes(at("2026-05-10", 0), at("2026-05-17", 0)))
    assert sum(map(activity, week)) / len(week) == pytest.approx(1.0, abs=0.05)


def test_the_same_wall_clock_is_as_busy_in_summer_time_as_before_it():
    # Egypt's clocks went forward on Friday, 24 April 2026 at 0:00
    winter, summer = at("2026-04-21", 21), at("2026-04-28", 21)
    assert (winter.hour, summer.hour) == (19, 18)
    assert activity(winter) == activity(summer)


@pytest.mark.parametrize(("day", "hours"), [("2026-10-29", 25), ("2026-04-24", 23), ("2026-05-12", 24)])
def test_a_day_of_25_hours_has_25_hours_of_minutes_and_one_of_23_has_23(day, hours):
    # Egypt's clocks go forward on Friday, 24 April 2026 at 0:00, and back at the end of Thursday, 29 October 2026
    begins = datetime.fromisoformat(day).replace(tzinfo=CAIRO)
    span = list(minutes(begins, begins + timedelta(days=1)))  # wall-clock arithmetic: the next midnight in Cairo
    assert len(set(span)) == len(span) == hours * 60
    assert all(minute.tzinfo is UTC for minute in span)
    assert {minute.astimezone(CAIRO).date() for minute in span} == {begins.date()}


def test_a_span_has_the_whole_minutes_that_begin_in_it():
    span = minutes(datetime(2026, 5, 12, 12, 0, 1, tzinfo=UTC), datetime(2026, 5, 12, 12, 2, 1, tzinfo=UTC))
    assert [minute.minute for minute in span] == [1, 2]


def test_there_is_no_jump_from_one_minute_to_the_next():
    span = list(minutes(at("2026-02-17", 0), at("2026-02-22", 0)))
    levels = [activity(minute) for minute in span]
    assert max(abs(later - now) for now, later in pairwise(levels)) < 0.03


def test_weather_is_a_mild_factor_around_one_and_the_same_each_time():
    hours = [at("2026-05-01", 0) + timedelta(hours=n) for n in range(1_000)]
    factors = [weather(7, hour) for hour in hours]
    assert 0.95 < sum(factors) / len(factors) < 1.05
    assert (0.6 < min(factors) < 0.9, 1.1 < max(factors) < 1.5) == (True, True)
    assert factors[:10] == [weather(7, hour) for hour in hours[:10]]
    assert factors[:10] != [weather(8, hour) for hour in hours[:10]]
