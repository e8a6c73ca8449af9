"""What every publisher must do: what it has accepted reaches the subscriber's address in Pub/Sub's push form."""

import base64
import queue
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import msgspec
import pytest
import requests
from google.api_core.exceptions import NotFound
from google.cloud import pubsub_v1

from shared.adapters.clocks import SystemClock
from shared.adapters.pubsub import PubSubPublisher, client
from shared.adapters.sqlite_bus import Retry, SqliteBus

SECONDS = 30
SOON = Retry(minimum=timedelta(milliseconds=50))


class Subscriber(ThreadingHTTPServer):
    """Takes pushes; answers with the statuses it was given, then with 204."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Push)
        self.seen, self.answers = queue.Queue(), []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/"

    def next(self):
        return self.seen.get(timeout=SECONDS)


class _Push(BaseHTTPRequestHandler):
    def do_POST(self):
        body = msgspec.json.decode(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.put(body)
        self.send_response(self.server.answers.pop(0) if self.server.answers else 204)
        self.end_headers()

    def log_message(self, *_):
        """Silent."""


@pytest.fixture
def subscriber():
    server = Subscriber()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["sqlite", "pubsub"])
def publisher(request, subscriber, tmp_path, monkeypatch):
    """A topic "signals" whose messages are pushed to the subscriber."""
    if request.param == "sqlite":
        bus = SqliteBus(tmp_path / "bus.db", clock=SystemClock(), retry=SOON)
        with _carried(bus, subscriber):
            yield bus
    else:
        yield _on_the_emulator(request.getfixturevalue("pubsub_host"), subscriber, monkeypatch)


def _on_the_emulator(host, subscriber, monkeypatch):
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", host)
    project = f"t-{uuid4().hex[:8]}"
    with pubsub_v1.SubscriberClient() as subscriptions:
        topic = pubsub_v1.PublisherClient().create_topic(name=f"projects/{project}/topics/signals").name
        subscriptions.create_subscription(
            name=f"projects/{project}/subscriptions/signals",
            topic=topic,
            push_config=pubsub_v1.types.PushConfig(push_endpoint=subscriber.url),
        )
    return PubSubPublisher(project, client)


@contextmanager
def _carried(bus, subscriber):
    stopped = threading.Event()

    def carry():
        while not stopped.is_set():
            bus.arrived.wait(0.05)
            bus.push_one(lambda m: requests.post(subscriber.url, data=m.push_body("p"), timeout=5).ok)

    worker = threading.Thread(target=carry, daemon=True)
    worker.start()
    yield
    stopped.set()
    worker.join()


class TestPublisher:
    def test_a_message_arrives_whole_with_its_id_and_attributes(self, publisher, subscriber):
        name = publisher.publish("signals", "إشارة".encode(), {"origin": "soukmon"})
        message = subscriber.next()["message"]
        assert base64.b64decode(message["data"]).decode() == "إشارة"
        assert (message["messageId"], message["attributes"]) == (name, {"origin": "soukmon"})
        assert message["publishTime"]

    def test_every_message_has_an_id_of_its_own(self, publisher, subscriber):
        names = [publisher.publish("signals", b"x") for _ in range(3)]
        assert len(set(names)) == 3
        assert {subscriber.next()["message"]["messageId"] for _ in names} == set(names)

    def test_a_refused_message_comes_again(self, publisher, subscriber):
        subscriber.answers = [500]
        name = publisher.publish("signals", b"again")
        assert subscriber.next()["message"]["messageId"] == name
        assert subscriber.next()["message"]["messageId"] == name


def test_a_topic_that_does_not_exist_is_an_error_of_the_caller(pubsub_host, monkeypatch):
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub_host)
    with pytest.raises(NotFound):
        PubSubPublisher("t-nothing", client).publish("signals", b"x")
