"""Layers of turns by the clock: day and night shifts, week-ends, the sun, and Cairo's clock changes."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.domain.layers import Layer, changes, holder_at, turn_number, turn_start
from shared.domain.oncall import Directory, Override, Person, Rotation, duty_at, on_call_at, shifts, whole_shifts
from shared.domain.wallclock import Hours, instant_of, stretch

CAIRO = ZoneInfo("Africa/Cairo")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST = date(2026, 1, 4)
BY_DAY, BY_NIGHT = Hours(time(9), time(21)), Hours(time(21), time(9))


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def cairo(text):
    return datetime.fromisoformat(text).replace(tzinfo=CAIRO)


def directory(rotation, *overrides):
    people = {name: Person(name, name.title(), f"{name}@souk.example") for name in "abcdef"}
    return Directory(people, {}, {"primary": rotation}, "f", overrides)


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        ("2026-04-23T23:59", "2026-04-23T21:59:00"),
        ("2026-04-24T00:00", "2026-04-23T22:00:00"),  # does not exist: the clock goes on at 01:00
        ("2026-04-24T00:30", "2026-04-23T22:00:00"),
        ("2026-04-24T01:00", "2026-04-23T22:00:00"),
        ("2026-04-24T01:30", "2026-04-23T22:30:00"),
        ("2026-10-29T22:30", "2026-10-29T19:30:00"),
        ("2026-10-29T23:30", "2026-10-29T20:30:00"),  # twice: the first
        ("2026-10-30T00:00", "2026-10-29T22:00:00"),
    ],
)
def test_a_time_that_is_skipped_is_the_end_of_the_gap_and_of_two_the_first_counts(wall, instant):
    assert instant_of(datetime.fromisoformat(wall), CAIRO) == utc(instant)


@pytest.mark.parametrize(
    ("day", "hours", "length"),
    [
        (date(2026, 4, 23), Hours(time(), time()), 24),
        (date(2026, 4, 24), Hours(time(), time()), 23),
        (date(2026, 10, 29), Hours(time(), time()), 25),
        (date(2026, 4, 23), BY_NIGHT, 11),
        (date(2026, 10, 29), BY_NIGHT, 13),
        (date(2026, 3, 10), BY_NIGHT, 12),
        (date(2026, 4, 24), Hours(time(0, 15), time(0, 45)), 0),
    ],
)
def test_a_stretch_of_hours_is_as_long_as_the_clock_makes_it(day, hours, length):
    start, end = stretch(day, hours, CAIRO)
    assert end - start == length * HOUR


@pytest.mark.parametrize(
    ("turn", "handover", "at", "person"),
    [
        (12 * HOUR, time(9), "2026-04-23T20:59", "a"),
        (12 * HOUR, time(9), "2026-04-23T21:00", "b"),
        (12 * HOUR, time(9), "2026-04-24T08:59", "b"),  # the short night ends at nine all the same
        (12 * HOUR, time(9), "2026-04-24T09:00", "a"),
        (12 * HOUR, time(9), "2026-10-30T08:59", "b"),  # and so does the long one
        (12 * HOUR, time(9), "2026-10-30T09:00", "a"),
        (DAY, time(0, 0), "2026-04-23T23:59", "b"),
        (DAY, time(0, 0), "2026-04-24T01:00", "a"),  # midnight does not exist
        (DAY, time(23, 30), "2026-10-29T23:29", "b"),
        (DAY, time(23, 30), "2026-10-29T23:30", "a"),
        (DAY, time(23, 30), "2026-10-30T23:29", "a"),
    ],
)
def test_turns_of_days_and_of_parts_of_a_day_hand_over_by_the_wall_clock(turn, handover, at, person):
    assert holder_at(Layer(("a", "b"), FIRST, handover, turn), cairo(at)) == person


def test_in_the_hour_that_comes_twice_the_second_belongs_to_whoever_took_over_in_the_first():
    layer = Layer(("a", "b"), FIRST, time(23, 30), DAY)
    taken = holder_at(layer, utc("2026-10-29T20:30:00"))
    assert holder_at(layer, utc("2026-10-29T21:10:00")) == taken  # 23:10, for the second time
    assert holder_at(layer, utc("2026-10-29T20:29:59")) != taken


@pytest.mark.parametrize("turn", [5 * HOUR, 7 * HOUR, 36 * HOUR])
def test_other_lengths_are_counted_in_real_hours(turn):
    layer = Layer(("a", "b", "c"), FIRST, time(9), turn)
    numbers = [turn_number(layer, cairo(text)) for text in ("2026-04-20T12:00", "2026-10-25T12:00")]
    for first in numbers:
        starts = [turn_start(layer, first + n) for n in range(60)]
        assert {later - sooner for sooner, later in itertools.pairwise(starts)} == {turn}


@pytest.mark.parametrize(
    ("at", "person"),
    [
        ("2026-03-11T12:00", "a"),  # a Wednesday at noon: the base
        ("2026-03-11T21:00", "c"),  # its night
        ("2026-03-12T08:59", "c"),
        ("2026-03-12T09:00", "a"),
        ("2026-03-13T09:00", "d"),  # Friday by day
        ("2026-03-13T20:59", "d"),
        ("2026-03-13T21:00", "c"),  # Friday by night
        ("2026-03-15T09:00", "b"),  # Sunday: the base hands over
    ],
)
def test_the_strongest_layer_that_is_on_duty_answers(at, person):
    base = Layer(("a", "b"), FIRST)
    night = Layer(("c",), FIRST, hours=BY_NIGHT)
    weekend = Layer(("d",), FIRST, hours=BY_DAY, days=frozenset({4, 5}))
    found = on_call_at(directory(Rotation("primary", base, (night, weekend))), "primary", cairo(at))
    assert found in ({"a", "b"} if person in "ab" else {person})
    assert person not in "ab" or found != on_call_at(
        directory(Rotation("primary", base)), "primary", cairo(at) + timedelta(weeks=1)
    )


def test_days_are_those_on_which_the_hours_begin():
    layer = Layer(("a",), FIRST, hours=BY_NIGHT, days=frozenset({4}))
    instants = ["2026-03-13T20:59", "2026-03-13T21:00", "2026-03-14T08:59", "2026-03-14T21:00"]
    assert [holder_at(layer, cairo(text)) for text in instants] == [None, "a", "a", None]


def test_around_the_world_each_has_the_hours_of_their_own_day():
    nobody = Layer((), FIRST)
    east = Layer(("a",), FIRST, timezone="Asia/Dubai", hours=Hours(time(8), time(16)))
    home = Layer(("b",), FIRST, hours=Hours(time(15), time(22)))
    west = Layer(("c",), FIRST, timezone="America/New_York", hours=Hours(time(14), time(0, 30)))
    sun = directory(Rotation("primary", nobody, (east, home, west)))
    noon = utc("2026-06-10T00:00:00")
    spans = shifts(sun, "primary", noon, noon + 2 * DAY)
    assert [(span.person, (span.end - span.start) / HOUR) for span in spans[1:4]] == [
        ("a", 7.5),
        ("b", 6.0),
        ("c", 10.5),
    ]
    # Egypt puts its clock back and Dubai does not: the schedule shows the hole, it does not hide it.
    assert None in {
        span.person for span in shifts(sun, "primary", utc("2026-10-30T00:00:00"), utc("2026-11-01T00:00:00"))
    }


def test_E61_where_no_layer_is_on_duty_there_is_a_gap_of_exactly_that_length():
    office = Rotation("primary", Layer((), FIRST), (Layer(("a",), FIRST, hours=BY_DAY),))
    spans = shifts(directory(office), "primary", cairo("2026-03-10T09:00"), cairo("2026-03-11T09:00"))
    assert [(span.person, span.end - span.start) for span in spans] == [("a", 12 * HOUR), (None, 12 * HOUR)]


def test_an_override_stands_above_every_layer_and_its_edges_are_hand_overs():
    start, end = cairo("2026-03-10T22:00").astimezone(UTC), cairo("2026-03-11T02:00").astimezone(UTC)
    rotation = Rotation("primary", Layer(("a",), FIRST), (Layer(("b",), FIRST, hours=BY_NIGHT),))
    changed = directory(rotation, Override("primary", "c", start, end))
    assert duty_at(changed, "primary", start).person == "c"
    assert (duty_at(changed, "primary", start).start, duty_at(changed, "primary", start).end) == (start, end)
    people = [one.person for one in shifts(changed, "primary", start - 3 * HOUR, end + 12 * HOUR)]
    assert people == ["a", "b", "c", "b", "a"]


def test_whole_shifts_begin_and_end_where_the_duty_does():
    weekly = directory(Rotation("primary", Layer(("a", "b"), FIRST)))
    at = cairo("2026-03-10T12:00")
    (duty,) = whole_shifts(weekly, "primary", at, at + HOUR)
    assert (duty.start, duty.end) == (cairo("2026-03-08T09:00"), cairo("2026-03-15T09:00"))


NAMES = st.lists(st.sampled_from("abcde"), max_size=4).map(tuple)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
TURNS = st.sampled_from([1, 2, 5, 8, 12, 24, 36, 48, 168]).map(lambda n: n * HOUR)
ZONES = st.sampled_from(["Africa/Cairo", "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Dubai"])
HOURS = st.builds(Hours, TIMES, TIMES)
DAYS = st.frozensets(st.integers(0, 6), max_size=3)
FIRSTS = st.dates(date(2026, 1, 1), date(2026, 3, 1))
LAYERS = st.builds(Layer, NAMES, FIRSTS, TIMES, TURNS, ZONES, st.none() | HOURS, DAYS)
# Days on which clocks change, and others.
STARTS = st.sampled_from(["2026-03-08", "2026-04-23", "2026-10-04", "2026-10-29", "2026-11-01", "2026-06-01"]).map(utc)
MINUTES = st.integers(0, 3 * 24 * 60)


@st.composite
def schedules(draw):
    start = draw(STARTS)
    instants = st.integers(-1440, 4320).map(lambda n: start + n * timedelta(minutes=1))
    overrides = draw(
        st.lists(
            st.builds(Override, st.just("primary"), st.none() | st.sampled_from("abc"), instants, instants), max_size=3
        )
    )
    rotation = draw(st.builds(Rotation, st.just("primary"), LAYERS, st.lists(LAYERS, max_size=2).map(tuple)))
    return directory(rotation, *overrides), start


@settings(deadline=None)
@given(schedules(), MINUTES)
def test_duties_tile_the_time_line_and_agree_with_every_single_instant(schedule, minutes):
    found, start = schedule
    end = start + 3 * DAY
    spans = shifts(found, "primary", start, end)
    assert (spans[0].start, spans[-1].end) == (start, end)
    assert all(one.end == other.start for one, other in itertools.pairwise(spans))
    assert all(one.person != other.person for one, other in itertools.pairwise(spans))
    assert all(one.start < one.end for one in spans)
    at = start + min(minutes * timedelta(minutes=1), 3 * DAY - timedelta(seconds=1))
    (holding,) = [one for one in spans if one.start <= at < one.end]
    assert holding.person == on_call_at(found, "primary", at)


@settings(deadline=None)
@given(LAYERS, STARTS, MINUTES)
@example(Layer(("a", "b"), FIRST, time(0, 30), HOUR), utc("2026-04-23"), 22 * 60)
@example(Layer(("a", "b"), FIRST, time(0, 30), HOUR), utc("2026-10-29"), 21 * 60)
def test_every_instant_lies_in_exactly_one_turn(layer, start, minutes):
    at = start + minutes * timedelta(minutes=1)
    turn = turn_number(layer, at)
    assert turn_start(layer, turn) <= at < turn_start(layer, turn + 1)
    starts = [turn_start(layer, turn + n) for n in range(-3, 4)]
    assert starts == sorted(starts)


@settings(deadline=None)
@given(LAYERS, STARTS)
def test_a_layer_changes_hands_only_where_it_says_so(layer, start):
    edges = sorted({start, *changes(layer, start, start + 2 * DAY)})
    for edge, following in zip(edges, [*edges[1:], start + 2 * DAY], strict=True):
        middle = edge + (following - edge) / 2
        assert holder_at(layer, edge) == holder_at(layer, middle)
