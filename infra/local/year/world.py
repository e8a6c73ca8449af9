"""The real use cases over the embedded store on a virtual clock; whatever happens is told as a fact."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from infra.local.year import facts
from infra.local.year.providers import Provider
from infra.local.year.queue import Queue
from infra.local.year.store import NotedState
from shared import bootstrap, typed
from shared.adapters.clocks import VirtualClock
from shared.domain.configuration import Configuration
from shared.domain.diagnoses import Diagnostics
from shared.domain.incidents import Incident
from shared.domain.notifications import WAKING, Channel, LedgerState, Notification, Report
from shared.domain.oncall import on_call_at
from shared.domain.reasons import Suppressed
from shared.domain.severities import Severity, worst
from shared.domain.signals import Signal, SignalKind
from shared.errors import NotYetError
from shared.ports.messages import Outgoing, Sent
from shared.ports.store import Query
from shared.settings import Settings
from shared.usecases.act import Act, act
from shared.usecases.deliver import deliver
from shared.usecases.escalate import escalate
from shared.usecases.handle_signal import handle_signal
from shared.usecases.outbox import NOTIFICATIONS_TOPIC, SIGNALS
from shared.usecases.procedure_actions import ACTIONS
from shared.usecases.proceeding import Proceeding, proceed
from shared.usecases.receipts import apply_report
from shared.usecases.records import HEARTBEATS, NOTIFICATIONS, TIMELINE, Handled, instant, read_incident, value_of

AGAIN = timedelta(seconds=1)
RECEIPT = timedelta(seconds=4)
PROCEDURES_TOPIC = "procedure-steps"
MOST = 100_000

Tell = Callable[[facts.Fact], None]


class Bus:
    """Implements `Publisher`: what was published waits in the order it came."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, bytes]] = []

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> str:
        """Keep it until it is carried."""
        del attributes
        self.messages.append((topic, data))
        return str(len(self.messages))


