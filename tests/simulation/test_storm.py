"""A storm of ten thousand events in a minute: everything is on the record, and no telephone rings more than it may."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

import msgspec
import pytest

from shared.adapters.clocks import VirtualClock
from shared.adapters.sqlite_state import SqliteState
from shared.config.loader import load
from shared.domain.notifications import Channel, LedgerState
from shared.domain.oncall import on_call_at
from shared.domain.reasons import Notify, Suppressed
from shared.domain.signals import Signal
from shared.errors import NotYetError
from shared.usecases.deliver import deliver
from shared.usecases.outbox import NOTIFICATIONS_TOPIC
from shared.usecases.records import RECEIPTS
from tests.unit.usecases.world import ObedientNotifier, World, plain

NOON = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
EVENTS, INCIDENTS, AFTERWARDS = 10_000, 4_000, timedelta(hours=1)
KNOWN = ("app", "web", "orders-api")
TYPES = ("crashlytics.newFatalIssue", "log.request_5xx", "log.error", "crashlytics.webError")
TEXTS_IN_15_MINUTES = 5
SLACK_IN_10_SECONDS, SLACK_IN_ALL = (
    6,
    60,
)  # three in five seconds; the storm and the hour after it, escalations included


class TimedNotifier(ObedientNotifier):
    """Remembers when it sent what to whom."""

    def __init__(self, clock):
        super().__init__()
        self.clock, self.log = clock, []

    def send(self, message):
        self.log.append((self.clock.now(), message))
        return super().send(message)


@dataclass
class Storm(World):
    """The world with a bus that tries again after a second what has no room yet, and a tick each minute."""

    again: list = field(default_factory=list)
    ticked: datetime = NOON

    def passes(self, span):
        """Let the time pass, doing on the way what falls due."""
        until = self.clock.now() + span
        while True:
            at = min([until, self.ticked + MINUTE, *(found for found, _ in self.again[:1])])
            self.clock.advance(max(at - self.clock.now(), timedelta(0)))
            if at >= self.ticked + MINUTE:
                self.ticked = at
                self.tick()
            elif self.again and self.again[0][0] <= at:
                self.deliver(heappop(self.again)[1])
                self.pump()
            else:
                return

    def pump(self, *, compose=plain):
        while self.bus.messages:
            topic, data = self.bus.messages.pop(0)
            if topic == "signals":
                self.handle(msgspec.convert(data, Signal))
            elif topic == NOTIFICATIONS_TOPIC:
                self.deliver(data["notification"])

    def deliver(self, name, *, compose=plain):
        around = {"compose": compose, "notifier": self.notifiers.__getitem__, **self.ports}
        try:
            return deliver(name, **around)
        except NotYetError:
            heappush(self.again, (self.clock.now() + SECOND, name))

    def sent(self, channel):
        return self.notifiers[Channel(channel)].log


def newcomer(at):
    return Signal("new", "pay", "pay", "monitoring.uptime", "monitoring", "payments", "Payments are down", at, at)


def event(n, at, services):
    """One of the storm's: new crashes and errors of the services, over and over."""
    number = n % INCIDENTS
    service, kind = services[number % len(services)], TYPES[number // 7 % len(TYPES)]
    name = f"{service}/{kind}/{number}"
    return Signal(f"e{n}", name, name, kind, "logs", service, f"{name} broke", at, at)


def most_within(instants, window):
    """The most instants that any window of the length has."""
    ordered, first, most = sorted(instants), 0, 0
    for last, at in enumerate(ordered):
        while ordered[first] <= at - window:
            first += 1
        most = max(most, last - first + 1)
    return most


def after_a_storm(folder, events, services):
    """The world an hour after so many events in a minute, with a service that fails for the first time in the middle."""
    clock = VirtualClock(NOON)
    world = Storm(SqliteState(folder / "state.db"), clock, config=load())
    world.on_call = on_call_at(world.config.directory, "primary", NOON)
    world.notifiers = {channel: TimedNotifier(clock) for channel in Channel}
    for n in range(events):
        world.handle(event(n, clock.now(), services))
        world.pump()
        if n == events // 2:
            world.newcomer = clock.now(), world.handle(newcomer(clock.now())).incident
            world.pump()
        world.passes(MINUTE / events)
    world.passes(AFTERWARDS)
    return world


@pytest.fixture(scope="module")
def storm(tmp_path_factory):
    return after_a_storm(tmp_path_factory.mktemp("storm"), EVENTS, KNOWN)


@pytest.fixture(scope="module")
def blackout(tmp_path_factory):
    return after_a_storm(tmp_path_factory.mktemp("blackout"), 2_000, [f"service-{n}" for n in range(200)])


def texts(world):
    """When each person got a text about which incident, in order."""
    found = defaultdict(list)
    for at, message in world.sent("sms"):
        found[message.to].append((at, message.body.text.split()[0]))
    return found


@pytest.fixture(params=["storm", "blackout"])
def either(request):
    return request.getfixturevalue(request.param)


def test_E44_everything_is_on_the_record(storm):
    receipts = sum(storm.store.get(RECEIPTS, f"e{n}") is not None for n in range(EVENTS))
    theirs = [incident for incident in storm.incidents() if incident.service in KNOWN]
    assert (receipts, sum(incident.count for incident in theirs), len(theirs)) == (EVENTS, EVENTS, INCIDENTS)


def test_E44_nobody_gets_more_texts_than_the_caps_allow(either):
    caps = either.config.limits.rate_caps["sms"]
    assert (caps[0].messages, caps[0].window) == (TEXTS_IN_15_MINUTES, 15 * MINUTE)
    for sent in texts(either).values():
        for cap in caps:
            assert most_within([at for at, _ in sent], cap.window) <= cap.messages


def test_E44_the_storm_is_told_at_once_to_whoever_is_on_call(either):
    (told,) = [incident for incident in either.incidents() if incident.alert_type == "soukmon.storm"]
    sent = [at for at, about in texts(either)[either.on_call] if about == told.id]
    assert sent[0] - NOON <= 10 * SECOND


def test_E44_the_first_page_of_a_new_service_does_not_wait_behind_the_storm(storm):
    at, incident = storm.newcomer
    sent = [when for when, about in texts(storm)[storm.on_call] if about == incident]
    assert sent[0] - at <= SECOND


def test_E44_where_all_services_fail_at_once_a_critical_one_is_the_first_to_find_room(blackout):
    at, incident = blackout.newcomer
    later = [about for when, about in texts(blackout)[blackout.on_call] if when > at]
    assert later[0] == incident


def test_E44_no_first_page_is_left_waiting_to_be_read_as_news_when_it_is_old(either):
    waiting = [row for row in either.ledger(channel=Channel.SMS, reason=Notify.FIRST) if not row.state.is_final]
    assert {row.state for row in waiting} == {LedgerState.SENT}
    folded = either.ledger(channel=Channel.SMS, reason=Notify.FIRST, note=Suppressed.FOLDED)
    assert {row.state for row in folded} == {LedgerState.SUPERSEDED}


def test_E44_the_channel_in_slack_stays_readable(either):
    posted = defaultdict(list)
    for at, message in either.sent("slack"):
        if not message.replaces:
            posted[message.to].append(at)
    assert max(most_within(sent, 10 * SECOND) for sent in posted.values()) <= SLACK_IN_10_SECONDS
    assert max(len(sent) for sent in posted.values()) <= SLACK_IN_ALL
