"""Steps of one run: what fails keeps no other from its turn, and the run fails all the same."""

from dataclasses import dataclass, replace

import pytest

from shared.ports.store import Query
from shared.usecases.apart import Apart
from shared.usecases.escalate import escalate
from shared.usecases.records import HEARTBEATS, INCIDENTS, WINDOWS


def test_every_step_has_its_turn_and_the_failures_are_raised_together():
    apart, taken = Apart(), []
    assert apart.take(lambda: 2) == 2
    assert apart.take(lambda: 1 // 0) == 0
    assert apart.take(lambda: taken.append("last")) == 0
    assert taken == ["last"]
    with pytest.raises(ExceptionGroup) as raised:
        apart.raise_failures()
    assert [type(error) for error in raised.value.exceptions] == [ZeroDivisionError]


def test_where_nothing_failed_nothing_is_raised():
    assert Apart().raise_failures() is None


@dataclass
class Unreadable:
    """A store in which the windows, and one incident, cannot be read."""

    store: object
    incident: str

    def get(self, collection, name):
        if collection == INCIDENTS and name == self.incident:
            raise ValueError("not an incident")
        return self.store.get(collection, name)

    def find(self, query):
        if query.collection == WINDOWS:
            raise ValueError("not a window")
        return self.store.find(query)

    def commit(self, writes):
        self.store.commit(writes)


def test_a_window_and_an_incident_that_cannot_be_read_keep_nobody_else_from_being_paged(world):
    broken, other = world.fires("one").incident, world.fires("two").incident
    world.pump()
    world.clock.advance(world.incident(other).due_at - world.clock.now())
    before = len(world.ledger(incident=other))
    ports = {**world.ports, "store": Unreadable(world.store, broken)}
    with pytest.raises(ExceptionGroup):
        escalate(**ports)
    assert len(world.ledger(incident=other)) > before
    assert world.store.find(Query(HEARTBEATS)) == []  # a run that failed is no sign of life
    escalate(**replace(world).ports)
    assert world.store.get(HEARTBEATS, "escalate_incidents") is not None
