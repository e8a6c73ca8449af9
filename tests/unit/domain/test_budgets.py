"""Error budgets against sums worked by hand, and what no order and no good event may change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.budgets import Step, budget, hourly, whole_hour
from shared.domain.chart_data import Role
from shared.domain.figures import Gap
from shared.domain.histograms import of_values
from shared.domain.metrics import Point
from shared.domain.report_plans import Objective

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ERRORS = Objective("errors", "error_rate", 99.0, 30 * DAY)
LATENCY = Objective("latency", "api_response_time", 95.0, 30 * DAY, limit=1_000.0)


def point(hours_ago, count, bad=0, minute=0):
    return Point(NOON - hours_ago * HOUR + timedelta(minutes=minute), count=count, bad=bad)


def at_noon(*points, objective=ERRORS, until=NOON, steps=()):
    return budget(objective, hourly(objective, points), until=until, steps=steps)


def test_of_ten_thousand_requests_a_hundred_may_fail_and_forty_did():
    found = at_noon(point(700, 4_000, 10), point(300, 6_000, 30))
    assert (found.events, found.bad, found.left, found.gap) == (10_000, 40, 60.0, None)


def test_what_failed_before_the_window_counts_no_more():
    assert at_noon(point(721, 1_000, 900), point(720, 10_000, 50)).left == 50.0


def test_the_promise_is_kept_at_exactly_its_percent_and_overspent_beyond_it():
    kept, broken = at_noon(point(5, 10_000, 100)), at_noon(point(5, 10_000, 150))
    assert (kept.left, kept.is_overspent) == (0.0, False)
    assert (broken.left, broken.is_overspent) == (-50.0, True)


@pytest.mark.parametrize("percent", [50.0, 95.0, 99.0, 99.5, 99.9, 99.95, 99.99])
def test_exactly_what_may_fail_is_not_lost_to_binary_rounding(percent):
    objective = Objective("one", "error_rate", percent, DAY)
    assert at_noon(point(1, 1_000_000, round(1_000_000 * (100 - percent) / 100)), objective=objective).left == 0.0


def test_without_events_nothing_is_known_and_nothing_is_promised_to_be_left():
    found = at_noon(steps=[Step(NOON - HOUR, NOON)])
    assert (found.left, found.spent_at, found.is_overspent, found.gap) == (None, None, False, Gap.NO_DATA)
    assert found.line.points == ((NOON - HOUR, None),)


def test_a_value_is_bad_beyond_the_limit_and_good_below_it():
    slow = Point(NOON - HOUR, count=100, bad=77, histogram=of_values([200.0] * 90 + [980.0] * 7 + [1_100.0] * 3))
    assert at_noon(slow, objective=LATENCY).bad == 3
    assert at_noon(slow, objective=LATENCY).left == pytest.approx(40.0)


def test_the_hour_that_has_begun_is_the_last_of_the_window():
    begun = [point(719, 500, 0), point(720, 500, 500), point(0, 500, 4, minute=5)]
    found = at_noon(*begun, until=NOON + timedelta(minutes=10))
    assert (found.events, found.bad) == (1_000, 4)


def test_the_hour_that_used_up_the_last_of_it_is_told():
    points = [point(100, 6_000, 60), point(50, 2_000, 39), point(20, 1_000, 1, minute=59), point(10, 1_000, 5)]
    assert at_noon(*points).spent_at == NOON - 20 * HOUR


def test_at_the_present_rate_it_will_be_spent_in_the_hour_that_is_worked_out_by_hand():
    # 100 requests an hour for 30 days, so 720 may fail. 600 did long ago and 4 an hour in the last day: 696. Each hour to
    # come brings 4 more, and the oldest hours leave with as many requests as come: the last 24 are used up in the sixth.
    earlier = [point(hours_ago, 100, 0) for hours_ago in range(25, 720)] + [point(720, 100, 0)]
    lately = [point(hours_ago, 100, 4) for hours_ago in range(1, 25)]
    middle = [Point(NOON - 300 * HOUR, count=0, bad=600)]
    found = at_noon(*earlier, *lately, *middle)
    assert (found.events, found.bad) == (72_000, 696)
    assert found.left == pytest.approx(100 * (1 - 696 / 720))
    assert found.spent_at == NOON + 5 * HOUR


def test_a_rate_that_the_objective_allows_never_spends_it():
    steady = [point(hours_ago, 1_000, 9) for hours_ago in range(1, 721)]
    assert at_noon(*steady).left == pytest.approx(10.0)
    assert at_noon(*steady).spent_at is None


def test_failures_that_are_about_to_leave_the_window_do_not_spend_it():
    old = [point(720, 0, 700)]
    steady = [point(hours_ago, 100, 0) for hours_ago in range(25, 721)] + [point(n, 200, 1) for n in range(1, 25)]
    assert at_noon(*old, *steady).left == pytest.approx(100 * (1 - 724 / 744))
    assert at_noon(*old, *steady).spent_at is None


def test_each_point_of_the_line_looks_back_over_a_window_of_its_own():
    day = Objective("day", "error_rate", 99.0, DAY)
    points = [point(30, 1_000, 5), point(10, 1_000, 10), point(1, 2_000, 5)]
    steps = [Step(NOON - hours * HOUR, NOON - hours * HOUR + HOUR) for hours in (30, 29, 10, 6, 1)]
    line = at_noon(*points, objective=day, steps=steps).line
    assert (line.metric, line.role) == ("day", Role.BUDGET)
    assert line.points == (
        (NOON - 30 * HOUR, 50.0),
        (NOON - 29 * HOUR, 50.0),
        (NOON - 10 * HOUR, 25.0),  # (5 + 10) of 2,000
        (NOON - 6 * HOUR, 0.0),  # only the 10 of 1,000
        (NOON - 1 * HOUR, 50.0),  # (10 + 5) of 3,000
    )


def test_a_step_ends_where_the_budget_does_so_the_line_ends_at_what_is_left():
    points = [point(40, 1_000, 3), point(2, 1_000, 5)]
    found = at_noon(*points, steps=[Step(NOON - DAY, NOON)])
    assert found.line.points == ((NOON - DAY, found.left),)


def test_an_hour_begins_on_the_hour():
    assert whole_hour(NOON + timedelta(minutes=59, seconds=59.5)) == whole_hour(NOON) == NOON


MINUTES = st.lists(
    st.tuples(st.integers(0, 60 * 24 * 40), st.integers(0, 500), st.integers(0, 500)).map(
        lambda one: Point(NOON - timedelta(minutes=one[0]), count=max(one[1:]), bad=min(one[1:]))
    ),
    max_size=40,
)
STEPS = [Step(NOON - days * DAY, NOON - (days - 1) * DAY) for days in range(10, 0, -1)]


@given(MINUTES, st.data())
def test_the_order_of_minutes_does_not_matter(minutes, data):
    shuffled = data.draw(st.permutations(minutes))
    assert at_noon(*minutes, steps=STEPS) == at_noon(*shuffled, steps=STEPS)


@given(MINUTES, st.integers(1, 720), st.integers(1, 10_000))
def test_more_good_events_never_lower_what_is_left(minutes, hours_ago, good):
    without, added = at_noon(*minutes, steps=STEPS), at_noon(*minutes, point(hours_ago, good), steps=STEPS)
    assert added.left is not None
    assert without.left is None or added.left >= without.left
    for (_, before), (_, after) in zip(without.line.points, added.line.points, strict=True):
        assert before is None or (after is not None and after >= before)


@given(MINUTES, st.integers(1, 720), st.integers(1, 100))
def test_more_bad_events_never_raise_what_is_left(minutes, hours_ago, bad):
    without, added = at_noon(*minutes), at_noon(*minutes, point(hours_ago, bad, bad))
    assert without.left is None or added.left <= without.left


@given(MINUTES)
def test_what_is_spent_was_spent_within_the_window_and_what_is_left_goes_later(minutes):
    found = at_noon(*minutes)
    if found.left is not None and found.left <= 0:
        assert found.spent_at is not None
        assert NOON - ERRORS.window <= found.spent_at < NOON
    elif found.spent_at is not None:
        assert NOON <= found.spent_at < NOON + ERRORS.window
