"""One trial: an alert on a platform of its own, one fault on the way, and what came of it."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from infra.local.chaos.boundaries import How, Killed, StruckClient, StruckNotifier, StruckPublisher, StruckStore, Switch
from infra.local.engines import EMBEDDED, Engines
from infra.local.firing import incident_of, made_up
from infra.local.permitted import PermittedPublisher
from infra.local.platform import Platform
from infra.local.replay import private_platform
from infra.local.scheduler import Scheduler, jobs
from shared import bootstrap
from shared.domain.notifications import LedgerState
from shared.domain.reasons import Notify
from shared.domain.signals import Signal
from shared.usecases.outbox import SIGNALS
from shared.usecases.records import body_of, notifications_of

MORNING = datetime(2026, 3, 10, 8, 30, tzinfo=UTC)  # a working day: nothing waits for the end of the night
HORIZON = timedelta(minutes=9)  # after which the next level is called in any case
TICKS = frozenset({"escalate_incidents"})  # the minute tick is what makes good; nothing else is scheduled in a trial
WENT_OUT = frozenset({LedgerState.SENT, LedgerState.DELIVERED, LedgerState.READ})
UPDATES = frozenset({Notify.UPDATED})  # a living message tells many changes at once: how many go out may differ

Weather = Callable[[Platform], None]


@dataclass(frozen=True, slots=True)
class Told:
    """Who was told what when: the sending of each ledger row, and how often each message reached its receiver."""

    sent: dict[str, datetime]
    received: Counter[str]
    crossed: tuple[str, ...]
    struck: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fault did: rows that nobody received, messages that came more than once, and how long the last was late."""

    alert: str
    fault: str
    where: str
    lost: int
    duplicated: int
    recovery: timedelta


def undisturbed(alert: str, *, engines: Engines = EMBEDDED) -> Told:
    """How the alert goes without a fault."""
    return play(alert, Switch(), engines=engines)


def struck(alert: str, usual: Told, *, at: int, how: How, engines: Engines = EMBEDDED) -> Outcome:
    """The alert with one fault at the boundary numbered `at`."""
    return compared(alert, str(how), usual, play(alert, Switch(at, how), engines=engines))


def compared(alert: str, fault: str, usual: Told, found: Told) -> Outcome:
    """What the fault did, against how the alert goes without it."""
    missing = [row for row in usual.sent if not found.received[row]]
    twice = sum(count - 1 for row, count in found.received.items() if count > max(1, usual.received[row]))
    late = [found.sent[row] - usual.sent[row] for row in usual.sent if row in found.sent]
    return Outcome(alert, fault, found.struck, len(missing), twice, max(late, default=timedelta()))


def play(
    alert: str, switch: Switch, *, weather: Weather | None = None, horizon: timedelta = HORIZON, engines: Engines = EMBEDDED
) -> Told:
    """The alert from its signal on the bus until the horizon; what is killed on the way is started again.

    `weather` is what is the matter around the platform: it is called once the signal is on its way.
    """
    with _trial(switch, engines) as (platform, late):
        signal = made_up(bootstrap.config(), alert, platform.clock.now())
        platform.bus.publish(SIGNALS, msgspec.json.encode(body_of(signal)))
        switch.is_armed = True
        _surviving(platform, lambda: platform.settle())
        if weather:
            weather(platform)
        for topic, data, attributes in late:
            platform.bus.publish(topic, data, attributes)
        end = MORNING + horizon
        while platform.clock.now() < end:
            _surviving(platform, lambda: platform.advance(end - platform.clock.now()))
        switch.is_armed = False
        return _told(platform, signal, switch)


def _surviving(platform: Platform, act: Callable[[], None]) -> None:
    """Do it; who is killed is started again, with what it had in hand due at once, and goes on."""
    while True:
        try:
            return act()
        except Killed:
            platform.bus.take_back()


@contextmanager
def _trial(switch: Switch, engines: Engines) -> Iterator[tuple[Platform, list[Any]]]:
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # what the faults make it say is nobody's news
    try:
        with private_platform(at=MORNING, is_calm=True, engines=engines) as platform:
            late: list[Any] = []
            functions = platform.functions
            topics = {name: one.publishes for name, one in functions.items()}
            bootstrap.install(
                platform.settings,
                clock=platform.clock,
                configuration=bootstrap.config(),
                publisher=StruckPublisher(PermittedPublisher(platform.bus, topics), switch, late),
                warehouse=bootstrap.warehouse(),
                state=StruckStore(bootstrap.state(), switch),
                around=lambda notifier: StruckNotifier(notifier, switch),
            )
            for name, client in platform.clients.items():
                platform.clients[name] = StruckClient(client, name, switch)  # type: ignore[assignment]
            ticking = (one for one in functions.values() if one.name in TICKS)
            platform.scheduler = Scheduler(jobs(ticking), start=platform.clock.now())
            yield platform, late
    finally:
        logging.disable(before)


def _told(platform: Platform, signal: Signal, switch: Switch) -> Told:
    found = incident_of(signal)
    rows = notifications_of(bootstrap.state(), found.id) if found else []
    sent = {row.id: row.sent_at for row in rows if row.state in WENT_OUT and row.sent_at and row.reason not in UPDATES}
    received = Counter(one.reference for one in platform.providers.store.messages() if one.reference)
    return Told(sent, received, tuple(switch.crossed), switch.struck)

