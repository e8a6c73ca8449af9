"""The local platform's bus over real Pub/Sub topics: what it publishes goes to Pub/Sub, what it carries comes back.

Pub/Sub's own retries run by its own clock, which no test can move. So messages are pulled, and one that is refused is
held here and tried again by the platform's clock; it stays unacknowledged at Pub/Sub meanwhile.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from google.api_core.exceptions import AlreadyExists, DeadlineExceeded
from google.cloud import pubsub_v1  # type: ignore[attr-defined]  # not typed

from shared.adapters.pubsub import PubSubPublisher, client
from shared.adapters.sqlite_bus import Message, Retry
from shared.ports.platform import Clock

SECONDS = 10.0
LEASE_SECONDS = 600  # the longest that Pub/Sub grants


@dataclass(frozen=True, slots=True)
class _Held:
    message: Message
    ack: str
    due: float


class PulledBus:
    """Implements `Publisher`, and pushes what is due as `SqliteBus` does; it is the only one on its topics."""

    def __init__(self, project: str, topics: Iterable[str], *, prefix: str, clock: Clock) -> None:
        self._project, self._prefix, self._clock = project, prefix, clock
        self._retry = Retry()
        self._publisher = PubSubPublisher(project, client, prefix=prefix)
        self._subscriber = pubsub_v1.SubscriberClient()
        self._lock = threading.Lock()
        self._expected: dict[str, str] = {}  # message id -> topic, of what is published and not yet in hand
        self._held: list[_Held] = []
        self._in_hand = 0
        self.arrived = threading.Event()
        for topic in sorted(topics):
            self._make(topic)

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> str:
        """Publish to Pub/Sub; it is due at once."""
        name = self._publisher.publish(topic, data, attributes)
        with self._lock:
            self._expected[name] = topic
        self.arrived.set()
        return name

    def push_one(self, push: Callable[[Message], bool], *, give_up: Callable[[Message], None] | None = None) -> bool:
        """Take the message that is due longest and push it; False when nothing is due."""
        with self._lock:
            found = self._claim()
            if found is None:
                return False
            self._in_hand += 1
        try:
            again = None if push(found.message) else self._after_refusal(found, give_up)
        finally:
            with self._lock:
                self._in_hand -= 1
        if again is None:
            self._acknowledge(found)
        else:
            with self._lock:
                self._held.append(again)
        return True

    def take_back(self) -> None:
        """Nothing is left by anybody before: the emulator keeps nothing."""

    def waiting(self) -> int:
        """How many messages are published and not done."""
        return len(self._expected) + len(self._held) + self._in_hand

    def next_due(self) -> float | None:
        """The epoch second at which the next message is due, or None."""
        if self._expected:
            return self._clock.now().timestamp()
        return min((held.due for held in self._held), default=None)

    def _make(self, topic: str) -> None:
        path = self._path("topics", topic)
        with suppress(AlreadyExists):
            pubsub_v1.PublisherClient().create_topic(name=path)
        request = {"name": self._path("subscriptions", topic), "topic": path, "ack_deadline_seconds": LEASE_SECONDS}
        with suppress(AlreadyExists):
            self._subscriber.create_subscription(request=request)

    def _claim(self) -> _Held | None:
        now = self._clock.now().timestamp()
        due = sorted((held for held in self._held if held.due <= now), key=lambda held: held.due)
        if due:
            self._held.remove(due[0])
            return replace(due[0], message=replace(due[0].message, attempts=due[0].message.attempts + 1))
        if not self._expected:
            return None
        return self._pulled(next(iter(self._expected.values())))

    def _pulled(self, topic: str) -> _Held | None:
        """One message of a topic on which something is expected; what is not expected came twice."""
        subscription = self._path("subscriptions", topic)
        with suppress(DeadlineExceeded):
            for got in self._subscriber.pull(
                subscription=subscription, max_messages=1, timeout=SECONDS
            ).received_messages:
                given = got.message
                message = Message(
                    0, given.message_id, topic, given.data, dict(given.attributes), given.publish_time.isoformat(), 1
                )
                held = _Held(message, got.ack_id, self._clock.now().timestamp())
                if self._expected.pop(given.message_id, None) is not None:
                    return held
                self._acknowledge(held)
        return None

    def _after_refusal(self, found: _Held, give_up: Callable[[Message], None] | None) -> _Held | None:
        if found.message.attempts >= self._retry.attempts and give_up is not None:
            give_up(found.message)
            return None
        pause = min(self._retry.maximum, self._retry.minimum * 2 ** (found.message.attempts - 1))
        return replace(found, due=(self._clock.now() + pause).timestamp())

    def _acknowledge(self, held: _Held) -> None:
        subscription = self._path("subscriptions", held.message.topic)
        self._subscriber.acknowledge(subscription=subscription, ack_ids=[held.ack])

    def _path(self, kind: str, topic: str) -> str:
        return f"projects/{self._project}/{kind}/{self._prefix}{topic}"
