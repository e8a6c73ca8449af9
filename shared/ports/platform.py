"""What every act needs: time, topics, our own functions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol


class Publisher(Protocol):
    """Puts a message on a topic. Pub/Sub in production, a durable SQLite queue embedded."""

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> str:
        """The message id, once the message is stored durably."""


class Clock(Protocol):
    """The time; always aware, in UTC."""

    def now(self) -> datetime:
        """The present instant."""


class CallFunction(Protocol):
    """Calls one of our own functions."""

    def __call__(self, function: str, headers: Mapping[str, str], body: bytes) -> int:
        """The HTTP status of its answer; raises OSError when it cannot be reached."""
