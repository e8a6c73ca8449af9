"""A state store and a bus that count what they are asked to do, as Firestore and Pub/Sub bill it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.ports.platform import Publisher
from shared.ports.store import Delete, Document, Query, StateStore, Write

ENDS = "expires_at"
SMALLEST = 1_000  # bytes that Pub/Sub bills for any request (cloud.google.com/pubsub/pricing)


@dataclass(slots=True)
class Counts:
    """`expiring` are documents written with an end: each is deleted once, which is billed."""

    reads: int = 0
    writes: int = 0
    deletes: int = 0
    expiring: int = 0
    messages: Counter[str] = field(default_factory=Counter)
    message_bytes: int = 0

    def clear(self) -> None:
        """Begin anew."""
        self.reads = self.writes = self.deletes = self.expiring = self.message_bytes = 0
        self.messages.clear()


@dataclass(frozen=True, slots=True)
class CountingState:
    """Implements StateStore over another one (cloud.google.com/firestore/pricing: an empty answer is one read)."""

    inner: StateStore
    counts: Counts

    def get(self, collection: str, id: str) -> Document | None:  # noqa: A002 - the port's word
        """See `StateStore`."""
        self.counts.reads += 1
        return self.inner.get(collection, id)

    def find(self, query: Query) -> list[Document]:
        """See `StateStore`."""
        found = self.inner.find(query)
        self.counts.reads += max(1, len(found))
        return found

    def commit(self, writes: Sequence[Write]) -> None:
        """See `StateStore`."""
        self.inner.commit(writes)
        for write in writes:
            if isinstance(write, Delete):
                self.counts.deletes += 1
                continue
            self.counts.writes += 1
            self.counts.expiring += ENDS in write.body


@dataclass(frozen=True, slots=True)
class CountingBus:
    """Implements Publisher over another one; a message is billed when it is published and when it is delivered."""

    inner: Publisher
    counts: Counts

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> str:
        """See `Publisher`."""
        size = len(data) + sum(len(name) + len(value) for name, value in (attributes or {}).items())
        self.counts.messages[topic] += 1
        self.counts.message_bytes += 2 * max(SMALLEST, size)
        return self.inner.publish(topic, data, attributes)
