"""Acknowledging, mitigating, escalating and signals that come twice, in every order: nobody is paged once it is owned."""

import random
from datetime import timedelta

import pytest
import stamina

from shared.adapters.clocks import VirtualClock
from shared.domain.incidents import State
from shared.domain.reasons import Notify
from shared.usecases.act import Act, Action, act
from shared.usecases.escalate import take_due_steps
from shared.usecases.records import INCIDENTS, NOTIFICATIONS, notifications_of
from tests.conftest import NIGHT
from tests.unit.usecases.world import World

INTERLEAVINGS = {"sqlite": 10_000, "firestore": 300}
A_STORE_OF = 20  # interleavings share a store; the incident of each is resolved before the next
PAGES = {Notify.ESCALATED, Notify.REPEATED, Notify.LAST_RESORT}
OPERATIONS = 24


@pytest.fixture
def no_pauses():
    """Between attempts nobody waits: the order of operations is what is tested."""
    with stamina.set_testing(True, attempts=12):
        yield


class Interrupted:
    """A store before whose operations, at the given counts, others act; it watches what is committed."""

    def __init__(self, store, intrusions):
        self._store, self._intrusions, self._count = store, sorted(intrusions, key=lambda pair: pair[0]), 0
        self.owned, self.paged_when_owned = False, []

    def _step(self):
        self._count += 1
        while self._intrusions and self._intrusions[0][0] <= self._count:
            _, intrude = self._intrusions.pop(0)
            intrude()

    def rest(self):
        while self._intrusions:
            self._intrusions.pop(0)[1]()

    def get(self, *words):
        self._step()
        return self._store.get(*words)

    def find(self, query):
        self._step()
        return self._store.find(query)

    def commit(self, writes):
        self._step()
        self._store.commit(writes)
        rows = [write.body for write in writes if write.collection == NOTIFICATIONS]
        if self.owned:
            self.paged_when_owned += [row for row in rows if row.get("reason") in PAGES and row["state"] == "planned"]
        states = [write.body.get("state") for write in writes if write.collection == INCIDENTS]
        self.owned = self.owned or not {State.ACKNOWLEDGED, State.MITIGATED}.isdisjoint(states)


def play(world, seed):
    """An incident whose second step is due; ticks, acknowledgements and redelivered signals meet in a random order."""
    dice = random.Random(seed)
    plain_store = world.store
    name = f"crash-{seed}"
    world.fires(name, event=f"{name}-1")
    [incident] = [one for one in world.incidents() if one.state is State.TRIGGERED]
    world.clock.advance(timedelta(minutes=15))
    actors = [
        lambda: take_due_steps(**{k: v for k, v in world.ports.items() if k != "clock"}, now=world.clock.now()),
        lambda: act(Act(Action.ACKNOWLEDGE, incident.id, "mona", "sms"), **world.ports),
        *dice.sample(
            [
                lambda: act(Act(Action.ACKNOWLEDGE, incident.id, "omar", "slack"), **world.ports),
                lambda: act(Act(Action.MITIGATE, incident.id, "lead", "page"), **world.ports),
                lambda: take_due_steps(**{k: v for k, v in world.ports.items() if k != "clock"}, now=world.clock.now()),
                lambda: world.fires(name, event=f"{name}-2"),
                lambda: world.fires(name, event=f"{name}-2"),
            ],
            k=dice.randint(0, 3),
        ),
    ]
    dice.shuffle(actors)
    first, *others = actors
    watched = Interrupted(plain_store, [(dice.randint(1, OPERATIONS), other) for other in others])
    world.store = watched
    try:
        first()
        watched.rest()
    finally:
        world.store = plain_store
    return incident.id, watched


def test_E54_acknowledging_mitigating_and_escalating_meet_in_every_order(request, new_store, no_pauses):
    kind = request.node.callspec.params["new_store"]
    escalated = 0
    for seed in range(INTERLEAVINGS[kind]):
        if seed % A_STORE_OF == 0:
            world = World(new_store(), VirtualClock(NIGHT))
        name, watched = play(world, seed)
        incident = world.incident(name)
        rows = [row for row in notifications_of(world.store, name) if row.reason in PAGES]
        told = [(row.recipient, row.channel, row.step) for row in rows]
        assert incident.state.is_owned, seed
        assert incident.owner in {"mona", "omar", "lead"}, seed
        assert incident.count <= 2, seed
        assert watched.paged_when_owned == [], seed
        assert len(set(told)) == len(told), seed
        escalated += bool(rows)
        act(Act(Action.RESOLVE, name, "mona", "slack"), **world.ports)
        world.bus.messages.clear()
    assert 0 < escalated < INTERLEAVINGS[kind]  # both have won
