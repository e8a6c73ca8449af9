"""Days, weeks and months in Egypt, whatever its clocks do."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from shared.domain.figures import Span
from shared.domain.periods import PeriodKind, day_of, days_of, last_period, period_named

NOON = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    ("kind", "name", "before"),
    [
        (PeriodKind.DAY, "2026-11-29", "2026-11-22"),
        (PeriodKind.WEEK, "2026-11-23-to-2026-11-29", "2026-11-16-to-2026-11-22"),
        (PeriodKind.MONTH, "2026-10", "2026-09"),
    ],
)
def test_the_newest_period_that_is_over_and_what_it_is_compared_with(kind, name, before):
    period = last_period(kind, NOON)
    assert (period.name, period.before.name) == (name, before)
    assert period_named(name) == period


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 4, 24), 23), (date(2026, 10, 29), 25), (date(2026, 11, 29), 24)]
)
def test_E30_a_day_on_which_the_clocks_change_has_the_hours_it_has(day, hours):
    period = day_of(day)
    assert period.span.hours == hours
    assert period.end == day_of(day + timedelta(days=1)).start


def test_E30_days_of_a_month_with_a_change_leave_no_gap_and_do_not_overlap():
    days = list(days_of(period_named("2026-04").span))
    assert len(days) == 30
    assert all(one.end == following.start for one, following in pairwise(days))
    assert sum(one.span.hours for one in days) == 30 * 24 - 1


def test_a_span_touches_the_days_it_begins_and_ends_in():
    span = Span(datetime(2026, 11, 28, 22, 30, tzinfo=UTC), datetime(2026, 11, 30, 22, 0, tzinfo=UTC))
    assert [day.name for day in days_of(span)] == ["2026-11-29", "2026-11-30"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("yesterday", "isoformat"),
        ("2026-13", "month must be"),
        ("2026-11-23-to-2026-11-30", "has not seven days"),
        ("2026-11-31", "day is out of range"),
    ],
)
def test_a_text_that_names_no_period_is_refused(name, why):
    with pytest.raises(ValueError, match=why):
        period_named(name)
