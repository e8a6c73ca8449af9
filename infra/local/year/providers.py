"""Providers that take messages, remember them, and fail for minutes when it is their turn."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.notifications import Channel
from shared.errors import TemporaryFailureError, UnknownOutcomeError
from shared.ports.messages import Outgoing, Sent
from shared.ports.platform import Clock


@dataclass(frozen=True, slots=True)
class Fault:
    """From `start` until `end` nothing gets through, or it does and the answer is lost."""

    start: datetime
    end: datetime
    loses_answers: bool


@dataclass
class Provider:
    """Implements `Notifier` for one channel; `tell` hears of each message that was taken."""

    channel: Channel
    clock: Clock
    tell: Callable[[Channel, Outgoing, Sent], None]
    faults: list[Fault] = field(default_factory=list)
    taken: dict[str, Sent] = field(default_factory=dict)
    taken_at: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def send(self, message: Outgoing) -> Sent:
        """Take the message, unless the channel fails now."""
        fault = self._fault()
        if fault is not None and not fault.loses_answers:
            raise TemporaryFailureError("503", "unavailable")
        self.count += 1
        sent = Sent(f"{message.to}:{self.count}" if self.channel is Channel.SLACK else f"{self.channel}-{self.count}")
        self.taken[message.reference] = sent
        self.taken_at[message.reference] = f"{self.clock.now():%Y-%m-%dT%H:%M:%S}"
        self.tell(self.channel, message, sent)
        if fault is not None:
            raise UnknownOutcomeError("timeout", "no answer")
        return sent

    def find(self, message: Outgoing) -> Sent | None:
        """What became of an earlier attempt."""
        return self.taken.get(message.reference)

    def _fault(self) -> Fault | None:
        now = self.clock.now()
        self.faults = [one for one in self.faults if one.end > now]
        return next((one for one in self.faults if one.start <= now), None)
