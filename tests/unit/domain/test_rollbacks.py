"""Rollbacks: what calls for one, that it is called once, and what becomes of a call."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.rollbacks import (
    ATTEMPTS,
    LEASE,
    Rollback,
    RollbackState,
    RollbackWish,
    asked,
    claimed,
    ended,
    is_lost,
)

NOW = datetime(2026, 3, 12, 0, 30, tzinfo=UTC)
ARMED = Rollback(RollbackWish("api"))


def test_it_is_claimed_once():
    going = asked(ARMED, by="soukmon", because="INC-1", now=NOW)
    mine = claimed(going, NOW)
    assert (mine.state, claimed(mine, NOW), claimed(ARMED, NOW)) == (RollbackState.RUNNING, None, None)


def test_whoever_died_calling_it_leaves_an_unknown_outcome_and_no_second_call():
    mine = claimed(asked(ARMED, by="mona", because="x", now=NOW), NOW)
    assert not is_lost(mine, NOW + LEASE - timedelta(seconds=1))
    assert is_lost(mine, NOW + LEASE)
    lost = ended(mine, RollbackState.UNKNOWN, "lost")
    assert (claimed(lost, NOW + LEASE), lost.state.is_over) == (None, True)


@pytest.mark.parametrize(("attempts", "state"), [(1, RollbackState.ASKED), (ATTEMPTS, RollbackState.FAILED)])
def test_what_surely_did_not_arrive_is_tried_again_a_few_times(attempts, state):
    going = asked(ARMED, by="mona", because="x", now=NOW)
    for _ in range(attempts):
        mine = claimed(going, NOW)
        going = ended(mine, RollbackState.ASKED, "503")
    assert going.state is state


def test_a_person_may_ask_again_after_it_has_ended():
    failed = ended(claimed(asked(ARMED, by="mona", because="x", now=NOW), NOW), RollbackState.FAILED, "400")
    second = asked(failed, by="mona", because="again", now=NOW)
    assert (second.state, second.attempts, second.detail) == (RollbackState.ASKED, 0, "")
