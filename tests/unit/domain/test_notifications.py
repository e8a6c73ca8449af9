"""Ledger rows move forward only; failures find another way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from shared.domain.configuration import Limits
from shared.domain.delivery import Surroundings, failed_for_good, failed_for_now, may_be_claimed
from shared.domain.notifications import Channel, LedgerState, Notification, identified, progressed
from shared.domain.reasons import Notify
from shared.domain.severities import Severity
from tests.conftest import configuration

T0 = datetime(2026, 3, 10, 0, 10, tzinfo=UTC)
M = timedelta(minutes=1)
DIRECTORY = configuration().directory


def row(**changes):
    base = Notification(
        "", "INC-1", 1, "mona", Channel.SMS, Notify.FIRST, Severity.CRITICAL, T0, due_at=T0, deadline=T0 + 2 * M
    )
    return identified(replace(base, **changes))


def around(*others):
    return Surroundings(others, DIRECTORY, 6)


def test_a_row_is_identified_by_what_makes_it_one_message():
    assert row().id == row(attempts=3, note="x").id
    changed = [{"step": 2}, {"recipient": "omar"}, {"channel": Channel.EMAIL}]
    changed += [{"reason": Notify.ESCALATED}, {"revision": 1}]
    assert len({row(**change).id for change in [{}, *changed]}) == 6


@pytest.mark.parametrize("order", list(permutations([LedgerState.SENT, LedgerState.DELIVERED, LedgerState.DELIVERED])))
def test_E42_receipts_in_any_order_end_delivered(order):
    current = row(state=LedgerState.SENDING)
    for reported in order:
        current = progressed(current, reported, at=T0)
    assert (current.state, current.due_at, current.sent_at) == (LedgerState.DELIVERED, None, T0)


def test_a_final_state_never_goes_back():
    dead = row(state=LedgerState.FAILED_PERMANENT)
    assert progressed(dead, LedgerState.SENT, at=T0) == dead


def test_E37_the_provider_s_wait_is_kept_and_past_the_deadline_another_channel_takes_over():
    first = failed_for_now(row(attempts=1), error="429", wait=30 * M / 60, now=T0, limits=Limits(), around=around())
    assert (first.row.due_at, first.takes_over) == (T0 + timedelta(seconds=30), None)
    late = failed_for_now(row(attempts=2), error="429", wait=30 * M, now=T0, limits=Limits(), around=around())
    assert (late.row.state, late.takes_over.channel) == (LedgerState.FAILED_TEMPORARY, Channel.EMAIL)
    twice = failed_for_now(
        row(attempts=3), error="429", wait=30 * M, now=T0 + M, limits=Limits(), around=around(late.takes_over)
    )
    assert twice.takes_over is None


def test_E39_a_dead_number_is_never_retried_and_the_next_channel_takes_over():
    failure = failed_for_good(row(), error="21211", now=T0, around=around())
    assert (failure.row.state, failure.row.due_at) == (LedgerState.FAILED_PERMANENT, None)
    assert (failure.takes_over.recipient, failure.takes_over.channel) == ("mona", Channel.EMAIL)


def test_a_failed_mail_about_something_small_never_becomes_an_sms():
    small = failed_for_good(row(channel=Channel.EMAIL, severity=Severity.MEDIUM), error="x", now=T0, around=around())
    grave = failed_for_good(row(channel=Channel.EMAIL), error="x", now=T0, around=around())
    assert (small.takes_over, grave.takes_over.channel) == (None, Channel.SMS)


def test_E53_when_every_way_has_failed_it_is_said():
    email = row(channel=Channel.EMAIL, state=LedgerState.FAILED_PERMANENT)
    assert failed_for_good(row(), error="x", now=T0, around=around(email)).nobody_reached
    alive = row(channel=Channel.EMAIL, recipient="omar", state=LedgerState.SENT)
    assert not failed_for_good(row(), error="x", now=T0, around=around(email, alive)).nobody_reached


def spent(others=(), *, now=T0, **changes):
    """A row that fails in its sixth try, or later; mona's e-mail has failed as well, so nothing can replace it."""
    email = row(channel=Channel.EMAIL, state=LedgerState.FAILED_TEMPORARY, attempts=6)
    made = row(**{"attempts": 6, **changes})
    return failed_for_now(made, error="500", wait=None, now=now, limits=Limits(), around=around(email, *others))


def test_after_enough_tries_another_channel_takes_over_for_good():
    failure = failed_for_now(row(attempts=6), error="500", wait=None, now=T0, limits=Limits(), around=around())
    assert (failure.row.state, failure.takes_over.channel) == (LedgerState.FAILED_PERMANENT, Channel.EMAIL)


def test_E53_a_page_that_nothing_can_replace_is_tried_for_a_day_and_said_once():
    first = spent()
    assert (first.row.state, first.row.due_at) == (LedgerState.FAILED_TEMPORARY, T0 + 5 * M)
    assert first.nobody_reached
    again = spent(attempts=7, now=T0 + 5 * M)
    assert (again.row.state, again.nobody_reached) == (LedgerState.FAILED_TEMPORARY, False)
    assert spent(attempts=200, now=T0 + timedelta(hours=24, seconds=1)).row.state is LedgerState.FAILED_PERMANENT


def test_somebody_is_reached_while_a_message_of_the_step_may_still_arrive():
    waits = row(channel=Channel.EMAIL, recipient="omar", state=LedgerState.FAILED_TEMPORARY, attempts=5)
    assert not spent([waits]).nobody_reached


def test_what_is_news_or_a_call_is_not_tried_for_ever():
    assert spent(reason=Notify.RESOLVED).row.state is LedgerState.FAILED_PERMANENT
    assert spent(channel=Channel.VOICE, attempts=3).row.state is LedgerState.FAILED_PERMANENT


def test_a_rate_limit_does_not_use_up_the_tries_but_a_day_does():
    busy = {"error": "429", "wait": M, "limits": Limits(), "around": around()}
    assert failed_for_now(row(attempts=60), now=T0, **busy).row.state is LedgerState.FAILED_TEMPORARY
    late = T0 + timedelta(hours=24, seconds=1)
    assert failed_for_now(row(attempts=60), now=late, **busy).row.state is LedgerState.FAILED_PERMANENT


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"not_before": T0 + M}, False),
        ({"state": LedgerState.SENT}, False),
        ({"state": LedgerState.SUPERSEDED}, False),
        ({"state": LedgerState.SENDING, "lease_until": T0 + M}, False),
        ({"state": LedgerState.SENDING, "lease_until": T0}, True),
        ({"state": LedgerState.FAILED_TEMPORARY, "not_before": T0}, True),
    ],
)
def test_a_row_is_claimed_only_when_it_is_due_and_in_nobody_s_hands(changes, expected):
    assert may_be_claimed(row(**changes), T0) is expected
