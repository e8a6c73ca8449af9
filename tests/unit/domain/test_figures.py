"""What a figure says of itself: its target, its change, whether all of it is there."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.figures import Figure, Span, Standing, Trend
from shared.domain.metrics import Kind, Metric, Statistic
from shared.domain.periods import day_of
from shared.domain.rules import Unit

NOW = datetime(2026, 11, 29, tzinfo=UTC)
A_DAY = Span(NOW - timedelta(days=1), NOW)
THE_DAY_BEFORE = Span(NOW - timedelta(days=2), NOW - timedelta(days=1))

ORDERS = Metric("order_volume", Kind.COUNT, Unit.COUNT, "analytics", at_least=True)
PEOPLE = Metric("daily_active_users", Kind.COUNT, Unit.COUNT, "analytics", statistic=Statistic.PER_DAY, at_least=True)
ERRORS = Metric("error_rate", Kind.RATIO, Unit.PERCENT, "requests", target=1.0)
UPTIME = Metric("uptime", Kind.RATIO, Unit.PERCENT, "probes", target=99.5, at_least=True)
SPEED = Metric("api_response_time", Kind.VALUE, Unit.MILLISECONDS, "requests")


def figure(metric, value, before=None, spans=(A_DAY, THE_DAY_BEFORE), reached=NOW):
    span, compared = spans
    return Figure(metric, span, value, 100, compared, before, reached)


def test_E30_a_day_of_23_hours_with_as_many_orders_an_hour_has_not_changed():
    short, usual = day_of(datetime(2026, 4, 24).date()).span, day_of(datetime(2026, 4, 17).date()).span  # noqa: DTZ001 - days
    assert figure(ORDERS, 230.0, 240.0, (short, usual)).change == pytest.approx(0)
    assert figure(ORDERS, 240.0, 240.0, (short, usual)).change == pytest.approx(100 * (24 / 23 - 1))


def test_E30_a_figure_of_a_day_is_compared_as_it_is():
    short, usual = day_of(datetime(2026, 4, 24).date()).span, day_of(datetime(2026, 4, 17).date()).span  # noqa: DTZ001 - days
    assert figure(PEOPLE, 110.0, 100.0, (short, usual)).change == pytest.approx(10)


@pytest.mark.parametrize(
    ("metric", "value", "standing"),
    [
        (ERRORS, 1.0, Standing.MET), (ERRORS, 1.01, Standing.MISSED), (UPTIME, 99.5, Standing.MET),
        (UPTIME, 99.4, Standing.MISSED), (ORDERS, 3.0, Standing.NO_TARGET), (ERRORS, None, Standing.UNKNOWN),
    ],
)  # fmt: skip
def test_the_target_itself_is_met(metric, value, standing):
    assert figure(metric, value).standing is standing


@pytest.mark.parametrize(
    ("metric", "value", "before", "change", "trend"),
    [
        (ERRORS, 0.5, 0.2, 0.3, Trend.WORSE), (UPTIME, 99.9, 99.8, 0.1, Trend.BETTER),
        (SPEED, 110.0, 100.0, 10.0, Trend.WORSE), (ORDERS, 110.0, 100.0, 10.0, Trend.BETTER),
        (SPEED, 100.0, 100.0, 0.0, Trend.EVEN), (SPEED, 100.0, None, None, Trend.UNKNOWN),
        (ORDERS, 5.0, 0.0, None, Trend.UNKNOWN), (SPEED, None, 100.0, None, Trend.UNKNOWN),
    ],
)  # fmt: skip
def test_shares_change_by_points_and_everything_else_by_percent(metric, value, before, change, trend):
    made = figure(metric, value, before)
    assert made.change == (None if change is None else pytest.approx(change))
    assert made.trend is trend


def test_a_figure_is_whole_when_nothing_of_its_span_can_still_come():
    assert figure(ORDERS, 1.0).is_complete
    assert not figure(ORDERS, 1.0, reached=NOW - timedelta(minutes=1)).is_complete
    assert not figure(ORDERS, 1.0, reached=None).is_complete
