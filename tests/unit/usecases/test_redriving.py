"""Dead letters sent again: what each answer of the function means for the letter."""

import pytest

from shared.adapters.folder import FolderObjects
from shared.usecases.quarantine import Delivery, quarantine
from shared.usecases.records import DEAD_LETTERS
from shared.usecases.redriving import ask_for_redrive, redrive_asked


@pytest.fixture
def objects(tmp_path):
    return FolderObjects(tmp_path / "objects")


@pytest.fixture
def letter(world, objects):
    delivery = Delivery("receive_log_entry", {"Content-Type": "application/json", "Authorization": "Bearer x"}, b"{no")
    kept = quarantine(delivery, "not JSON", store=world.store, objects=objects, publisher=world.bus, clock=world.clock)
    document = world.store.get(DEAD_LETTERS, kept)
    ask_for_redrive(document, by="mona", store=world.store, publisher=world.bus, clock=world.clock)
    return kept


@pytest.fixture
def answers(world, objects, letter):
    """Redrive the letter to a function that answers with a status; what it was called with."""
    calls = []

    def redrive_with(status):
        def call(function, headers, body):
            calls.append((function, dict(headers), body))
            return status

        redrive_asked(letter, call=call, store=world.store, objects=objects, clock=world.clock)
        return calls

    return redrive_with


def state(world, letter):
    return world.store.get(DEAD_LETTERS, letter).body["state"]


def test_the_function_gets_the_bytes_as_they_came_without_the_caller_s_own_token(world, letter, answers):
    assert answers(204) == [("receive_log_entry", {"content-type": "application/json"}, b"{no")]
    assert state(world, letter) == "redriven"


def test_a_function_that_fails_is_asked_again_and_the_letter_stays_asked_for(world, letter, answers):
    with pytest.raises(ConnectionError, match="answered 503"):
        answers(503)
    assert state(world, letter) == "redrive asked for"
    assert len(answers(204)) == 2
    assert state(world, letter) == "redriven"


def test_a_function_that_refuses_is_not_asked_again(world, letter, answers):
    answers(401)
    assert state(world, letter) == "kept again"
    assert len(answers(204)) == 1
