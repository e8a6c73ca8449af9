"""Caps that hold together, the place that is kept for a new service, who goes first, and what folds into one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.caps import chosen, free_at, kept_from, waits_for_room
from shared.domain.configuration import RateCap
from shared.domain.notifications import Channel, LedgerState, Notification
from shared.domain.reasons import Notify, Suppressed
from shared.domain.severities import Severity

T0 = datetime(2026, 3, 10, tzinfo=UTC)
M = timedelta(minutes=1)
SMS = (RateCap(5, 15 * M), RateCap(11, 60 * M), RateCap(21, 180 * M))


def row(name="a", *, minute=0, severity=Severity.HIGH, reason=Notify.FIRST, **changes):
    base = Notification(name, f"INC-{name}", 1, "mona", Channel.SMS, reason, severity, T0 + minute * M)
    return replace(base, **changes)


def test_a_cap_says_when_there_is_room_again():
    caps = (RateCap(2, 15 * M),)
    assert free_at([T0 - 20 * M, T0 - M], caps, T0) is None
    assert free_at([T0 - 10 * M, T0 - M], caps, T0) == T0 + 5 * M
    assert free_at([T0], (), T0) is None


def test_caps_hold_together_and_the_one_that_frees_last_decides():
    sent = [T0 - n * 5 * M for n in range(1, 12)]  # eleven within the hour, two of them within a quarter of it
    assert free_at(sent, SMS, T0) == T0 - 55 * M + 60 * M


@pytest.mark.parametrize(
    ("past", "kept", "free"),
    [(3, 2, T0 + 12 * M), (2, 2, None), (4, 1, T0 + 11 * M), (4, 0, None), (5, 0, T0 + 10 * M)],
)
def test_E44_places_of_the_first_cap_are_kept(past, kept, free):
    assert free_at([T0 - n * M for n in range(1, past + 1)], SMS, T0, kept=kept) == free


@pytest.mark.parametrize(("most", "others"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (11, 9)])
def test_a_small_cap_keeps_less_than_half(most, others):
    caps = (RateCap(most, M),)
    assert free_at([T0] * (others - 1), caps, T0, kept=2) is None
    assert free_at([T0] * others, caps, T0, kept=2) is not None


@pytest.mark.parametrize(
    ("wishes", "told", "kept"),
    [
        ({}, False, 2),
        ({}, True, 1),
        ({"opens_service": True}, False, 1),
        ({"opens_service": True}, True, 0),
        ({"tells_storm": True}, False, 0),
    ],
)
def test_E44_one_place_is_kept_for_a_new_service_and_one_for_a_storm_until_it_is_told(wishes, told, kept):
    sent = [row("s", tells_storm=told, sent_at=T0 - M), row("old", tells_storm=True, sent_at=T0 - 20 * M)]
    assert kept_from(row(**wishes), sent, cap=SMS[0], now=T0) == kept


@given(st.lists(st.integers(0, 600), max_size=60))
def test_E44_no_sequence_of_wishes_sends_more_than_every_cap_allows(wishes):
    sent = []
    for minute in sorted(wishes):
        now = T0 + minute * M
        if free_at(sent, SMS, now) is None:
            sent.append(now)
    for cap in SMS:
        assert all(sum(at - cap.window < one <= at for one in sent) <= cap.messages for at in sent)


def test_E44_the_first_page_of_a_new_service_goes_first_then_by_urgency_and_news_last():
    rows = [
        row("recovered", severity=Severity.CRITICAL, reason=Notify.RESOLVED),
        row("old", minute=1),
        row("young", minute=2),
        row("worst", minute=3, severity=Severity.CRITICAL),
        row("new_service", minute=4, severity=Severity.MEDIUM, opens_service=True),
    ]
    order = []
    while rows:
        order.append(chosen(rows, fold_above=99).row.id)
        rows = [one for one in rows if one.id != order[-1]]
    assert order == ["new_service", "worst", "old", "young", "recovered"]


@pytest.mark.parametrize(("waiting", "folded"), [(3, 0), (4, 3), (9, 8)])
def test_E44_more_than_so_many_become_one(waiting, folded):
    assert len(chosen([row(str(n), minute=n) for n in range(waiting)], fold_above=3).folded) == folded


def test_E44_a_new_service_is_not_folded_into_another_message():
    rows = [row(str(n), opens_service=n < 2) for n in range(6)]
    assert {one.id for one in chosen(rows, fold_above=3).folded} == {"2", "3", "4", "5"}


def test_E44_where_many_services_fail_at_once_all_but_the_critical_become_one():
    worst = row("worst", opens_service=True, severity=Severity.CRITICAL)
    rows = [*(row(str(n), minute=n, opens_service=True) for n in range(4)), worst, row("storm", tells_storm=True)]
    choice = chosen(rows, fold_above=3)
    assert (choice.row.id, {one.id for one in choice.folded}) == ("storm", {"0", "1", "2", "3"})
    assert chosen([rows[0], worst, row("storm", tells_storm=True)], fold_above=1).folded == (rows[0],)
    assert chosen(rows[3:], fold_above=3).folded == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"not_before": T0 + M}, False),
        ({"not_before": T0 + M, "note": Suppressed.BY_RATE_CAP}, True),
        ({"attempts": 1}, False),
        ({"state": LedgerState.SENDING}, False),
        ({"reason": Notify.UPDATED}, False),
    ],
)
def test_only_what_nobody_has_tried_to_send_waits_for_room(changes, expected):
    assert waits_for_room(row(**changes), T0) is expected