@dataclass
class World:
    """Everything that runs, with the steps of the world outside as methods."""

    config: Configuration
    clock: VirtualClock
    store: NotedState
    tell: Tell
    queue: Queue = field(default_factory=Queue)
    bus: Bus = field(default_factory=Bus)
    providers: dict[Channel, Provider] = field(default_factory=dict)
    _present: tuple[tuple[datetime, int], Configuration] | None = None
    _line_at: str = ""
    _lines: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.providers = {channel: Provider(channel, self.clock, self._taken) for channel in Channel}

    @property
    def now(self) -> datetime:
        """Where the clock stands."""
        return self.clock.now()

    @property
    def present(self) -> Configuration:
        """The configuration as people have changed it; read once for an instant."""
        key = self.now, self.store.amended
        if self._present is None or self._present[0] != key:
            self._present = key, bootstrap.present()
        return self._present[1]

    @property
    def ports(self) -> dict[str, Any]:
        """The keyword arguments of most use cases."""
        return {"config": self.present, "store": self.store, "publisher": self.bus, "clock": self.clock}

    def fires(self, signal: Signal) -> Handled:
        """A signal arrives, and what follows is carried."""
        handled = self._handle(signal)
        self.carry()
        return handled

    def acts(self, wish: Act, *, until: datetime | None = None) -> bool:
        """Somebody presses a button; True when that changed anything."""
        done = act(wish, **self.ports)
        self.tell(
            facts.Acted(
                at=self.now,
                incident=wish.incident,
                person=wish.person,
                action=str(wish.action),
                happened=done.happened,
                until=until,
            )
        )
        self.carry()
        return done.happened

    def tick(self) -> None:
        """The minute's tick, and what follows from it."""
        escalate(**self.ports)
        self.carry()
        directory = self.present.directory
        on_call = {name: on_call_at(directory, name, self.now) for name in directory.rotations}
        self.tell(facts.Ticked(at=self.now, on_call=on_call))

    def idle_tick(self) -> None:
        """A tick at which nothing is due."""
        self.store.written.clear()
        escalate(**self.ports)
        touched = sorted({name for name in self.store.written if name != HEARTBEATS})
        self.carry()
        self.tell(facts.IdleTick(at=self.now, touched=tuple(touched)))

    def carry(self) -> None:
        """Carry what waits on the bus until nothing is left, and tell what was put on record meanwhile.

        Topics of what needs the warehouse (touched metrics, impact) have no subscription here.
        """
        self._tell_lines()
        while self.bus.messages:
            topic, data = self.bus.messages.pop(0)
            if topic == SIGNALS:
                self._handle(typed.decode_json(data, Signal))
            elif topic == NOTIFICATIONS_TOPIC:
                self._deliver(str(msgspec.json.decode(data)["notification"]))
            elif topic == PROCEDURES_TOPIC:
                name = str(msgspec.json.decode(data)["run"])
                proceed(name, Proceeding(self.present, self.store, self.bus, ACTIONS, self.now))
            self._tell_lines()

    def incident(self, name: str) -> Incident | None:
        """The incident as it is now."""
        found = read_incident(self.store, name)
        return found[0] if found else None

    def _handle(self, signal: Signal) -> Handled:
        handled = handle_signal(signal, **self.ports)
        found = self.incident(handled.incident) if handled.incident else None
        if found is not None and handled.reason != Suppressed.DUPLICATE_DELIVERY:
            self.tell(_fact(signal, found, handled, self.config, self.now))
        return handled

    def _deliver(self, name: str) -> None:
        config = self.present
        try:
            deliver(
                name,
                compose=bootstrap.composer(config),
                notifier=self.providers.__getitem__,
                config=config,
                store=self.store,
                publisher=self.bus,
                clock=self.clock,
            )
        except NotYetError:
            self.queue.put(self.now + AGAIN, lambda: self._again(name))

    def _again(self, name: str) -> None:
        self._deliver(name)
        self.carry()

    def _taken(self, channel: Channel, message: Outgoing, sent: Sent) -> None:
        row = self.store.get(NOTIFICATIONS, message.reference)
        if row is None:  # a shout of the audit, which goes past the ledger
            del self.providers[channel].taken[message.reference]
            return
        self.tell(
            facts.Accepted(
                at=self.now,
                channel=channel,
                to=message.to,
                reference=message.reference,
                row=value_of(row, Notification),
            )
        )
        if channel in WAKING:
            self.queue.put(self.now + RECEIPT, lambda: self._receipt(Report(sent.provider_id, LedgerState.DELIVERED)))

    def _receipt(self, report: Report) -> None:
        apply_report(report, **self.ports)
        self.carry()

    def _tell_lines(self) -> None:
        if TIMELINE not in self.store.written:
            return
        self.store.written.clear()
        rows = self.store.find(Query(TIMELINE, order_by="at", low=self._line_at, limit=MOST))
        fresh = [row for row in rows if row.id not in self._lines]
        for row in fresh:
            body = {name: str(row.body[name]) for name in ("incident", "event", "reason", "actor", "detail")}
            self.tell(facts.Line(at=datetime.fromisoformat(str(row.body["at"])), **body))
        self._lines = {row.id for row in rows}
        self._line_at = instant(self.now - AGAIN)


def _fact(signal: Signal, found: Incident, handled: Handled, config: Configuration, now: datetime) -> facts.Fact:
    if signal.kind is SignalKind.RESOLVED:
        return facts.Ended(at=now, incident=found.id)
    rule = config.rule_for(signal)
    return facts.Fired(
        at=now,
        incident=found.id,
        rule=rule.name if rule else "",
        alert_type=signal.alert_type,
        service=signal.service,
        source=signal.source,
        severity=worst(rule.severity if rule else Severity.MEDIUM, *((signal.severity,) if signal.severity else ())),
        began=min(signal.occurred_at, now),
        is_folded=handled.reason == Suppressed.BY_STORM,
        labels=dict(signal.labels),
    )


def opened_in(folder: Path, config: Configuration, start: datetime, tell: Tell) -> World:
    """A world of its own in the folder, in the process's place of engines; `bootstrap.install()` puts those back.

    Diagnoses, pictures and impact need the warehouse, and are left to the tests of their own.
    """
    calm = replace(config, diagnostics=Diagnostics())
    clock, store = VirtualClock(start), NotedState(folder / "state.db")
    world = World(calm, clock, store, tell)
    settings = Settings(state_dir=str(folder), public_url="https://souk.example", link_keys="a key of a simulated year")
    bootstrap.install(settings, clock=clock, publisher=world.bus, configuration=calm, state=store)
    return world
