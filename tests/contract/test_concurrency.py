"""Writers that meet, and pushes that come twice, in any order or to nobody: on the embedded engines and Google's."""

import base64
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from uuid import uuid4

import msgspec
import pytest
from google.cloud import pubsub_v1

from shared.adapters.clocks import VirtualClock
from shared.adapters.pubsub import PubSubPublisher, client
from shared.adapters.sqlite_state import SqliteState
from shared.usecases.act import Act, Action, act
from tests.conftest import NIGHT
from tests.contract.test_publisher import SECONDS, Subscriber
from tests.unit.usecases.world import World

WRITERS = 8


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
        request = {"name": f"projects/{project}/subscriptions/pushed", "topic": path, "push_config": push}
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
        attempts = [subscriber.next()["message"]["messageId"] for _ in range(5)]
        [letter] = pull()
    assert len(set(attempts)) == 1
    assert letter.message.attributes["CloudPubSubDeadLetterSourceDeliveryCount"] == "5"
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
