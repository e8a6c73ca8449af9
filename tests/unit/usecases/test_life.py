"""An incident's further life through the use cases: who is told, who is paged, where signals and tasks go."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.acting import Outcome
from shared.domain.incidents import Acked, Role, State
from shared.domain.lifecycle import Life
from shared.domain.merging import Merging
from shared.domain.notifications import Channel
from shared.domain.promises import Promise
from shared.domain.raising import Weighed
from shared.domain.reasons import Notify, Suppressed
from shared.domain.severities import Severity
from shared.domain.signals import SignalKind
from shared.ports.store import Replace
from shared.usecases.act import Act, Action, act, sentence
from shared.usecases.records import INCIDENTS, tasks_of, timeline_of
from shared.usecases.tasks import TaskPorts, TaskWish, finish_task, open_task
from tests.conftest import configuration


@pytest.fixture
def name(world):
    incident = world.fires("crash").incident
    world.pump()
    return incident


def does(world, action, incident, person="mona", **more):
    return act(Act(action, incident, person, "test", **more), **world.ports)


def rows(world, reason, channel=None):
    return [(row.recipient, row.channel) for row in world.ledger(reason=reason) if channel in (None, row.channel)]


def paged(world):
    return len([row for row in world.ledger() if row.channel is Channel.SMS])


def slack(world, reason):
    return [row.recipient for row in world.ledger(reason=reason, channel=Channel.SLACK)]


def ports(world):
    return TaskPorts(world.config, world.store, world.bus, world.clock)


class TestMitigated:
    def test_nobody_is_paged_while_it_holds_and_the_chain_starts_again_after_it(self, world, name):
        does(world, Action.MITIGATE, name, note="rolled back")
        before = paged(world)
        world.tick(hours=3, minutes=59)
        assert (world.incident(name).state, paged(world)) == (State.MITIGATED, before)
        world.tick(minutes=1)
        assert (world.incident(name).state, paged(world) > before) == (State.TRIGGERED, True)
        (line,) = [line for line in timeline_of(world.store, name) if line.reason == Notify.ACK_EXPIRED]
        assert "mitigated" in line.detail

    def test_E56_what_is_still_queued_is_dropped(self, world):
        name = world.fires("crash").incident
        does(world, Action.MITIGATE, name)
        world.pump()
        assert world.told("sms") == []
        assert {row.note for row in world.ledger(channel=Channel.SMS)} == {Suppressed.INCIDENT_OWNED}

    def test_the_threads_say_it_and_the_clock_breaks_its_promise_all_the_same(self, world, name):
        does(world, Action.MITIGATE, name)
        assert slack(world, Notify.MITIGATED) == ["slack:incidents"]
        world.tick(hours=4)
        assert Promise.RESOLUTION in [line.reason for line in timeline_of(world.store, name)]

    def test_E54_of_a_mitigation_and_a_due_step_in_either_order_nobody_is_paged_after_it(self, world, name):
        world.clock.advance(timedelta(minutes=15))
        does(world, Action.MITIGATE, name)
        before = paged(world)
        world.tick()
        assert paged(world) == before

    def test_E55_the_second_person_is_told_whose_it_is(self, world, name):
        does(world, Action.MITIGATE, name)
        assert does(world, Action.ACKNOWLEDGE, name, "omar").outcome is Acked.ALREADY_OWNED


class TestReopened:
    def test_whoever_is_on_call_is_paged_again_with_new_promises(self, world, name):
        does(world, Action.RESOLVE, name)
        world.tick(hours=2)
        before = paged(world)
        acted = does(world, Action.REOPEN, name, "lead", note="customers still complain")
        world.pump()
        assert (acted.outcome, paged(world)) == (Life.REOPENED, before + 1)
        assert rows(world, Notify.REOPENED_BY_HAND, Channel.SMS) == [("omar", Channel.SMS)]
        assert world.incident(name).acknowledge_by == world.clock.now() + timedelta(minutes=15)

    def test_E57_by_hand_only_within_its_time_and_only_the_newest_of_its_kind(self, world, name):
        does(world, Action.RESOLVE, name)
        world.clock.advance(timedelta(hours=1))
        newer = world.fires("crash", event="again").incident
        assert newer != name
        assert does(world, Action.REOPEN, name).outcome is Life.NEWER
        does(world, Action.RESOLVE, newer)
        world.clock.advance(timedelta(hours=25))
        assert does(world, Action.REOPEN, newer).outcome is Life.TOO_LONG_OVER


class TestClosed:
    def test_it_closes_itself_after_its_time_once_no_task_is_left(self, world, name):
        task = open_task(TaskWish(name, "tell the customers", "mona"), ports(world)).task
        does(world, Action.RESOLVE, name)
        world.tick(days=4)
        assert world.incident(name).state is State.RESOLVED
        finish_task(task.id, by="mona", ports=ports(world))
        world.tick(minutes=1)
        incident = world.incident(name)
        assert (incident.state, incident.closed_at) == (State.CLOSED, world.clock.now())
        assert timeline_of(world.store, name)[-1].actor == "soukmon"

    def test_it_stays_resolved_until_then(self, world, name):
        does(world, Action.RESOLVE, name)
        world.tick(days=2, hours=23)
        assert world.incident(name).state is State.RESOLVED
        world.tick(hours=1)
        assert world.incident(name).state is State.CLOSED

    @pytest.mark.parametrize(
        "action", [Action.ACKNOWLEDGE, Action.SNOOZE, Action.ESCALATE, Action.RESOLVE, Action.MITIGATE, Action.REOPEN]
    )
    def test_nothing_brings_it_back(self, world, name, action):
        does(world, Action.RESOLVE, name)
        does(world, Action.CLOSE, name)
        closed = world.incident(name)
        assert does(world, action, name).outcome is Acked.CLOSED
        assert world.incident(name) == closed

    def test_E57_what_fires_after_it_is_a_new_incident_that_names_it(self, world, name):
        does(world, Action.RESOLVE, name)
        does(world, Action.CLOSE, name)
        world.clock.advance(timedelta(minutes=1))
        again = world.fires("crash", event="again").incident
        assert world.incident(again).previous == name


class TestMerged:
    @pytest.fixture
    def other(self, world):
        incident = world.fires("slow", service="web").incident
        world.pump()
        return incident

    def test_its_signals_are_counted_in_the_survivor_and_nobody_is_paged_for_it_again(self, world, name, other):
        acted = does(world, Action.MERGE, other, into=name)
        assert (acted.outcome, sentence(acted, world.config)) == (Merging.MERGED, f"{other}: Merged into {name}.")
        does(world, Action.ACKNOWLEDGE, name)
        before = paged(world)
        assert world.fires("slow", event="more", service="web").incident == name
        world.tick(hours=2)
        assert world.incident(other).state is State.MERGED
        assert [row for row in world.ledger(incident=other) if row.reason is Notify.ESCALATED] == []
        assert paged(world) >= before

    def test_what_is_still_queued_of_it_is_dropped(self, world, name):
        other = world.fires("slow", service="web").incident
        does(world, Action.MERGE, other, into=name)
        world.pump()
        assert {row.note for row in world.ledger(incident=other, channel=Channel.SMS)} == {Suppressed.INCIDENT_OVER}

    def test_the_threads_of_both_are_told(self, world, name, other):
        does(world, Action.MERGE, other, into=name)
        told = {row.incident: row.note for row in world.ledger(reason=Notify.MERGED)}
        assert told == dict.fromkeys((name, other), f"{other} -> {name}, Mona Adel")

    def test_its_tasks_are_the_survivors(self, world, name, other):
        open_task(TaskWish(other, "look", "mona"), ports(world))
        does(world, Action.MERGE, other, into=name)
        assert [task.text for task in tasks_of(world.store, name)] == ["look"]
        assert (world.incident(name).open_tasks, world.incident(other).open_tasks) == (1, 0)

    def test_both_have_to_end_before_it_is_over(self, world, name, other):
        does(world, Action.MERGE, other, into=name)
        ended = world.fires("crash", event="end", kind=SignalKind.RESOLVED)
        assert (ended.reason, world.incident(name).state) == (Suppressed.OTHERS_FIRING, State.TRIGGERED)
        world.fires("slow", event="end too", kind=SignalKind.RESOLVED, service="web")
        assert world.incident(name).state is State.RESOLVED

    def test_an_end_that_is_older_than_the_last_fire_ends_nothing(self, world, name, other):
        does(world, Action.MERGE, other, into=name)
        world.fires("crash", event="end", kind=SignalKind.RESOLVED)
        world.clock.advance(timedelta(minutes=1))
        world.fires("slow", event="again", service="web")
        late = world.fires("slow", event="late end", minutes=1, kind=SignalKind.RESOLVED, service="web")
        assert (late.reason, world.incident(name).state) == (Suppressed.OUT_OF_ORDER, State.TRIGGERED)

    def test_of_another_episode_only_what_fires_then_has_to_end(self, world, name, other):
        does(world, Action.MERGE, other, into=name)
        does(world, Action.RESOLVE, name)
        world.clock.advance(timedelta(minutes=1))
        world.fires("slow", event="again", service="web")
        assert world.incident(name).state is State.TRIGGERED
        world.clock.advance(timedelta(minutes=1))
        world.fires("slow", event="end", kind=SignalKind.RESOLVED, service="web")
        assert world.incident(name).state is State.RESOLVED

    def test_a_refusal_changes_nothing(self, world, name, other):
        for wish, outcome in (
            ({"into": name}, Merging.ITSELF),
            ({"into": "INC-none"}, Merging.UNKNOWN),
        ):
            before = world.incident(name)
            acted = does(world, Action.MERGE, name, **wish)
            assert (acted.outcome, world.incident(name)) == (outcome, before)
        assert does(world, Action.MERGE, name, "board", into=other).outcome is Acked.NOT_ENTITLED
        assert does(world, Action.MERGE, "INC-none", into=other).outcome is Acked.UNKNOWN_INCIDENT

    def test_whoever_acknowledges_it_is_told_where_it_went(self, world, name, other):
        does(world, Action.MERGE, other, into=name)
        acted = does(world, Action.ACKNOWLEDGE, other, "omar")
        assert name in sentence(acted, world.config)
        assert name in sentence(acted, world.config, "ar")


class TestSeverityByHand:
    def test_up_pages_as_a_rise_by_signals_does(self, world):
        name = world.fires("slow", alert_type="log.request_5xx").incident
        world.tick(minutes=1)
        assert world.told("sms") == []
        acted = does(world, Action.SEVERITY, name, severity=Severity.CRITICAL, note="checkout is down")
        assert "severity raised: CRITICAL" in sentence(acted, world.config)
        assert rows(world, Notify.SEVERITY_RAISED, Channel.EMAIL) == [("omar", Channel.EMAIL)]

    def test_down_tells_whoever_was_told_and_rings_nobody(self, world, name):
        before = paged(world)
        acted = does(world, Action.SEVERITY, name, severity=Severity.LOW, note="one user only")
        assert (acted.outcome, paged(world)) == (Weighed.LOWERED, before)
        assert set(rows(world, Notify.SEVERITY_LOWERED)) == {
            ("omar", Channel.EMAIL),
            ("slack:incidents", Channel.SLACK),
        }
        world.tick(hours=3)
        assert paged(world) == before

    def test_a_text_that_still_waits_is_dropped_where_the_lower_severity_neither_texts_nor_calls(self, world):
        low = world.config.policies["low"]
        quiet = replace(low, steps=tuple(replace(step, channels=("email",)) for step in low.steps))
        world.config = configuration(policies={**world.config.policies, "low": quiet})
        name = world.fires("crash").incident
        does(world, Action.SEVERITY, name, severity=Severity.LOW, note="one user only")
        world.pump()
        assert world.told("sms") == []
        assert world.told("email")
        assert {r.note for r in world.ledger(channel=Channel.SMS)} == {Suppressed.NO_LONGER_PROMISED}

    def test_without_a_reason_nothing_happens(self, world, name):
        acted = does(world, Action.SEVERITY, name, severity=Severity.LOW)
        assert (acted.outcome, world.incident(name).severity) == (Weighed.NO_REASON, Severity.CRITICAL)


class TestRoles:
    def test_whoever_gets_a_role_hears_of_it_by_mail_and_in_the_thread_and_no_telephone_rings(self, world, name):
        before = paged(world)
        does(world, Action.ROLE, name, to="lead", role=Role.COMMUNICATIONS)
        assert set(rows(world, Notify.ROLE_GIVEN)) == {("lead", Channel.EMAIL), ("slack:incidents", Channel.SLACK)}
        assert (world.incident(name).roles, paged(world)) == ({Role.COMMUNICATIONS: "lead"}, before)

    def test_ones_own_role_needs_no_mail(self, world, name):
        does(world, Action.ROLE, name, to="mona", role=Role.SCRIBE)
        assert rows(world, Notify.ROLE_GIVEN, Channel.EMAIL) == []

    def test_an_observer_gets_none(self, world, name):
        assert does(world, Action.ROLE, name, to="board", role=Role.SCRIBE).happened is False

    def test_whoever_acknowledges_a_critical_incident_commands_it_and_whoever_snoozes_does_not(self, world, name):
        assert does(world, Action.SNOOZE, name, "omar").outcome is Outcome.SNOOZED
        assert world.incident(name).roles == {}
        does(world, Action.ACKNOWLEDGE, name, "omar")
        assert world.incident(name).roles == {Role.COMMANDER: "omar"}


class TestRestricted:
    def test_it_is_not_merged_and_whoever_is_not_of_the_team_does_not_learn_of_it(self, world, name):
        other = world.fires("slow", service="web").incident
        document = world.store.get(INCIDENTS, other)
        labels = {**document.body["labels"], "restricted": "yes"}
        sealed = {**document.body, "labels": labels, "restricted": "HERON"}
        world.store.commit([Replace(INCIDENTS, other, sealed, document.version)])
        assert does(world, Action.MERGE, name, into=other).outcome in {Merging.UNKNOWN, Merging.RESTRICTED}
        assert does(world, Action.MERGE, other, into=name).outcome == Acked.UNKNOWN_INCIDENT
        assert does(world, Action.MERGE, other, "lead", into=name).outcome is Merging.RESTRICTED
        assert world.incident(name).merged == ()
