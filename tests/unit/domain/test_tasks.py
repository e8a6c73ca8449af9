"""Tasks: what opens, hands over, puts off and ends one, and when its owner is reminded."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.incidents import State
from shared.domain.tasks import (
    NewTask,
    TaskKind,
    TaskOutcome,
    done,
    opened,
    put_off,
    reassigned,
    reminded,
)
from tests.conftest import NIGHT
from tests.unit.domain.test_grouping import opened as opened_incident

HOUR = timedelta(hours=1)


def new(text="restart the workers", kind=TaskKind.TASK, within=HOUR):
    return NewTask(text, kind, "omar", "mona", within)


def task(**changes):
    return replace(opened(new(), opened_incident(), NIGHT).task, **changes)


def test_a_new_task_has_an_owner_a_time_and_a_line_for_the_record():
    change = opened(new(), opened_incident(), NIGHT)
    assert (change.outcome, change.task.owner, change.task.due_at) == (TaskOutcome.OPENED, "omar", NIGHT + HOUR)
    assert change.task.remind_at == change.task.due_at
    assert "restart the workers" in change.entry.detail


@pytest.mark.parametrize(
    ("kind", "usual"), [(TaskKind.TASK, timedelta(hours=2)), (TaskKind.ACTION, timedelta(days=14))]
)
def test_without_a_time_the_kind_says_when_it_is_due(kind, usual):
    assert opened(new(kind=kind, within=None), opened_incident(), NIGHT).task.due_at == NIGHT + usual


def test_no_secret_and_no_personal_data_is_kept_in_a_task():
    text = opened(new("call +201000000011, token=abc123def456"), opened_incident(), NIGHT).task.text
    assert "+201000000011" not in text
    assert "abc123def456" not in text


@pytest.mark.parametrize(
    ("wish", "state", "outcome"),
    [
        (new(" "), State.TRIGGERED, TaskOutcome.NO_TEXT),
        (new(within=timedelta(0)), State.TRIGGERED, TaskOutcome.NO_SUCH_DUE),
        (new(within=timedelta(days=181)), State.TRIGGERED, TaskOutcome.NO_SUCH_DUE),
        (new(), State.CLOSED, TaskOutcome.CLOSED),
        (new(), State.MERGED, TaskOutcome.MERGED),
        (new(kind=TaskKind.ACTION), State.MERGED, TaskOutcome.MERGED),
    ],
)
def test_what_is_refused_has_a_name(wish, state, outcome):
    change = opened(wish, replace(opened_incident(), state=state), NIGHT)
    assert (change.outcome, change.task) == (outcome, None)


def test_a_closed_incident_takes_action_items_still():
    change = opened(new(kind=TaskKind.ACTION), replace(opened_incident(), state=State.CLOSED), NIGHT)
    assert change.outcome is TaskOutcome.OPENED
    assert not change.task.holds_open


def test_whoever_did_it_is_on_the_record_and_nobody_is_reminded_any_more():
    change = done(task(), "lead", NIGHT + HOUR)
    assert (change.task.done_by, change.task.remind_at, change.task.is_open) == ("lead", None, False)
    assert done(change.task, "omar", NIGHT + HOUR).outcome is TaskOutcome.ALREADY_DONE


def test_a_task_that_is_handed_over_late_is_reminded_of_at_once():
    change = reassigned(task(), "lead", "omar", NIGHT + 3 * HOUR)
    assert (change.task.owner, change.task.remind_at) == ("lead", NIGHT + 3 * HOUR)
    assert reassigned(task(), "omar", "mona", NIGHT).outcome is TaskOutcome.ALREADY_THEIRS


def test_a_task_that_is_put_off_is_reminded_of_then():
    late = reminded(task(), NIGHT + HOUR)
    assert put_off(late, 5 * HOUR, "omar", NIGHT + HOUR).task.remind_at == NIGHT + 6 * HOUR


@given(st.lists(st.integers(1, 600), max_size=30))
def test_reminders_never_come_closer_than_their_interval_and_never_before_the_task_is_due(waits):
    now, one, told = NIGHT, task(), []
    for minutes in waits:
        now += timedelta(minutes=minutes)
        after = reminded(one, now)
        if after is not None:
            told.append(now)
            one = after
    assert all(at >= one.due_at for at in told)
    assert all(b - a >= one.kind.remind_every for a, b in itertools.pairwise(told))
    assert one.reminded == len(told)
