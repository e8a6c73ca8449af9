"""Refusals and failed logins: nothing one by one, an alert many at once."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.tallies import AT_LEAST, BurstKind, Counted, Tally, is_burst, tallied, tally_id
from tests.conftest import NIGHT


def counts(seconds):
    tally, told = Tally(), []
    for second in sorted(seconds):
        at = NIGHT + timedelta(seconds=second)
        tally, count = tallied(tally, at)
        if is_burst(BurstKind.LOGIN_FAILED, count, tally, at):
            tally = Tally(tally.minutes, at)
            told.append(second)
    return told


def test_ten_failed_logins_in_five_minutes_are_a_burst_and_nine_are_none():
    assert counts(range(0, 90, 10)) == []
    assert counts(range(0, 100, 10)) == [90]


def test_ten_in_an_hour_are_none():
    assert counts(range(0, 3600, 360)) == []


def test_what_goes_on_is_told_once_an_hour():
    assert len(counts(range(0, 7200, 10))) == 2


@given(st.lists(st.integers(0, 20_000), max_size=200))
def test_nothing_is_told_with_fewer_than_the_least_in_the_minutes_before(seconds):
    for told in counts(seconds):
        near = [s for s in seconds if told - 300 <= s <= told]
        assert len(near) >= AT_LEAST[BurstKind.LOGIN_FAILED]


def test_the_account_does_not_stand_in_the_name_of_its_tally():
    assert "dev" not in tally_id(Counted(BurstKind.DENIED, "dev@souk.example"))
