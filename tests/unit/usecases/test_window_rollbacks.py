"""A window's way back from the asking to what came of it: called once, told to everybody, never twice by itself."""

from datetime import timedelta

import pytest

from shared.domain.checklists import Item, Known, Phase
from shared.domain.rollbacks import LEASE, Order, RollbackRefused, RollbackState, RollbackWish, claimed
from shared.errors import NotYetError, PermanentFailureError, TemporaryFailureError, UnknownOutcomeError
from shared.usecases.window_checklist import checklist
from shared.usecases.window_records import read_window, window_write
from shared.usecases.window_rollbacks import BackWish, ask_for_rollback, run_rollback
from tests.unit.usecases.maintenance_world import PLAN, H, again, furnished, office, planned, readers, said, title

from dataclasses import replace  # isort: skip


class Triggers:
    """Implements RollbackTriggers: obeys the test."""

    def __init__(self):
        self.faults, self.called, self.checked = [], [], []

    def check(self, target):
        self.checked.append(target.name)
        self._fail()
        return "HEAD answered 200"

    def run(self, target, call):
        self.called.append((target.name, call))
        self._fail()
        return "200 started"

    def _fail(self):
        if self.faults:
            raise self.faults.pop(0)


@pytest.fixture
def souk(world):
    ready = Item("ready", Phase.BEFORE, "The rollback trigger answers", "زناد", known=Known.ROLLBACK)
    return furnished(world, replace(PLAN, checklist=(ready,)))


@pytest.fixture
def window(souk):
    return planned(souk, start=0 * H, emergency=True, rollback=RollbackWish("api")).window


@pytest.fixture
def triggers():
    return Triggers()


def goes_back(world, window, **how):
    wish = BackWish(window.id, "mona", "orders fail", **how)
    return ask_for_rollback(wish, office=office(world), now=world.clock.now())


def runs(world, window, triggers, *, trial=False):
    return run_rollback(Order(window.id, trial), triggers=triggers, office=office(world), clock=world.clock)


def test_a_person_goes_back_at_once_and_everybody_hears_of_it_and_of_what_came_of_it(souk, window, triggers):
    goes_back(souk, window)
    assert runs(souk, window, triggers) == RollbackState.STARTED
    ((target, call),) = triggers.called
    assert (target, call.window, call.because, call.by) == ("api", window.id, "orders fail", "mona")
    asked, done = said(souk, window)[-2:]
    assert {"sms boss", "slack slack:incidents", "email mona"} <= set(readers(souk, f"{window.id}-{asked}"))
    assert readers(souk, f"{window.id}-{done}") == readers(souk, f"{window.id}-{asked}")
    assert title(souk, f"{window.id}-{done}") == "Rollback of api: started"


def test_a_redelivered_order_calls_nobody_twice(souk, window, triggers):
    goes_back(souk, window)
    runs(souk, window, triggers)
    assert runs(souk, window, triggers) == "nothing to do"
    assert len(triggers.called) == 1


def test_an_order_that_nobody_asked_for_calls_nobody(souk, window, triggers):
    assert runs(souk, window, triggers) == "nothing to do"
    assert run_rollback(Order("window-0"), triggers=triggers, office=office(souk), clock=souk.clock) == "nothing to do"
    assert triggers.called == []


def test_what_surely_did_not_arrive_is_tried_again_as_the_same_asking(souk, window, triggers):
    triggers.faults = [TemporaryFailureError("503")]
    goes_back(souk, window)
    with pytest.raises(NotYetError):
        runs(souk, window, triggers)
    souk.clock.advance(timedelta(seconds=2))
    assert runs(souk, window, triggers) == RollbackState.STARTED
    assert len({call.nonce for _, call in triggers.called}) == 1


@pytest.mark.parametrize(
    ("fault", "state"),
    [(PermanentFailureError("400"), RollbackState.FAILED), (UnknownOutcomeError("lost"), RollbackState.UNKNOWN)],
)
def test_what_failed_or_is_not_known_is_told_and_only_a_person_repeats_it(souk, window, triggers, fault, state):
    triggers.faults = [fault]
    goes_back(souk, window)
    assert runs(souk, window, triggers) == state
    assert runs(souk, window, triggers) == "nothing to do"
    souk.clock.advance(timedelta(seconds=2))
    assert goes_back(souk, window, again=True).window
    assert runs(souk, window, triggers) == RollbackState.STARTED


def test_who_did_not_know_that_it_was_started_does_not_start_it_twice(souk, window, triggers):
    goes_back(souk, window)
    assert goes_back(souk, window).refused == RollbackRefused.GOING
    runs(souk, window, triggers)
    assert goes_back(souk, window).refused == RollbackRefused.DONE
    souk.clock.advance(timedelta(seconds=2))
    assert goes_back(souk, window, again=True).window
    assert runs(souk, window, triggers) == RollbackState.STARTED
    assert len({call.nonce for _, call in triggers.called}) == 2


def test_a_worker_that_died_while_calling_is_told_as_unknown_and_nobody_calls_again(souk, window, triggers):
    goes_back(souk, window)
    now, (found, version) = souk.clock.now(), read_window(window.id, souk.store)
    souk.store.commit([window_write(replace(found, rollback=claimed(found.rollback, now)), version)])
    with pytest.raises(NotYetError):
        runs(souk, window, triggers)
    souk.clock.advance(LEASE)
    assert runs(souk, window, triggers) == RollbackState.UNKNOWN
    assert triggers.called == []


def test_a_trial_is_evidence_for_the_list_and_starts_nothing(souk, window, triggers):
    (order,) = [data for topic, data in souk.bus.messages if topic == "rollbacks"]
    assert order == {"window": window.id, "trial": True}  # planning a window tries its way back
    assert runs(souk, window, triggers, trial=True) == "answers"
    (line,) = checklist(again(souk, window), office=office(souk), now=souk.clock.now())
    assert (line.by, line.evidence, triggers.called) == ("soukmon", "HEAD answered 200", [])


def test_a_target_that_does_not_answer_is_told_to_the_author_and_leaves_its_line_open(souk, window, triggers):
    triggers.faults = [PermanentFailureError("404")]
    assert runs(souk, window, triggers, trial=True) == "does not answer"
    (line,) = checklist(again(souk, window), office=office(souk), now=souk.clock.now())
    assert not line.is_done
    (name,) = [name for name in said(souk, window) if name.startswith("rollback-unreachable")]
    assert readers(souk, f"{window.id}-{name}") == ["email mona", "slack slack:maintenance"]


def test_a_target_that_is_named_no_longer_is_a_failure_that_is_told(souk, window, triggers):
    goes_back(souk, window)
    souk.config = replace(souk.config, maintenance=replace(PLAN, rollbacks={}))
    assert runs(souk, window, triggers) == RollbackState.FAILED
    assert runs(souk, window, triggers, trial=True) == "does not answer"


def test_who_may_not_and_what_cannot_be_rolled_back(souk, window):
    ask = {"office": office(souk), "now": souk.clock.now()}
    assert "nobody called" in ask_for_rollback(BackWish(window.id, "stranger", "x"), **ask).refused
    assert ask_for_rollback(BackWish("window-0", "mona", "x"), **ask).refused == "there is no window window-0"
    plain = planned(souk, start=0 * H, lasting=H / 2, emergency=True).window
    assert ask_for_rollback(BackWish(plain.id, "mona", "x"), **ask).refused == "this window names no rollback"
