"""How the burden is counted and when it is unevenly shared."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.fairness import Load, loads, overloaded, whole_cycles
from shared.domain.oncall import Directory, Layer, Override, Person, Rotation
from shared.domain.wallclock import Hours

FIRST = date(2026, 1, 4)
SUNDAY = datetime(2026, 3, 8, 7, tzinfo=UTC)  # 09:00 in Cairo
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


def directory(*people, turn=WEEK, layers=(), overrides=()):
    everybody = {name: Person(name, name) for name in "abcdefgh"}
    rotation = Rotation("primary", Layer(people, FIRST, turn=turn), layers)
    return Directory(everybody, {}, {"primary": rotation}, "a", overrides)


def test_a_week_has_63_hours_of_night_and_48_of_week_end():
    found = loads(directory("a", "b"), SUNDAY, SUNDAY + WEEK)
    assert found == {"b": Load(168 * HOUR, 63 * HOUR, 48 * HOUR), "a": Load()}


def test_nights_and_week_ends_are_those_of_the_layer_s_own_clock():
    west = Layer(("c",), FIRST, timezone="America/New_York", hours=Hours(time(16), time(0)))
    found = loads(directory("a", layers=(west,)), SUNDAY + DAY, SUNDAY + 2 * DAY)
    assert found["c"] == Load(8 * HOUR, 2 * HOUR)


def test_who_stands_in_carries_the_load_and_who_is_relieved_does_not():
    swap = Override("primary", "h", SUNDAY, SUNDAY + DAY)
    found = loads(directory("a", "b", overrides=(swap,)), SUNDAY, SUNDAY + WEEK)
    assert (found["h"].total, found["b"].total) == (24 * HOUR, 144 * HOUR)


def test_a_gap_is_nobody_s_load():
    hole = Override("primary", None, SUNDAY, SUNDAY + WEEK)
    assert set(loads(directory("a", "b", overrides=(hole,)), SUNDAY, SUNDAY + WEEK).values()) == {Load()}


@pytest.mark.parametrize(
    ("people", "turn", "days"), [("ab", WEEK, 56), ("abc", WEEK, 63), ("abcdefg", WEEK, 98), ("ab", DAY, 56)]
)
def test_what_is_compared_is_whole_cycles_so_that_nobody_looks_worse_for_being_first(people, turn, days):
    found = directory(*people, turn=turn)
    length = whole_cycles(found, "primary")
    assert length == days * DAY
    assert len({round(load.total / DAY) for load in loads(found, SUNDAY, SUNDAY + length).values()}) == 1
    assert overloaded(loads(found, SUNDAY, SUNDAY + length)) == ()


def test_somebody_named_too_often_has_too_much():
    found = directory("a", "a", "a", "b", "c", "d")
    assert {kind for person, kind in overloaded(loads(found, SUNDAY, SUNDAY + 12 * WEEK)) if person == "a"} == {
        "hours",
        "nights",
        "week-ends",
    }
    assert {person for person, _ in overloaded(loads(found, SUNDAY, SUNDAY + 12 * WEEK))} == {"a"}


def test_one_who_has_all_the_nights_is_named_for_the_nights():
    night = Layer(("c",), FIRST, hours=Hours(time(22), time(7)))
    found = overloaded(loads(directory("a", "b", layers=(night,)), SUNDAY, SUNDAY + 8 * WEEK))
    assert ("c", "nights") in found
    assert ("c", "hours") not in found


@settings(deadline=None)
@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=4).map(tuple), st.integers(1, 60))
def test_together_people_carry_exactly_the_time(people, days):
    found = loads(replace(directory(*people)), SUNDAY, SUNDAY + days * DAY)
    assert sum((load.total for load in found.values()), timedelta(0)) == days * DAY
    assert all(load.nights <= load.total for load in found.values())
