"""Clocks that run in opening hours only, over closing time and over the nights on which Egypt changes its clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.escalation import Policy, Step, climb, start
from shared.domain.support import open_hours
from shared.domain.wallclock import elapsed_at

CHAT, NIGHT = open_hours("09:00-21:00"), open_hours("22:00-06:00")
ZONE = ZoneInfo("Africa/Cairo")
M, H = timedelta(minutes=1), timedelta(hours=1)


def cairo(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "start", "wait", "end"),
    [
        (CHAT, "2026-03-10T10:00", 5 * M, "2026-03-10T10:05"),
        (CHAT, "2026-03-10T23:30", 5 * M, "2026-03-11T09:05"),  # in the night: the clock starts when it opens
        (CHAT, "2026-03-10T06:00", 0 * M, "2026-03-10T09:00"),
        (CHAT, "2026-03-10T12:00", 0 * M, "2026-03-10T12:00"),
        (CHAT, "2026-03-10T20:58", 5 * M, "2026-03-11T09:03"),  # closing time interrupts it
        (CHAT, "2026-03-10T20:55", 5 * M, "2026-03-10T21:00"),
        (CHAT, "2026-03-10T21:00", 0 * M, "2026-03-11T09:00"),
        (CHAT, "2026-03-10T09:00", 25 * H, "2026-03-12T10:00"),
        (CHAT, "2026-04-23T20:30", 1 * H, "2026-04-24T09:30"),  # a night of 11 hours
        (CHAT, "2026-10-29T20:30", 1 * H, "2026-10-30T09:30"),  # a night of 13 hours
        (NIGHT, "2026-03-10T12:00", 1 * H, "2026-03-10T23:00"),
        (NIGHT, "2026-03-10T05:30", 1 * H, "2026-03-10T22:30"),
        (NIGHT, "2026-04-23T22:00", 7 * H, "2026-04-24T06:00"),  # that night was 7 hours long
        (NIGHT, "2026-10-29T22:00", 8 * H, "2026-10-30T05:00"),  # and that one 9
        (None, "2026-04-23T23:00", 2 * H, "2026-04-24T02:00"),
    ],
)
def test_a_wait_counts_open_time_only(hours, start, wait, end):
    assert elapsed_at(hours, ZONE, cairo(start), wait) == cairo(end)


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - the strategy adds the zone
    first=st.integers(0, 3000),
    second=st.integers(0, 3000),
    hours=st.sampled_from([CHAT, NIGHT, None]),
)
def test_two_waits_one_after_the_other_are_one_long_wait(start, first, second, hours):
    together = elapsed_at(hours, ZONE, start, (first + second) * M)
    assert elapsed_at(hours, ZONE, elapsed_at(hours, ZONE, start, first * M), second * M) == together >= start


def test_a_ladder_with_hours_stands_still_in_the_night_and_a_late_tick_skips_only_what_was_due():
    policy = Policy("chat", (Step(("a",)), Step(("b",), 5 * M, 2), Step(("c",), 30 * M, 3)), repeats=0, hours=CHAT)
    ladder, _ = start(policy, cairo("2026-03-10T20:58"))
    assert ladder.next_at == cairo("2026-03-11T09:03")
    late = climb(ladder, cairo("2026-03-11T09:32"))
    assert (late.step.targets, late.skipped) == (("b",), 0)
    assert climb(ladder, cairo("2026-03-11T09:33")).skipped == 1
