"""Each ledger row is sent once, by one worker, and every failure has its consequence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.notifications import Channel, LedgerState, Report
from shared.domain.reasons import Notify, Suppressed
from shared.domain.signals import SignalKind
from shared.errors import PermanentFailureError, TemporaryFailureError, UnknownOutcomeError
from shared.ports.messages import Sent
from shared.usecases.act import Act, Action, act
from shared.usecases.receipts import apply_report, take_report
from tests.conftest import configuration

SMS, SLACK, EMAIL = Channel.SMS, Channel.SLACK, Channel.EMAIL


def test_E36_only_the_failed_channel_is_retried_and_each_recipient_sees_exactly_one(world):
    world.notifiers[SLACK].faults = [TemporaryFailureError("500")]
    world.fires("crash")
    world.pump()
    world.tick(minutes=1)
    assert (len(world.told("slack")), len(world.told("sms")), len(world.told("email"))) == (1, 1, 1)
    (row,) = world.ledger(channel=SLACK)
    assert (row.state, row.attempts) == (LedgerState.SENT, 2)


def test_E37_a_rate_limit_waits_as_long_as_the_provider_says_and_holds_nobody_else(world):
    world.notifiers[SLACK].faults = [TemporaryFailureError("ratelimited", retry_after=timedelta(seconds=30))]
    world.fires("crash")
    world.pump()
    (row,) = world.ledger(channel=SLACK)
    assert (row.state, row.not_before) == (LedgerState.FAILED_TEMPORARY, world.clock.now() + timedelta(seconds=30))
    assert (len(world.told("sms")), len(world.told("email"))) == (1, 1)
    world.clock.advance(timedelta(seconds=29))
    assert world.deliver(row.id) is LedgerState.FAILED_TEMPORARY
    world.clock.advance(timedelta(seconds=1))
    assert world.deliver(row.id) is LedgerState.SENT


def test_E37_a_critical_message_falls_back_at_its_deadline_while_it_goes_on_trying(world):
    world.notifiers[SMS].faults = [TemporaryFailureError("20429", retry_after=timedelta(minutes=10))]
    world.config = configuration(event_rules=configuration().event_rules[-1:])
    world.fires("crash", event="x")
    world.pump()
    fallback = world.ledger(reason=Notify.FALLBACK)
    assert [(row.recipient, row.channel) for row in fallback] == []  # e-mail to the same person is on its way already
    (row,) = world.ledger(channel=SMS)
    assert row.state is LedgerState.FAILED_TEMPORARY


def only_sms():
    rule = replace(configuration().event_rules[0], channels=("sms",))
    return configuration(event_rules=(rule, *configuration().event_rules[1:]))


def test_E38_a_permanent_failure_uses_the_next_channel_at_once_and_a_broken_channel_raises_an_alert(world):
    world.config = only_sms()
    world.notifiers[SMS].faults = [PermanentFailureError("20003", channel_broken=True)]
    world.fires("crash")
    world.pump()
    (fallback,) = world.ledger(reason=Notify.FALLBACK)
    assert (fallback.recipient, fallback.channel, fallback.state) == ("omar", EMAIL, LedgerState.SENT)
    assert [i.alert_type for i in world.incidents() if i.source == "soukmon"] == ["soukmon.channel_broken"]


def test_E39_an_undelivered_receipt_without_a_code_is_retried_and_a_dead_number_is_replaced(world):
    world.config = only_sms()
    world.fires("crash")
    world.pump()
    (row,) = world.ledger(channel=SMS)
    apply_report(Report("P1", LedgerState.FAILED_TEMPORARY, "undelivered", row.id), **world.ports)
    world.tick(minutes=1)
    assert len(world.told("sms")) == 2
    apply_report(Report("P2", LedgerState.FAILED_PERMANENT, "30003", row.id), **world.ports)
    world.pump()
    assert (len(world.told("sms")), world.told("email")) == (2, ["omar"])


def test_E40_after_a_lost_answer_the_message_is_looked_up_before_it_is_sent_again(world):
    def lost(message):
        world.notifiers[SMS].sent.append(message)
        world.notifiers[SMS].known[message.reference] = Sent("SM1")
        raise UnknownOutcomeError("timeout")

    world.notifiers[SMS].faults = [lost]
    world.fires("crash")
    world.pump()
    world.tick(minutes=1)
    (row,) = world.ledger(channel=SMS)
    assert (len(world.told("sms")), row.state, row.provider_id) == (1, LedgerState.SENT, "SM1")


def test_E40_where_nobody_can_know_it_is_sent_again_and_marked(world):
    world.notifiers[EMAIL].faults = [UnknownOutcomeError("timeout after DATA")]
    world.notifiers[EMAIL].can_find = False
    world.fires("crash")
    world.pump()
    world.tick(minutes=1)
    (row,) = world.ledger(channel=EMAIL)
    assert (row.state, row.note) == (LedgerState.SENT, "possible duplicate")


def test_E41_a_crash_before_the_send_is_made_good_by_the_sweeper(world):
    world.fires("crash")
    world.bus.messages.clear()  # the process died between commit and publish
    assert not world.told("sms")
    world.tick(minutes=1)
    assert (len(world.told("sms")), len(world.told("email")), len(world.told("slack"))) == (1, 1, 1)


def test_E41_a_crash_after_the_send_loses_nothing_and_the_lease_keeps_others_out(world):
    class Died(BaseException):
        pass

    def dies(message):
        world.notifiers[SMS].sent.append(message)
        raise Died

    world.notifiers[SMS].faults = [dies]
    world.fires("crash")
    (row,) = world.ledger(channel=SMS)
    with pytest.raises(Died):
        world.pump()
    assert world.deliver(row.id) is LedgerState.SENDING  # somebody holds the lease
    world.tick(minutes=2)
    assert world.ledger(channel=SMS)[0].state is LedgerState.SENT
    assert len(world.told("sms")) == 2  # at most one duplicate


def test_E42_a_receipt_before_the_answer_is_kept(world):

    def early(message):
        apply_report(Report("SM9", LedgerState.DELIVERED, notification=message.reference), **world.ports)

    world.notifiers[SMS].faults = [early]
    world.fires("crash")
    world.pump()
    (row,) = world.ledger(channel=SMS)
    assert (row.state, row.provider_id) == (LedgerState.DELIVERED, "P1")


def test_E43_a_receipt_for_an_unknown_message_makes_nothing(world):
    assert apply_report(Report("SMunknown", LedgerState.DELIVERED), **world.ports) is None
    assert world.ledger() == []


def test_E53_when_every_channel_fails_it_is_said_loudly_on_a_path_of_its_own(world, caplog):
    world.config = only_sms()
    world.notifiers[SMS].faults = [PermanentFailureError("21211")]
    world.notifiers[EMAIL].faults = [PermanentFailureError("550")]
    world.fires("crash")
    world.pump()
    assert [r.levelname for r in caplog.records if "last resort" in r.message] == ["CRITICAL"]
    assert "soukmon.delivery_failed" in {i.alert_type for i in world.incidents()}


def test_E56_a_resolve_cancels_the_next_step_and_drops_what_is_still_queued(world):
    name = world.fires("crash").incident
    world.clock.advance(timedelta(minutes=1))
    world.fires("crash", event="over", kind=SignalKind.RESOLVED)
    world.pump()
    world.tick(minutes=30)
    assert world.told("sms") == []
    assert {r.note for r in world.ledger(reason=Notify.FIRST)} == {Suppressed.INCIDENT_OVER}
    assert world.incident(name).due_at is None


def test_an_acknowledgement_stops_a_page_that_is_already_on_its_way(world):
    name = world.fires("crash").incident
    act(Act(Action.ACKNOWLEDGE, name, "mona", "test"), **world.ports)
    world.pump()
    assert world.told("sms") == []
    assert len(world.told("slack")) == 1  # the living message still appears, and shows who owns it


def test_a_person_s_cap_delays_the_fifth_sms_and_loses_none(world):
    for n in range(7):
        world.fires(f"fault{n}", service=f"s{n}")
    world.pump()
    assert len(world.told("sms")) == 4  # the fifth place is the storm's, should this become one
    world.tick(minutes=14)
    assert len(world.told("sms")) == 4
    for _ in range(60):
        world.tick(minutes=1)
    assert len([r for r in world.ledger(channel=SMS, reason=Notify.FIRST) if r.state is LedgerState.SENT]) == 7


def test_an_address_that_changed_is_used_as_it_is_now(world):
    world.notifiers[SMS].faults = [TemporaryFailureError("500")]
    world.fires("crash")
    world.pump()
    (row,) = world.ledger(channel=SMS)
    assert row.recipient == "omar"  # a person, never a number: the number is looked up when it is sent


def test_a_first_message_still_waiting_is_replaced_by_the_news_that_it_got_worse(world):
    for n in range(10):
        world.fires("slow", event=f"e{n}", alert_type="log.request_5xx")
    world.pump()
    world.tick(minutes=1)
    assert world.told("email").count("omar") == 1
    assert world.told("slack") == ["slack:incidents"]
    assert {r.note for r in world.ledger(reason=Notify.FIRST)} == {Suppressed.REPLACED}


def test_E69_a_replayed_receipt_does_not_send_again(world):
    world.config = only_sms()
    world.fires("crash")
    world.pump()
    (row,) = world.ledger(channel=SMS)
    failed = Report("P1", LedgerState.FAILED_TEMPORARY, "30008", row.id)
    take_report(failed, nonce="n1", **world.ports)
    world.tick(minutes=1)
    take_report(failed, nonce="n1", **world.ports)
    world.tick(minutes=1)
    assert (len(world.told("sms")), world.ledger(channel=SMS)[0].state) == (2, LedgerState.SENT)
