"""Maintenance windows: when one may be made, and what it holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.maintenance import LONGEST, Window, WindowRefused, closed, refusal, window_over
from shared.domain.matchers import parse

T0 = datetime(2026, 3, 10, 0, 0, tzinfo=UTC)
H = timedelta(hours=1)
WINDOW = Window("w", T0, T0 + 2 * H, "new index", "mona", (parse('service="orders-api"'),))
ORDERS = {"service": "orders-api"}


@pytest.mark.parametrize(
    ("changes", "ahead", "expected"),
    [
        ({}, 24 * H, None),
        ({}, 24 * H - H / 60, WindowRefused.TOO_SOON),
        ({"emergency": True}, H / 60, None),
        ({"emergency": True}, -1 * H, None),
        ({"emergency": True}, -2 * H, WindowRefused.OVER),
        ({"end": T0 + 2 * H + H / 60}, 48 * H, WindowRefused.TOO_LONG),
        ({"end": T0}, 48 * H, WindowRefused.ENDS_BEFORE_IT_BEGINS),
        ({"reason": " "}, 48 * H, WindowRefused.NO_REASON),
        ({"author": ""}, 48 * H, WindowRefused.NO_REASON),
    ],
)
def test_E77_a_window_is_short_and_announced_a_day_ahead_unless_it_is_an_emergency(changes, ahead, expected):
    assert refusal(replace(WINDOW, **changes), T0 - ahead) is expected


@pytest.mark.parametrize(
    ("labels", "begun", "now", "holds"),
    [
        (ORDERS, T0, T0, True),
        (ORDERS, T0 + H, T0 + H, True),
        (ORDERS, T0 - H / 60, T0 + H, False),  # it was there before: no maintenance explains it
        (ORDERS, T0 + H, T0 + 2 * H, False),
        ({"service": "web"}, T0 + H, T0 + H, False),
        ({}, T0 + H, T0 + H, False),
    ],
)
def test_E75_a_window_holds_what_fits_it_and_begins_inside_it(labels, begun, now, holds):
    assert (window_over(labels, [WINDOW], begun=begun, now=now) == WINDOW) is holds


def test_of_two_windows_the_one_that_ends_last_holds():
    longer = replace(WINDOW, id="longer", matchers=(), end=T0 + 3 * H)
    assert window_over(ORDERS, [WINDOW, longer], begun=T0 + H, now=T0 + H) == longer


def test_a_closed_window_holds_nothing_and_one_that_is_closed_before_it_begins_never_does():
    early = closed(WINDOW, by="mona", now=T0 + H)
    assert (early.end, early.holds(ORDERS, begun=T0 + H / 2, now=T0 + H / 2)) == (T0 + H, False)
    assert closed(WINDOW, by="mona", now=T0 - H).end == T0
    assert closed(WINDOW, by="soukmon", now=T0 + 9 * H).end - T0 == LONGEST
