"""The month's budget: prices, months, and what goes out although it is spent."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.countries import Country, country_of
from shared.domain.notifications import Channel, Notification
from shared.domain.reasons import Notify
from shared.domain.severities import Severity
from shared.domain.spending import Budget, Stance, is_worth_it, month_of, price, stance
from tests.conftest import NIGHT

EGYPT = Country("Egypt", "20", False, "name_registered", True, True, 0.3, 0.2)
EMIRATES = Country("United Arab Emirates", "971", False, "name_registered", False, True, 0.15, 0.3)
AMERICA = Country("United States", "1", True, "number", True, True, 0.01, 0.02)
BARBADOS = Country("Barbados", "1246", True, "number", True, True, 0.2, 0.3)
TABLE = (EGYPT, EMIRATES, AMERICA, BARBADOS)


@pytest.mark.parametrize(
    ("number", "country"),
    [("+201000000011", EGYPT), ("+12125550100", AMERICA), ("+12465550100", BARBADOS), ("+4930123456", None)],
)
def test_the_longest_calling_code_decides(number, country):
    assert country_of(number, TABLE) == country


@pytest.mark.parametrize(
    ("number", "channel", "segments", "usd"),
    [
        ("+201000000011", Channel.SMS, 3, 0.9),
        ("+201000000011", Channel.VOICE, 1, 0.4),
        ("+4930123456", Channel.SMS, 1, 0.3),
        ("+4930123456", Channel.VOICE, 1, 0.6),
    ],
)
def test_a_message_costs_its_segments_and_an_unknown_country_what_the_dearest_does(number, channel, segments, usd):
    assert price(number, channel=channel, segments=segments, countries=TABLE) == pytest.approx(usd)
    assert price(number, channel=channel, segments=segments, countries=()) == 0


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(2026, 2, 28, 21, 59, tzinfo=UTC), "2026-02"),
        (datetime(2026, 2, 28, 22, 0, tzinfo=UTC), "2026-03"),
        (datetime(2026, 7, 31, 21, 0, tzinfo=UTC), "2026-08"),
    ],
)
def test_the_month_is_that_of_egypt(at, month):
    assert month_of(at) == month


@given(st.lists(st.floats(0, 200), min_size=2).map(sorted))
def test_more_spending_never_allows_more(spent):
    order, budget = list(Stance), Budget(100, 80)
    assert all(order.index(stance(a, budget)) <= order.index(stance(b, budget)) for a, b in pairwise(spent))


def test_short_from_the_warning_on_and_held_from_the_limit_on():
    assert [stance(usd, Budget(50, 80)) for usd in (39.99, 40, 49.99, 50)] == [
        Stance.FREE,
        Stance.SHORT,
        Stance.SHORT,
        Stance.HELD,
    ]
    assert stance(1_000_000, None) is Stance.FREE


def row(channel, severity, reason):
    return Notification("n", "i", 1, "mona", channel, reason, severity, NIGHT)


def test_no_critical_page_is_ever_held_back_for_money():
    news = {Notify.RESOLVED}
    pages = [row(channel, Severity.CRITICAL, reason) for channel in Channel for reason in set(Notify) - news]
    assert all(map(is_worth_it, pages))


@pytest.mark.parametrize(
    ("severity", "reason", "goes"),
    [
        (Severity.HIGH, Notify.FIRST, True),
        (Severity.HIGH, Notify.SEVERITY_RAISED, True),
        (Severity.HIGH, Notify.REOPENED, True),
        (Severity.HIGH, Notify.REMINDER, False),
        (Severity.HIGH, Notify.ESCALATED, False),
        (Severity.MEDIUM, Notify.FIRST, False),
        (Severity.CRITICAL, Notify.RESOLVED, False),
        (Severity.LOW, Notify.BULLETIN, False),
    ],
)
def test_what_else_is_worth_its_money(severity, reason, goes):
    assert is_worth_it(row(Channel.SMS, severity, reason)) is goes
    assert is_worth_it(row(Channel.EMAIL, severity, reason))
