"""Ladders: when the next step is due, and what a late tick sends."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.escalation import Policy, Step, climb, start, with_second_step_after

T0 = datetime(2026, 3, 10, 0, 10, tzinfo=UTC)
M = timedelta(minutes=1)
STEPS = (Step(("a",)), Step(("b",), 15 * M, 2), Step(("c",), 15 * M, 3))
POLICY = Policy("p", STEPS, repeat_every=10 * M, repeats=2, last_resort=("exec",))


def test_each_step_is_due_after_the_one_before():
    ladder, steps = start(POLICY, T0)
    assert (steps, ladder.next_at) == (STEPS[:1], T0 + 15 * M)
    assert climb(ladder, T0 + 14 * M).step is None
    second = climb(ladder, T0 + 15 * M)
    assert (second.step, second.ladder.next_at) == (STEPS[1], T0 + 30 * M)


@pytest.mark.parametrize(("wait", "sent", "due"), [(0 * M, 2, 15), (30 * M, 1, 30), (None, 1, 15)])
def test_E58_immediate_means_steps_one_and_two_in_one_pass(wait, sent, due):
    ladder, steps = start(with_second_step_after(POLICY, wait), T0)
    assert (len(steps), ladder.next_at) == (sent, T0 + due * M)


def test_E59_a_tick_late_by_two_steps_sends_only_the_highest_and_timers_restart_from_now():
    ladder, _ = start(POLICY, T0)
    late = climb(ladder, T0 + 55 * M)
    assert (late.step, late.skipped, late.ladder.next_at) == (STEPS[2], 1, T0 + 65 * M)


def test_E63_the_last_step_repeats_to_its_cap_and_then_the_last_resort_is_told_once():
    ladder, _ = start(POLICY, T0)
    now, told = T0, []
    for _ in range(400):
        now += M
        move = climb(ladder, now)
        if move.step:
            told.append((int((now - T0) / M), move.step.targets[0], move.last_resort))
        ladder = move.ladder
    assert told == [(15, "b", False), (30, "c", False), (40, "c", False), (50, "c", False), (60, "exec", True)]
    assert ladder.next_at is None


def test_without_a_last_resort_the_ladder_ends_quietly():
    ladder, _ = start(Policy("p", STEPS[:1], repeats=0), T0)
    assert ladder.next_at is None
