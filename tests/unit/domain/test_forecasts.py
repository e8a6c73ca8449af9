"""Forecasts of sums."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.forecasts import forecast, student_t

# Two-sided 80 % quantiles of Student's distribution, by degrees of freedom, as any table has them.
TABLE = {4: 1.5332, 5: 1.4759, 8: 1.3968, 20: 1.3253}


@pytest.mark.parametrize(("degrees", "value"), TABLE.items())
def test_the_quantile_is_that_of_the_tables(degrees, value):
    assert student_t(0.9, degrees) == pytest.approx(value, rel=0.005)


def test_a_line_goes_on_as_it_went():
    found = forecast([100.0, 110.0, 120.0, 130.0, 140.0, 150.0], 7)
    assert (found.value, found.low, found.high) == pytest.approx((160.0, 160.0, 160.0))


def test_the_sum_of_a_month_is_that_of_its_weeks():
    found = forecast([100.0] * 8, 28)
    assert found.value == pytest.approx(400.0)


def test_an_interval_worked_by_hand():
    # Residuals of (1, -1, 1, -1, 1, -1) around 100 after a slope of -6/35: s^2 = (6 - 6^2 / 70 * 2) / 4 ...
    found = forecast([101.0, 99.0, 101.0, 99.0, 101.0, 99.0], 7)
    slope = -3 / 17.5
    value = 100 + slope * 3.5
    noise = (6 - slope**2 * 17.5) / 4
    reach = 1.5332 * (noise * (1 + 1 / 6 + 3.5**2 / 17.5)) ** 0.5
    assert (found.value, found.low, found.high) == pytest.approx((value, value - reach, value + reach), rel=0.002)


def test_five_weeks_are_too_few():
    assert forecast([100.0] * 5, 7) is None


@given(st.lists(st.floats(0, 1e9), min_size=6, max_size=12), st.sampled_from([7, 30]))
def test_the_value_lies_in_its_interval_and_nothing_is_below_zero(weeks, days):
    found = forecast(weeks, days)
    assert 0 <= found.low <= found.value <= found.high
