"""Anything in any order: fires, ends, people, ticks, messages lost, late and twice, faults; six promises always hold."""

import tempfile
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from shared.adapters.clocks import VirtualClock
from shared.adapters.sqlite_state import SqliteState
from shared.domain.audit import Finding
from shared.domain.delivery import NEWS_TO_OWNERS_TOO
from shared.domain.incidents import Role, State
from shared.domain.notifications import Channel, LedgerState, Notification
from shared.domain.severities import Severity
from shared.domain.signals import Signal, SignalKind
from shared.errors import NotYetError, PermanentFailureError, TemporaryFailureError, UnknownOutcomeError
from shared.ports.messages import Sent
from shared.usecases.act import Act, Action, act
from shared.usecases.audit_escalations import audit_escalations
from shared.usecases.escalate import escalate
from shared.usecases.records import NOTIFICATIONS, value_of
from shared.usecases.tasks import TaskPorts, TaskWish, finish_task, open_task, open_tasks
from tests.conftest import NIGHT
from tests.unit.usecases.world import MemoryBus, ObedientNotifier, World

NAMES = st.sampled_from(["crash", "slow", "login"])
TYPES = {"crash": "crashlytics.velocity", "slow": "log.request_5xx", "login": "something.else"}
PEOPLE = st.sampled_from(["mona", "omar", "lead"])
PAGED = (Channel.SMS, Channel.EMAIL)
PLAIN = [action for action in Action if action not in {Action.SEVERITY, Action.ROLE, Action.MERGE}]
MUST_HOLD = {Finding.STEP_NOT_TAKEN, Finding.MESSAGES_STUCK, Finding.OUTBOX_STUCK}


class RememberingBus(MemoryBus):
    """Keeps all that was ever published, so that any of it may come again."""

    def __init__(self):
        super().__init__()
        self.ever = []

    def publish(self, topic, data, attributes=None):
        self.ever.append((topic, msgspec.json.decode(data)))
        return super().publish(topic, data, attributes)


