"""Capacity forecasts against series whose end is known: slopes, noise, weeks, outliers, and how often they are right."""

from math import sqrt
from random import Random

import pytest

from shared.domain.capacity import Room, exhaustion
from shared.domain.trends import LEAST_DAYS

LIMIT = 1_000.0
AWAY = 100  # days from the last measured day until the line is at the limit
NINTH_DECILE = 1.2816  # of a standard normal


def line(days, slope=1.0, at_end=LIMIT - AWAY):
    return {day: at_end - slope * (days - 1 - day) for day in range(days)}


def noisy(values, seed, *, sd=3.0, kept=0.0, outliers=0.0):
    chance, now, found = Random(seed), 0.0, {}
    now = chance.gauss(0, sd)
    for day, value in values.items():
        now = kept * now + sqrt(1 - kept**2) * chance.gauss(0, sd)
        far = chance.choice((-60, 60)) if chance.random() < outliers else 0
        found[day] = value + now + far
    return found


@pytest.mark.parametrize("slope", [0.25, 0.5, 1.0, 3.0])
def test_a_straight_line_is_at_the_limit_on_the_very_day(slope):
    found = exhaustion(line(30, slope), LIMIT)
    assert found.growth == pytest.approx(slope)
    expected = AWAY / slope
    if expected > 365:
        assert (found.early, found.likely, found.late) == (None, None, None)
    else:
        assert found.early == found.likely == found.late == pytest.approx(expected, abs=1)


def test_what_does_not_grow_is_never_full():
    for values in (line(40, 0), line(40, -1), noisy(line(60, 0, at_end=500), 1), noisy(line(60, -2), 2)):
        found = exhaustion(values, LIMIT)
        assert (found.likely, found.late) == (None, None)
        assert found.room is Room.PLENTY


def test_what_is_over_its_limit_is_so_now():
    found = exhaustion(noisy(line(30, 1, at_end=LIMIT + 50), 4), LIMIT)
    assert (found.early, found.likely) == (0, 0)
    assert found.room is Room.NONE


def test_two_weeks_are_needed_and_a_day_less_says_nothing():
    assert exhaustion(line(LEAST_DAYS), LIMIT) is not None
    assert exhaustion(line(LEAST_DAYS - 1), LIMIT) is None


def test_days_too_far_apart_say_nothing():
    assert exhaustion({day * 5: float(day) for day in range(20)}, LIMIT) is None
    assert exhaustion({day * 30: float(day) for day in range(12)}, LIMIT) is None


def test_days_that_were_not_measured_do_not_bend_the_line():
    values = {day: value for day, value in line(40).items() if day % 9}
    assert exhaustion(values, LIMIT).likely == pytest.approx(AWAY, abs=1)


def test_the_rhythm_of_the_week_is_no_trend():
    fridays = {day: value + (80 if day % 7 == 5 else 0) for day, value in line(31, 0, at_end=500).items()}
    found = exhaustion(fridays, LIMIT)
    assert found.growth == 0
    assert (found.early, found.late) == (None, None)


def test_busy_days_count_not_usual_ones():
    fridays = {day: value + (40 if day % 7 == 5 else 0) for day, value in line(42).items()}
    assert exhaustion(fridays, LIMIT).likely == pytest.approx(AWAY - 40, abs=1)


def test_a_few_mad_days_move_neither_the_line_nor_the_date():
    values = line(42) | {5: 9_000.0, 17: 0.0, 30: 7_500.0}
    found = exhaustion(values, LIMIT)
    assert found.growth == pytest.approx(1, abs=0.02)
    assert found.likely == pytest.approx(AWAY, abs=4)


def test_a_single_step_is_no_certainty():
    """Most days are the same, so their median deviation is nothing; the step says that something may come."""
    stepped = {day: 500.0 if day < 20 else 700.0 for day in range(40)}
    found = exhaustion(stepped, LIMIT)
    assert found.early is not None
    assert found.late is None


def share_inside(days, *, kept=0.0, outliers=0.0, seeds=150):
    """How often the day on which a busy day reaches the limit lies in the interval."""
    true, inside = AWAY - 3 * NINTH_DECILE, 0
    for seed in range(seeds):
        found = exhaustion(noisy(line(days), seed, kept=kept, outliers=outliers), LIMIT)
        early, late = (10_000 if one is None else one for one in (found.early, found.late))
        inside += early <= true <= late
    return inside / seeds


@pytest.mark.parametrize(
    ("days", "kept", "outliers", "least"),
    [
        (14, 0, 0, 0.82),
        (21, 0, 0, 0.84),
        (30, 0, 0, 0.84),
        (60, 0, 0, 0.85),
        (30, 0, 0.07, 0.84),
        (30, 0.5, 0, 0.84),
        (60, 0.8, 0, 0.88),
    ],
)
def test_the_interval_holds_the_day_about_nine_times_in_ten(days, kept, outliers, least):
    assert least <= share_inside(days, kept=kept, outliers=outliers) <= 0.99


@pytest.mark.parametrize("away", [15, AWAY])
def test_what_accumulates_is_less_sure_than_what_scatters(away):
    """A sum of growths keeps every deviation: the interval has to know that, and still hold the day."""
    inside = 0
    for seed in range(150):
        chance, value, values = Random(seed), 0.0, {}
        for day in range(60):
            value += chance.gauss(1, 2)
            values[day] = value
        limit, ahead = value + away, 0
        found = exhaustion(values, limit)
        while value < limit:
            value, ahead = value + chance.gauss(1, 2), ahead + 1
        early, late = (10_000 if one is None else one for one in (found.early, found.late))
        inside += early <= ahead <= late
    assert 0.8 <= inside / 150 <= 0.98


def test_the_early_end_decides_how_much_room_there_is():
    for at_end, room in ((LIMIT - 20, Room.NONE), (LIMIT - 60, Room.LITTLE), (LIMIT - 95, Room.PLENTY)):
        assert exhaustion(line(30, 1, at_end), LIMIT).room is room


def test_more_days_of_the_same_make_it_surer():
    widths = []
    for days in (30, 60, 90):
        found = exhaustion(noisy(line(days), 3), LIMIT)
        widths.append(found.late - found.early)
    assert widths == sorted(widths, reverse=True)
