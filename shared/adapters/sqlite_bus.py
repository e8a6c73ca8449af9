"""A durable queue with push on SQLite: the embedded twin of Pub/Sub topics with push subscriptions and dead letters."""

import base64
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Connection

import msgspec

from shared.adapters.sqlite_documents import connect
from shared.ports.platform import Clock

SCHEMA = """CREATE TABLE IF NOT EXISTS messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, topic TEXT NOT NULL, data BLOB NOT NULL,
  attributes TEXT NOT NULL, published_at TEXT NOT NULL, due_at REAL NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, in_hand INTEGER NOT NULL DEFAULT 0)"""
INDEX = "CREATE INDEX IF NOT EXISTS messages_due ON messages (due_at)"
CLAIM = """UPDATE messages SET in_hand = 1, attempts = attempts + 1, due_at = ?
  WHERE seq = (SELECT seq FROM messages WHERE due_at <= ? ORDER BY due_at, seq LIMIT 1)
  RETURNING seq, id, topic, data, attributes, published_at, attempts"""


@dataclass(frozen=True, slots=True)
class Retry:
    """How a subscription retries, and when it gives up."""

    minimum: timedelta = timedelta(seconds=2)
    maximum: timedelta = timedelta(minutes=10)
    attempts: int = 8
    lease: timedelta = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Message:
    """A claimed message."""

    seq: int
    id: str
    topic: str
    data: bytes
    attributes: dict[str, str]
    published_at: str
    attempts: int

    def push_body(self, project: str) -> bytes:
        """The body of a Pub/Sub push request for this message."""
        message = {
            "data": base64.b64encode(self.data).decode(),
            "attributes": self.attributes,
            "messageId": self.id,
            "publishTime": self.published_at,
        }
        subscription = f"projects/{project}/subscriptions/{self.topic}"
        return msgspec.json.encode({"message": message, "subscription": subscription, "deliveryAttempt": self.attempts})


class SqliteBus:
    """Implements `Publisher`, and pushes what is due to whoever calls `push_one`."""

    def __init__(self, path: Path, *, clock: Clock, retry: Retry | None = None) -> None:
        self._path = path
        self._clock = clock
        self._retry = retry or Retry()
        self._local = threading.local()
        self.arrived = threading.Event()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection.execute(SCHEMA)
        self._connection.execute(INDEX)

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> str:
        """Store a message durably; it is due at once."""
        name, now = secrets.token_hex(8), self._clock.now()
        values = (
            name,
            topic,
            data,
            msgspec.json.encode(dict(attributes or {})).decode(),
            now.isoformat(),
            now.timestamp(),
        )
        sql = "INSERT INTO messages (id, topic, data, attributes, published_at, due_at) VALUES (?, ?, ?, ?, ?, ?)"
        self._connection.execute(sql, values)
        self.arrived.set()
        return name

    def push_one(self, push: Callable[[Message], bool], *, give_up: Callable[[Message], None] | None = None) -> bool:
        """Claim the message that is due longest and push it; False when nothing is due.

        A message that is not taken backs off exponentially; after the last attempt `give_up` gets it.
        """
        message = self._claim()
        if message is None:
            return False
        if push(message):
            self._remove(message)
        elif message.attempts >= self._retry.attempts and give_up is not None:
            give_up(message)
            self._remove(message)
        else:
            pause = min(self._retry.maximum, self._retry.minimum * 2 ** (message.attempts - 1))
            due = (self._clock.now() + pause).timestamp()
            self._connection.execute("UPDATE messages SET due_at = ?, in_hand = 0 WHERE seq = ?", (due, message.seq))
        return True

    def take_back(self) -> None:
        """Make due at once what a process that is gone had in hand; for the one owner of the file, at its start."""
        now = self._clock.now().timestamp()
        self._connection.execute("UPDATE messages SET due_at = ?, in_hand = 0 WHERE in_hand = 1", (now,))

    def waiting(self) -> int:
        """How many messages are stored, due or not."""
        return int(self._connection.execute("SELECT count(*) FROM messages").fetchone()[0])

    def next_due(self) -> float | None:
        """The epoch second at which the next message is due, or None."""
        found = self._connection.execute("SELECT min(due_at) FROM messages").fetchone()[0]
        return None if found is None else float(found)

    def _claim(self) -> Message | None:
        now: datetime = self._clock.now()
        lease = (now + self._retry.lease).timestamp()
        found = self._connection.execute(CLAIM, (lease, now.timestamp())).fetchone()
        if found is None:
            return None
        seq, name, topic, data, attributes, published_at, attempts = found
        return Message(seq, name, topic, data, msgspec.json.decode(attributes), published_at, attempts)

    def _remove(self, message: Message) -> None:
        self._connection.execute("DELETE FROM messages WHERE seq = ?", (message.seq,))

    @property
    def _connection(self) -> Connection:
        if not hasattr(self._local, "connection"):
            self._local.connection = connect(self._path)
        connection: Connection = self._local.connection
        return connection
