"""Tasks of an incident: on its record, told to their owners, reminded until they are done, and never by telephone."""

from datetime import timedelta

import pytest

from shared.domain.incidents import Acked
from shared.domain.notifications import Channel
from shared.domain.reasons import Notify
from shared.domain.tasks import TaskKind, TaskOutcome
from shared.usecases.records import tasks_of, timeline_of
from shared.usecases.tasks import (
    TaskPorts,
    TaskWish,
    finish_task,
    open_task,
    open_tasks,
    put_off_task,
    reassign_task,
)


@pytest.fixture
def name(world):
    incident = world.fires("crash").incident
    world.pump()
    return incident


@pytest.fixture
def ports(world):
    return TaskPorts(world.config, world.store, world.bus, world.clock)


def told(world):
    return [(row.recipient, row.channel) for row in world.ledger(reason=Notify.BULLETIN)]


def wish(name, **changes):
    return TaskWish(**{"incident": name, "text": "restart the workers", "by": "mona", "owner": "omar", **changes})


def test_a_task_for_somebody_else_is_told_to_them_once_and_stands_on_the_record(world, name, ports):
    answer = open_task(wish(name), ports)
    assert (answer.outcome, answer.happened) == (TaskOutcome.OPENED, True)
    assert told(world) == [("omar", Channel.SLACK)]
    last = timeline_of(world.store, name)[-1]
    assert (last.event, last.reason, last.actor) == ("task", TaskOutcome.OPENED, "mona")
    assert world.incident(name).open_tasks == 1


def test_ones_own_task_needs_no_message(world, name, ports):
    open_task(wish(name, owner=""), ports)
    assert (told(world), tasks_of(world.store, name)[0].owner) == ([], "mona")


def test_the_owner_is_reminded_when_it_is_due_and_again_until_it_is_done(world, name, ports):
    task = open_task(wish(name, owner="mona", within=timedelta(hours=1)), ports).task
    world.tick(minutes=59)
    assert told(world) == []
    world.tick(minutes=1)
    world.tick(minutes=1)
    assert told(world) == [("mona", Channel.SLACK)]
    world.tick(hours=4)
    assert told(world) == [("mona", Channel.SLACK)] * 2
    finish_task(task.id, by="omar", ports=ports)
    world.tick(hours=8)
    assert len(told(world)) == 2
    assert (world.incident(name).open_tasks, open_tasks(world.store)) == (0, [])


def test_nobody_is_rung_for_a_task_and_whoever_has_no_slack_gets_a_mail(world, name, ports):
    open_task(wish(name, owner="boss", within=timedelta(minutes=5)), ports)
    world.tick(minutes=5)
    assert told(world) == [("boss", Channel.EMAIL)] * 2
    assert {row.severity for row in world.ledger(reason=Notify.BULLETIN)} == {"low"}


def test_a_task_goes_from_hand_to_hand_and_its_new_owner_hears_of_it(world, name, ports):
    task = open_task(wish(name, owner=""), ports).task
    answer = reassign_task(task.id, to="lead", by="mona", ports=ports)
    assert (answer.task.owner, told(world)) == ("lead", [("lead", Channel.SLACK)])
    assert put_off_task(task.id, within=timedelta(hours=9), by="lead", ports=ports).outcome is TaskOutcome.DUE_MOVED
    assert [line.reason for line in timeline_of(world.store, name) if line.event == "task"] == [
        TaskOutcome.OPENED,
        TaskOutcome.REASSIGNED,
        TaskOutcome.DUE_MOVED,
    ]


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"by": "board"}, Acked.NOT_ENTITLED),
        ({"owner": "board"}, TaskOutcome.CANNOT_OWN),
        ({"owner": "nobody"}, TaskOutcome.CANNOT_OWN),
        ({"incident": "INC-0"}, Acked.UNKNOWN_INCIDENT),
        ({"text": " "}, TaskOutcome.NO_TEXT),
    ],
)
def test_a_refusal_changes_nothing_and_says_why(world, name, ports, changes, outcome):
    before = world.incident(name)
    answer = open_task(wish(name, **changes), ports)
    assert (answer.outcome, answer.happened) == (outcome, False)
    assert (world.incident(name), open_tasks(world.store)) == (before, [])


def test_a_task_that_does_not_exist_or_is_done_is_not_done_again(world, name, ports):
    assert finish_task("TSK-0", by="mona", ports=ports).outcome is TaskOutcome.NO_SUCH_TASK
    task = open_task(wish(name), ports).task
    finish_task(task.id, by="mona", ports=ports)
    assert finish_task(task.id, by="omar", ports=ports).outcome is TaskOutcome.ALREADY_DONE
    assert finish_task(task.id, by="board", ports=ports).outcome is Acked.NOT_ENTITLED


def test_an_action_item_does_not_keep_the_incident_from_closing(world, name, ports):
    open_task(wish(name, kind=TaskKind.ACTION), ports)
    assert world.incident(name).open_tasks == 0
    assert [task.kind for task in open_tasks(world.store)] == [TaskKind.ACTION]
