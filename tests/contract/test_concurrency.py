"""Writers that meet: on the embedded engines in every order, on Google's emulators for real."""

import base64
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock
from uuid import uuid4

import msgspec
import pytest
import stamina
from google.cloud import firestore, pubsub_v1

from shared.adapters.clocks import VirtualClock
from shared.adapters.firestore import FirestoreState
from shared.adapters.pubsub import PubSubPublisher, client
from shared.adapters.sqlite_state import SqliteState
from shared.domain.incidents import State
from shared.domain.reasons import Notify
from shared.usecases.act import Act, Action, act
from shared.usecases.escalate import take_due_steps
from shared.usecases.records import INCIDENTS, NOTIFICATIONS
from tests.conftest import NIGHT
from tests.contract.test_publisher import SECONDS, Subscriber
from tests.unit.usecases.world import World

WRITERS = 8
INTERLEAVINGS = {"sqlite": 10_000, "firestore": 300}
A_STORE_OF = 50  # interleavings share a store; the incident of each is resolved before the next
PAGES = {Notify.ESCALATED, Notify.REPEATED, Notify.LAST_RESORT}
OPERATIONS = 24


@pytest.fixture(params=["sqlite", "firestore"])
def new_store(request, tmp_path):
    """Makes empty stores."""
    if request.param == "sqlite":
        return lambda: SqliteState(tmp_path / f"{uuid4().hex}.db")
    made = request.getfixturevalue("firestore_client")
    shared = made()  # one channel to the emulator for all
    return lambda: FirestoreState(lambda: firestore.Client(project=f"{shared.project}{uuid4().hex[:8]}"))


@pytest.fixture
def no_pauses():
    """Between attempts nobody waits: the order of operations is what is tested."""
    with stamina.set_testing(True, attempts=12):
        yield


def test_eight_writers_on_one_incident_lose_nothing(new_store):
    world = World(new_store(), VirtualClock(NIGHT))
    world.fires(event="first")
    with ThreadPoolExecutor(WRITERS) as pool:
        reasons = list(pool.map(lambda n: world.fires(event=f"e{n}"), range(WRITERS)))
    [incident] = world.incidents()
    assert incident.count == WRITERS + 1
    assert len(reasons) == WRITERS


def test_one_event_delivered_eight_times_at_once_counts_once(new_store):
    world = World(new_store(), VirtualClock(NIGHT))
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda _: world.fires(event="same"), range(WRITERS)))
    [incident] = world.incidents()
    rows = world.ledger()
    assert incident.count == 1
    assert len({(row.recipient, row.channel) for row in rows}) == len(rows)


def test_eight_people_acknowledge_at_once_and_one_owns_it(new_store):
    world = World(new_store(), VirtualClock(NIGHT))
    world.fires()
    [incident] = world.incidents()
    people = ("mona", "omar", "lead", "boss") * 2
    with ThreadPoolExecutor(WRITERS) as pool:
        done = list(pool.map(lambda p: act(Act(Action.ACKNOWLEDGE, incident.id, p, "slack"), **world.ports), people))
    assert sum(one.happened for one in done) == 1
    [winner] = [person for person, one in zip(people, done, strict=True) if one.happened]
    assert world.incident(incident.id).owner == winner


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
        self.owned = self.owned or State.ACKNOWLEDGED in states


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


def test_acknowledging_and_escalating_meet_in_every_order(request, new_store, no_pauses):
    kind = request.node.callspec.params["new_store"]
    escalated = 0
    for seed in range(INTERLEAVINGS[kind]):
        if seed % A_STORE_OF == 0:
            world = World(new_store(), VirtualClock(NIGHT))
        name, watched = play(world, seed)
        incident = world.incident(name)
        rows = [row for row in world.ledger() if row.incident == name and row.reason in PAGES]
        told = [(row.recipient, row.channel, row.step) for row in rows]
        assert incident.state is State.ACKNOWLEDGED, seed
        assert incident.owner in {"mona", "omar"}, seed
        assert incident.count <= 2, seed
        assert watched.paged_when_owned == [], seed
        assert len(set(told)) == len(told), seed
        escalated += bool(rows)
        act(Act(Action.RESOLVE, name, "mona", "slack"), **world.ports)
        world.bus.messages.clear()
    assert 0 < escalated < INTERLEAVINGS[kind]  # both have won


@contextmanager
def subscribed(host, monkeypatch, endpoint, **options):
    """A topic whose messages are pushed to the endpoint and, given up, to the topic "dead"; yields publisher and pull."""
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", host)
    project = f"t-{uuid4().hex[:8]}"
    topics = pubsub_v1.PublisherClient()
    path, dead = (topics.create_topic(name=f"projects/{project}/topics/{name}").name for name in ("signals", "dead"))
    push = pubsub_v1.types.PushConfig(push_endpoint=endpoint)
    with pubsub_v1.SubscriberClient() as subscriptions:
        kept = subscriptions.create_subscription(name=f"projects/{project}/subscriptions/dead", topic=dead).name
        request = {"name": f"projects/{project}/subscriptions/s", "topic": path, "push_config": push}
        letters = {"dead_letter_topic": dead, "max_delivery_attempts": 5}
        subscriptions.create_subscription(request={**request, "dead_letter_policy": letters, **options})
        yield (
            PubSubPublisher(project, client),
            lambda: subscriptions.pull(subscription=kept, max_messages=1, timeout=SECONDS).received_messages,
        )


@pytest.fixture
def subscriber():
    server = Subscriber()
    yield server
    server.shutdown()
    server.server_close()


def test_a_message_nobody_takes_is_given_up_to_the_dead_letter_topic(pubsub_host, subscriber, monkeypatch):
    with subscribed(pubsub_host, monkeypatch, subscriber.url) as (publisher, pull):
        subscriber.answers = [500] * 50
        publisher.publish("signals", b"poison", {"origin": "soukmon"})
        attempts = [subscriber.next().get("deliveryAttempt") for _ in range(5)]
        [letter] = pull()
    assert attempts == [1, 2, 3, 4, 5]
    assert letter.message.data == b"poison"
    assert letter.message.attributes["origin"] == "soukmon"


def test_pushes_that_come_twice_and_in_any_order_make_one_incident_each(pubsub_host, subscriber, monkeypatch, tmp_path):
    world, lock = World(SqliteState(tmp_path / "state.db"), VirtualClock(NIGHT)), Lock()
    events = [(f"crash-{n % 3}", f"event-{n}") for n in range(12)]
    with subscribed(pubsub_host, monkeypatch, subscriber.url) as (publisher, _):
        random.Random(7).shuffle(events)
        subscriber.answers = [500, 204] * len(events)  # half of them are refused, so they come again, later than others
        for name, event in events:
            publisher.publish("signals", msgspec.json.encode([name, event]))
        taken = set()
        while len(taken) < len(events):
            name, event = msgspec.json.decode(base64.b64decode(subscriber.next()["message"]["data"]))
            with lock:
                world.fires(name, event=event)
                world.fires(name, event=event)  # what was answered too late comes once more
            taken.add(event)
    assert sorted(incident.count for incident in world.incidents()) == [4, 4, 4]
