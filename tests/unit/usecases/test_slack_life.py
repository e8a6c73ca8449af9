"""/incident: the words for an incident's further life, its roles and its tasks."""

import re
from datetime import timedelta

import pytest

from shared.domain.incidents import Role, State
from shared.domain.reasons import Notify
from shared.domain.severities import Severity
from shared.domain.slack_requests import SlackAction, SlackCommand
from shared.usecases.records import tasks_of, timeline_of
from shared.usecases.slack_actions import answer


@pytest.fixture
def ask(world):
    count = iter(range(1_000))
    return lambda request: answer(request, nonce=f"n{next(count)}", open_view=lambda *_: None, **world.ports)


@pytest.fixture
def says(ask):
    return lambda text, user="U0MONA": ask(SlackCommand(text, user, "C1"))["text"].replace("\u200b", "")


@pytest.fixture
def name(world):
    incident = world.fires("crash").incident
    world.pump()
    return incident


SAID = {
    "mitigate {} rolled back": "mitigated",
    "severity {} high only one shop": "severity lowered: HIGH",
    "role {} scribe": "role taken",
    "role {} comms lead": "role given",
    "role {} ic @Omar": "role given",
    "close {}": "only a resolved incident can be closed",
    "reopen {}": "it is still open",
    "merge {} into {}": "an incident cannot be merged into itself",
    "task {} owner=lead due=3h call the bank": "call the bank, Laila Nour, due 10 Mar 05:10 EET",
    'task {} owner="Laila Nour" call': "call, Laila Nour",
    "action {} due=2w write a test": "write a test, Mona Adel, due 24 Mar 02:10 EET",
    "tasks {}": "It has no tasks.",
    "tasks": "No task is open.",
}


@pytest.mark.parametrize(("typed", "expected"), SAID.items())
def test_a_command_is_carried_out_and_answered_to_its_author_alone(says, name, typed, expected):
    assert expected in says(typed.replace("{}", name))


UNCLEAR = {
    "severity {}": "Which severity?",
    "severity {} awful it is": "'awful' is no severity.",
    "severity {} high": "changed for a reason: why?",
    "role {}": "Which role: commander, communications, scribe?",
    "role {} king": "'king' is no role",
    "role {} scribe nobody": "Nobody on the on-call list answers",
    "merge {}": "Into which incident?",
    "merge {} into INC-none": "No incident answers",
    "task {} due=soon look": "'soon' is no length of time",
    "task {} owner=nobody look": "Nobody on the on-call list answers",
    "task {}": "a task needs a text",
    "done": "Which task?",
    "done TSK-none": "no such task",
    "retask TSK-none": "either owner=… or due=…",
}


@pytest.mark.parametrize(("typed", "expected"), UNCLEAR.items())
def test_what_is_unclear_is_said_and_changes_nothing(world, says, name, typed, expected):
    before = world.incident(name)
    assert expected in says(typed.replace("{}", name))
    assert (world.incident(name), tasks_of(world.store, name)) == (before, [])


def test_a_task_is_done_handed_over_and_put_off_by_the_beginning_of_its_id(world, says, name):
    task = re.search(r"TSK-\w+", says(f"task {name} look at the logs"))[0]
    assert "Laila Nour" in says(f"retask {task[:8]} owner=lead")
    assert "due 10 Mar 11:10 EET" in says(f"retask {task} due=9h")
    assert "overdue" not in says("tasks")
    world.clock.advance(timedelta(hours=10))
    assert "overdue" in says("tasks")
    assert "done by Omar Said" in says(f"done {task}", "U0OMAR")
    assert "done by Omar Said" in says(f"tasks {name}")
    assert says("tasks") == "No task is open."


def test_two_incidents_are_merged_and_each_says_so(world, says, name):
    other = world.fires("slow", service="web").incident
    assert f"{other}: Merged into {name}." in says(f"merge {other} into {name}")
    assert f"Merged into {name}" in says(f"show {other}")
    assert f"({name})" in says(f"ack {other}")


def test_it_is_resolved_reopened_and_closed_by_command(world, says, name):
    says(f"resolve {name}")
    assert "reopened" in says(f"reopen {name} customers still complain")
    assert "customers still complain" in [line.detail for line in timeline_of(world.store, name)][-1]
    says(f"resolve {name}")
    assert "closed" in says(f"close {name}")
    assert world.incident(name).state is State.CLOSED


def test_the_buttons_for_it_do_the_same_and_the_message_shows_it(world, ask, name):
    press = lambda action: ask(SlackAction(action, name, "U0MONA", "C0INCIDENTS", "1.2", action, "1.U0MONA.x"))  # noqa: E731
    for action, state in (("acknowledge", "acknowledged"), ("mitigate", "mitigated"), ("resolve", "resolved")):
        press(action)
        assert world.incident(name).state == state
    press("reopen")
    assert world.incident(name).state is State.TRIGGERED
    assert world.ledger(reason=Notify.REPLY) == []


def test_what_the_words_change_is_what_the_incident_holds(world, says, name):
    says(f"severity {name} low one user")
    says(f"role {name} commander lead")
    incident = world.incident(name)
    assert (incident.severity, incident.roles) == (Severity.LOW, {Role.COMMANDER: "lead"})