class Anything(RuleBasedStateMachine):
    """The real use cases over the embedded store; time and the bus are in hypothesis's hands."""

    @initialize()
    def begin(self):
        self.folder = tempfile.TemporaryDirectory()
        store = SqliteState(Path(self.folder.name) / "state.db")
        self.world = World(store, VirtualClock(NIGHT), bus=RememberingBus())
        self.world.notifiers = {channel: Watched(self) for channel in Channel}
        self.signals, self.sent, self.serial = [], Counter(), 0
        self.closed, self.merged = {}, set()

    # -- what may happen ----------------------------------------------------------------------------------------------

    @rule(name=NAMES, minutes_ago=st.integers(0, 20))
    def fires(self, name, minutes_ago):
        self._signal(name, SignalKind.FIRING, minutes_ago)

    @rule(name=NAMES, minutes_ago=st.integers(0, 20))
    def ends(self, name, minutes_ago):
        self._signal(name, SignalKind.RESOLVED, minutes_ago)

    @precondition(lambda self: self.signals)
    @rule(which=st.integers(0, 10_000))
    def a_signal_comes_again(self, which):
        self.world.handle(self.signals[which % len(self.signals)])

    @rule(action=st.sampled_from(PLAIN), person=PEOPLE, which=st.integers(0, 10_000))
    def somebody_acts(self, action, person, which):
        self._act(action, person, which)

    @rule(person=PEOPLE, which=st.integers(0, 10_000), severity=st.sampled_from(Severity))
    def somebody_judges_the_severity(self, person, which, severity):
        self._act(Action.SEVERITY, person, which, severity=severity, note="it looks so to me")

    @rule(person=PEOPLE, which=st.integers(0, 10_000), to=PEOPLE, role=st.sampled_from(Role))
    def somebody_gives_a_role(self, person, which, to, role):
        self._act(Action.ROLE, person, which, to=to, role=role)

    @rule(person=PEOPLE, which=st.integers(0, 10_000), into=st.integers(0, 10_000))
    def somebody_merges(self, person, which, into):
        incidents = self.world.incidents()
        if incidents:
            self._act(Action.MERGE, person, which, into=incidents[into % len(incidents)].id)

    @rule(person=PEOPLE, which=st.integers(0, 10_000), minutes=st.integers(1, 300))
    def somebody_opens_a_task(self, person, which, minutes):
        incidents = self.world.incidents()
        if incidents:
            of = incidents[which % len(incidents)].id
            open_task(TaskWish(of, "look again", person, within=timedelta(minutes=minutes)), self._task_ports())

    @rule(person=PEOPLE, which=st.integers(0, 10_000))
    def somebody_finishes_a_task(self, person, which):
        tasks = open_tasks(self.world.store)
        if tasks:
            finish_task(tasks[which % len(tasks)].id, by=person, ports=self._task_ports())

    @rule(days=st.integers(1, 4))
    def days_pass(self, days):
        self.world.clock.advance(timedelta(days=days))
        escalate(**self.world.ports)

    @rule(minutes=st.integers(0, 45), ticks=st.integers(0, 3))
    def time_passes(self, minutes, ticks):
        self.world.clock.advance(timedelta(minutes=minutes))
        for _ in range(ticks):
            escalate(**self.world.ports)

    @rule(which=st.lists(st.integers(0, 10_000), min_size=1, max_size=6))
    def messages_arrive_in_any_order(self, which):
        for number in which:
            if self.world.bus.messages:
                self._carry(self.world.bus.messages.pop(number % len(self.world.bus.messages)))

    @rule()
    def everything_arrives(self):
        while self.world.bus.messages:
            self._carry(self.world.bus.messages.pop(0))

    @precondition(lambda self: self.world.bus.ever)
    @rule(which=st.integers(0, 10_000))
    def an_old_message_comes_again(self, which):
        self._carry(self.world.bus.ever[which % len(self.world.bus.ever)])

    @rule()
    def a_crash_after_the_commit_loses_what_was_to_be_published(self):
        self.world.bus.messages.clear()

    @rule(channel=st.sampled_from(PAGED), fault=st.sampled_from(["busy", "gone", "lost answer", "wait"]))
    def a_provider_will_fail(self, channel, fault):
        notifier = self.world.notifiers[channel]
        notifier.faults.append(
            {
                "busy": TemporaryFailureError("503"),
                "wait": TemporaryFailureError("429", retry_after=timedelta(minutes=7)),
                "gone": PermanentFailureError("21211"),
                "lost answer": notifier.loses_its_answer,
            }[fault]
        )

    # -- what always holds --------------------------------------------------------------------------------------------

    @invariant()
    def whoever_nobody_owns_has_something_due_or_an_exhausted_chain(self):
        for incident in self.world.incidents():
            if incident.state.is_owned:
                assert incident.owner
                assert incident.due_at == incident.ack_expires_at is not None
            elif incident.state is State.TRIGGERED and not incident.storm:
                exhausted = incident.ladder.last_resort_told or not incident.ladder.policy.last_resort
                assert incident.due_at == incident.ladder.next_at
                assert incident.due_at is not None or exhausted
            elif not incident.state.is_open:
                assert incident.due_at is None
                assert incident.warn_at is None

    @invariant()
    def what_is_closed_never_changes(self):
        for incident in self.world.incidents():
            if incident.id in self.closed:
                assert incident.state is State.CLOSED
                assert (incident.severity, incident.count, incident.closed_at) == self.closed[incident.id]
            elif incident.state is State.CLOSED:
                self.closed[incident.id] = (incident.severity, incident.count, incident.closed_at)

    @invariant()
    def what_was_merged_points_at_one_that_knows_it_and_stays_merged(self):
        known = {incident.id: incident for incident in self.world.incidents()}
        for incident in known.values():
            if incident.state is State.MERGED:
                assert incident.id in known[incident.merged_into].merged
                self.merged.add(incident.id)
        assert all(known[name].state is State.MERGED for name in self.merged)

    @invariant()
    def an_incident_counts_the_tasks_that_keep_it_from_closing(self):
        left = Counter(task.incident for task in open_tasks(self.world.store))
        for incident in self.world.incidents():
            assert incident.open_tasks == left[incident.id]
            assert incident.state is not State.CLOSED or not incident.open_tasks

    def may_send(self, row):
        """Asked by the provider at the moment of sending."""
        state = None if row.bulletin else self.world.incident(row.incident).state
        if row.channel in PAGED and row.reason not in NEWS_TO_OWNERS_TOO and not row.bulletin:
            assert state is State.TRIGGERED, f"{row.reason} was sent although the incident is {state}"
        key = (
            row.incident,
            row.bulletin,
            row.step,
            row.recipient,
            row.channel,
            row.reason,
            row.revision,
            row.fallback_of,
        )
        self.sent[key] += 1
        assert self.sent[key] == 1, f"sent twice: {key}"

    def teardown(self):
        """In the end the faults are over, and nothing that was planned is lost."""
        if not hasattr(self, "world"):
            return
        for notifier in self.world.notifiers.values():
            notifier.faults.clear()
        for _ in range(12):
            self.world.clock.advance(timedelta(minutes=3))
            escalate(**self.world.ports)
            self.everything_arrives()
        now = self.world.clock.now()
        for row in self.world.ledger():
            assert row.state.is_final or row.state is LedgerState.SENT or row.not_before > now, row
        self.whoever_nobody_owns_has_something_due_or_an_exhausted_chain()
        found = audit_escalations(notifier=lambda _: ObedientNotifier(), **self.world.ports)
        assert not {proof.finding for proof in found.proofs} & MUST_HOLD
        self.folder.cleanup()

    # -- how it is done -----------------------------------------------------------------------------------------------

    def _signal(self, name, kind, minutes_ago):
        self.serial += 1
        now = self.world.clock.now()
        signal = Signal(
            event_id=f"{name}-{self.serial}", fingerprint=name, key=name, alert_type=TYPES[name], source="firebase",
            service=name, title=f"{name} broke", occurred_at=now - timedelta(minutes=minutes_ago), received_at=now,
            kind=kind,
        )  # fmt: skip
        self.signals.append(signal)
        self.world.handle(signal)

    def _act(self, action, person, which, **more):
        incidents = self.world.incidents()
        if incidents:
            incident = incidents[which % len(incidents)]
            act(Act(action, incident.id, person, "test", **more), **self.world.ports)

    def _task_ports(self):
        world = self.world
        return TaskPorts(world.config, world.store, world.bus, world.clock)

    def _carry(self, message):
        topic, data = message
        if topic == "signals":
            self.world.handle(msgspec.convert(data, Signal))
        elif topic == "notifications":
            with suppress(NotYetError):  # the bus would bring it again; here the tick does
                self.world.deliver(data["notification"])


class Watched(ObedientNotifier):
    """A provider that asks the machine whether the message may go out; it can lose its answer after sending."""

    def __init__(self, machine):
        super().__init__()
        self.machine = machine

    def send(self, message):
        before = len(self.sent)
        answer = super().send(message)
        assert len(self.sent) == before + 1
        self.machine.may_send(self._row(message))
        return answer

    def loses_its_answer(self, message):
        self.machine.may_send(self._row(message))
        self.known[message.reference] = Sent(f"L{len(self.known)}")
        raise UnknownOutcomeError("timeout")

    def _row(self, message):
        return value_of(self.machine.world.store.get(NOTIFICATIONS, message.reference), Notification)


TestAnything = Anything.TestCase
TestAnything.settings = settings(
    max_examples=60,
    stateful_step_count=35,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
