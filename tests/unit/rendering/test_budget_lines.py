"""Error budgets on the command line: what is left, how fast it goes, and when nothing will be left."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.config.loader import load
from shared.domain.budgets import budget, hourly
from shared.domain.figures import Gap
from shared.domain.metrics import Point
from shared.rendering.budget_lines import budget_lines
from shared.rendering.effectiveness import success_lines
from tests.unit.report_samples import figure

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
UPTIME = load().reporting.objectives["uptime"]  # 99.5 % over 30 days


def of(*failures):
    """The budget of so many failures among 1,000 checks a day, the oldest first, until noon."""
    days = len(failures)
    points = [Point(NOON - (days - n) * DAY, count=1_000, bad=bad) for n, bad in enumerate(failures)]
    return budget(UPTIME, hourly(UPTIME, points), until=NOON)


@pytest.mark.parametrize(
    ("failures", "line"),
    [
        ((0, 0), "Uptime (99.5 % over 30 d): 100 % of the budget is left, 0 of 2,000 failed, burn rate 0"),
        (
            (0, 4),
            "Uptime (99.5 % over 30 d): 60 % of the budget is left, 4 of 2,000 failed, burn rate 0.4",
        ),
        (
            (10, 0, 0),
            "Uptime (99.5 % over 30 d): 33.3 % of the budget is left, 10 of 3,000 failed, burn rate 0.667",
        ),
        (
            (20, 0),
            "Uptime (99.5 % over 30 d): overspent by 100 %, 20 of 2,000 failed, burn rate 2; used up 8 Mar 14:00 Cairo time",
        ),
    ],
)
def test_a_budget_says_what_is_left_and_how_fast_it_goes(failures, line):
    assert budget_lines([of(*failures)]) == [line]


def test_a_budget_that_is_being_spent_says_when_nothing_will_be_left():
    burning = of(*[0] * 20, 40)
    assert burning.left > 0
    assert burning.spent_at > NOON
    assert "; at the rate of the last day it is used up 1" in budget_lines([burning])[0]
    assert budget_lines([burning])[0].endswith("Cairo time")


def test_what_was_not_measured_is_said_instead_of_a_number():
    assert budget_lines([of()]) == ["Uptime (99.5 % over 30 d): nothing was measured"]


def test_E84_a_promise_is_a_line_with_its_target_and_its_state_and_n_a_is_never_0():
    promises = [figure("alert_response_time", 720.0), figure("false_positive_rate", gap=Gap.NO_DATA)]
    assert success_lines(promises) == [
        "Alert response time: 12 min (at most 10 min): target missed",
        "False positive rate: nothing was measured (at most 5 %): not known",
    ]
