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
from shared.domain.notifications import Channel, LedgerState, Notification
from shared.domain.reasons import Notify
from shared.domain.signals import Signal
from shared.usecases.outbox import SIGNALS
from shared.usecases.records import body_of, notifications_of

MORNING = datetime(2026, 3, 10, 8, 30, tzinfo=UTC)  # a working day: nothing waits for the end of the night
HORIZON = timedelta(minutes=9)  # after which the next level is called in any case
TICKS = frozenset({"escalate_incidents"})  # the minute tick is what makes good; nothing else is scheduled in a trial
WENT_OUT = frozenset({LedgerState.SENT, LedgerState.DELIVERED, LedgerState.READ})
UPDATES = frozenset({Notify.UPDATED})  # a living message tells many changes at once: how many go out may differ
OVERTAKEN = frozenset({Notify.DIAGNOSED, Notify.PROMISE_AT_RISK})  # of no use to anybody an hour later

Message = tuple[str, str, str, int]
Happens = Callable[[Platform], None]


@dataclass(frozen=True, slots=True)
class Told:
    """Who was told what when.

    `sent` is the last sending of each (reason, channel, recipient, step), `received` how many different messages of it
    reached the receiver, and `twice` how many reached it more than once.
    """

    sent: dict[Message, datetime]
    received: Counter[Message]
    twice: int
    crossed: tuple[str, ...]
    struck: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fault did: messages that nobody received, those that came again, and how much later the last one went.

    `replaced` are calls, and news that time has overtaken, in whose place the same receiver got another message.
    """

    alert: str
    fault: str
    where: str
    lost: int
    replaced: int
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
    missed = usual.received - found.received
    replaced = sum(count for message, count in missed.items() if _is_replaced(message, usual, found))
    late = [found.sent[one] - at for one, at in usual.sent.items() if one in found.sent]
    recovery = max(late, default=timedelta())
    return Outcome(
        alert, fault, found.struck, missed.total() - replaced, replaced, max(0, found.twice - usual.twice), recovery
    )


def _is_replaced(message: Message, usual: Told, found: Told) -> bool:
    reason, channel, recipient, _ = message
    if channel != Channel.VOICE and reason not in OVERTAKEN:
        return False
    return any(who == recipient and at >= usual.sent[message] for (_, _, who, _), at in found.sent.items())


def play(
    alert: str,
    switch: Switch,
    *,
    before: Happens | None = None,
    weather: Happens | None = None,
    horizon: timedelta = HORIZON,
    engines: Engines = EMBEDDED,
) -> Told:
    """The alert from its signal on the bus until the horizon; what is killed on the way is started again.

    `before` and `weather` are what happens around the platform: once the signal is on the bus, and once it was handled.
    """
    with _trial(switch, engines) as (platform, late):
        signal = made_up(bootstrap.config(), alert, platform.clock.now())
        platform.bus.publish(SIGNALS, msgspec.json.encode(body_of(signal)))
        switch.is_armed = True
        if before:
            before(platform)
        _surviving(platform, platform.settle)
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
    rows = [row for row in rows if row.state in WENT_OUT and row.reason not in UPDATES]
    times = Counter(one.reference for one in platform.providers.store.messages() if one.reference)
    sent: dict[Message, datetime] = {}
    for row in rows:
        sent[_message(row)] = max(row.sent_at or MORNING, sent.get(_message(row), MORNING))
    received = Counter(_message(row) for row in rows if times[row.id])
    return Told(sent, received, sum(count - 1 for count in times.values()), tuple(switch.crossed), switch.struck)


def _message(row: Notification) -> Message:
    """What a message is, whatever its row is called."""
    return str(row.reason), str(row.channel), row.recipient, row.step
