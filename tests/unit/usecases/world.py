"""A small world for use-case tests: embedded engines in memory-like files, providers that obey the test."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec

from shared.adapters.sqlite_state import SqliteState
from shared.domain.incidents import Incident
from shared.domain.notifications import Channel, Notification
from shared.domain.signals import Signal
from shared.errors import DeliveryError, NotYetError, UnknownOutcomeError
from shared.ports.messages import Outgoing, Sent, SmsBody
from shared.ports.store import Query
from shared.usecases.deliver import deliver
from shared.usecases.escalate import escalate
from shared.usecases.handle_signal import handle_signal
from shared.usecases.outbox import NOTIFICATIONS_TOPIC
from shared.usecases.procedure_actions import ACTIONS
from shared.usecases.proceeding import Proceeding, proceed
from shared.usecases.records import INCIDENTS, NOTIFICATIONS, value_of
from tests.conftest import configuration


class MemoryBus:
    """Implements Publisher: what was published, in order."""

    def __init__(self):
        self.messages = []

    def publish(self, topic, data, attributes=None):
        self.messages.append((topic, msgspec.json.decode(data)))
        return str(len(self.messages))


class ObedientNotifier:
    """Implements Notifier: raises what it was told to raise, else remembers what it sent."""

    def __init__(self):
        self.sent, self.faults, self.known = [], [], {}
        self.can_find = True

    def send(self, message):
        if self.faults:
            fault = self.faults.pop(0)
            if isinstance(fault, DeliveryError):
                raise fault
            fault(message)
        self.sent.append(message)
        self.known[message.reference] = Sent(f"P{len(self.sent)}")
        return self.known[message.reference]

    def find(self, message):
        if not self.can_find:
            raise UnknownOutcomeError("unknowable")
        return self.known.get(message.reference)


def plain(row: Notification, incident: Incident | None):
    """A compose function without rendering."""
    return Outgoing(row.id, row.recipient, SmsBody(f"{row.incident or row.bulletin} {row.reason} {row.note}"))


@dataclass
class World:
    """Everything a use case touches, with the steps people would take as methods."""

    store: SqliteState
    clock: object
    config: object = field(default_factory=configuration)
    bus: MemoryBus = field(default_factory=MemoryBus)
    notifiers: dict = field(default_factory=lambda: {channel: ObedientNotifier() for channel in Channel})

    @property
    def ports(self):
        """The keyword arguments of most use cases."""
        return {"config": self.config, "store": self.store, "publisher": self.bus, "clock": self.clock}

    def fires(self, name="crash", *, event="", minutes=0, **changes):
        at = self.clock.now() - timedelta(minutes=minutes)
        base = {
            "event_id": event or f"{name}-{at.isoformat()}",
            "fingerprint": name,
            "key": name,
            "alert_type": "crashlytics.velocity",
            "source": "firebase",
            "service": "app",
            "title": f"{name} broke",
            "occurred_at": at,
            "received_at": self.clock.now(),
        }
        return self.handle(Signal(**{**base, **changes}))

    def handle(self, signal):
        return handle_signal(signal, **self.ports)

    def pump(self, *, compose=plain):
        """Carry every published message to its handler until nothing is left; returns how many notifications went."""
        count = 0
        while self.bus.messages:
            topic, data = self.bus.messages.pop(0)
            if topic == "signals":
                self.handle(msgspec.convert(data, Signal))
            elif topic == "procedure-steps":
                proceed(data["run"], Proceeding(self.config, self.store, self.bus, ACTIONS, self.clock.now()))
            elif topic == NOTIFICATIONS_TOPIC:
                count += 1
                self.deliver(data["notification"], compose=compose)
        return count

    def deliver(self, name, *, compose=plain):
        with suppress(NotYetError):  # the tick's sweep comes back to it
            return deliver(
                name,
                compose=compose,
                notifier=self.notifiers.__getitem__,
                config=self.config,
                store=self.store,
                publisher=self.bus,
                clock=self.clock,
            )

    def tick(self, **wait):
        if wait:
            self.clock.advance(timedelta(**wait))
        result = escalate(**self.ports)
        self.pump()
        return result

    def incident(self, name):
        return value_of(self.store.get(INCIDENTS, name), Incident)

    def incidents(self):
        return [
            value_of(row, Incident) for row in self.store.find(Query(INCIDENTS, order_by="opened_at", limit=10_000))
        ]

    def ledger(self, **equal):
        rows = self.store.find(Query(NOTIFICATIONS, order_by="planned_at", limit=10_000))
        found = [value_of(row, Notification) for row in rows]
        return [row for row in found if all(getattr(row, key) == value for key, value in equal.items())]

    def told(self, channel):
        """Who got a message on a channel, in order."""
        return [message.to for message in self.notifiers[Channel(channel)].sent]
