"""Where a fault can strike: before and after each commit, publication, message to a provider and call of a function."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shared import logs
from shared.errors import TemporaryFailureError, UnknownOutcomeError
from shared.ports.messages import Notifier, Outgoing, Sent
from shared.ports.platform import Publisher
from shared.ports.store import Document, Query, StateStore, Write


class How(StrEnum):
    """What happens at the boundary."""

    KILL = "killed"  # the process ends there; nothing after it is done
    FAIL = "failed"  # the engine or provider answers with an error, or its answer is lost
    TWICE = "twice"  # what is published or called there comes a second time
    LATE = "late"  # what is published there comes after everything else


class Killed(BaseException):
    """The process ended here."""


@dataclass
class Switch:
    """Counts the boundaries that are crossed, and strikes once, at the one numbered `at`.

    `crossed` holds their names ("handle_signal: before commit") in the order in which they were crossed.
    """

    at: int | None = None
    how: How = How.KILL
    crossed: list[str] = field(default_factory=list)
    is_armed: bool = False
    struck: str = ""

    def cross(self, what: str, error: Exception | None = None) -> How | None:
        """Go over a boundary; raises what the fault is, or says what the caller has to do to make it."""
        if not self.is_armed:
            return None
        context: Mapping[str, Any] = logs.context.get() or {}
        name = f"{context.get('function', 'bus')}: {what}"
        self.crossed.append(name)
        if len(self.crossed) - 1 != self.at:
            return None
        self.struck = name
        if self.how is How.KILL:
            raise Killed(name)
        if self.how is How.FAIL and error is not None:
            raise error
        return self.how


@dataclass(frozen=True)
class StruckStore:
    """A state store with boundaries around each commit."""

    inner: StateStore
    switch: Switch

    def get(self, collection: str, id: str) -> Document | None:  # noqa: A002 - the port's word
        """As the store has it."""
        return self.inner.get(collection, id)

    def find(self, query: Query) -> list[Document]:
        """As the store has it."""
        return self.inner.find(query)

    def commit(self, writes: Sequence[Write]) -> None:
        """Commit, unless the fault strikes before it; one that strikes after it loses the answer."""
        self.switch.cross("before commit", ConnectionError("the store does not answer"))
        self.inner.commit(writes)
        self.switch.cross("after commit", ConnectionError("the store's answer is lost"))


@dataclass(frozen=True)
class StruckPublisher:
    """A bus with boundaries around each publication."""

    inner: Publisher
    switch: Switch
    late: list[tuple[str, bytes, Mapping[str, str] | None]]

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> str:
        """Publish, unless the fault strikes before it; held back or doubled where that is the fault."""
        how = self.switch.cross(f"before publishing to {topic}", ConnectionError("the bus does not answer"))
        if how is How.LATE:
            self.late.append((topic, data, attributes))
            return "late"
        name = self.inner.publish(topic, data, attributes)
        if how is How.TWICE:
            self.inner.publish(topic, data, attributes)
        self.switch.cross(f"after publishing to {topic}", ConnectionError("the bus's answer is lost"))
        return name


@dataclass(frozen=True)
class StruckNotifier:
    """A channel with boundaries around each message."""

    inner: Notifier
    switch: Switch

    def send(self, message: Outgoing) -> Sent:
        """Send, unless the fault strikes before it; one that strikes after it loses the provider's answer."""
        body = type(message.body).__name__.removesuffix("Body").lower()
        self.switch.cross(f"before sending {body}", TemporaryFailureError("503"))
        sent = self.inner.send(message)
        self.switch.cross(f"after sending {body}", UnknownOutcomeError("the answer is lost"))
        return sent

    def find(self, message: Outgoing) -> Sent | None:
        """As the provider knows it."""
        return self.inner.find(message)


@dataclass(frozen=True)
class StruckClient:
    """A function as bus, scheduler and providers call it; killed before it begins, or before its answer arrives."""

    inner: Any
    name: str
    switch: Switch

    def post(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as the client takes and gives them
        """One request."""
        self.switch.cross(f"before {self.name} is called")
        answer = self.inner.post(*arguments, **options)
        how = self.switch.cross(f"after {self.name} has answered")
        return self.inner.post(*arguments, **options) if how is How.TWICE else answer
