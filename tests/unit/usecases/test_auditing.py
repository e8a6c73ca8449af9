"""Each link of the chain is cut once; the audit finds it, shouts past the bus, and mends what it can."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.audit import Finding
from shared.domain.delivery import claimed
from shared.domain.notifications import Channel, LedgerState
from shared.domain.reasons import Notify, Suppressed
from shared.errors import PermanentFailureError, TemporaryFailureError
from shared.ports.store import Delete, Put, Query
from shared.usecases.audit_escalations import audit_escalations
from shared.usecases.escalate import escalate
from shared.usecases.records import HEARTBEATS, NOTIFICATIONS, OUTBOX, body_of, instant


@pytest.fixture
def audit(world):
    def audited():
        return audit_escalations(notifier=world.notifiers.__getitem__, **world.ports)

    return audited


def found(audited):
    return {proof.finding for proof in audited.proofs}


def shouted(world):
    return [
        m
        for channel in (Channel.EMAIL, Channel.SMS)
        for m in world.notifiers[channel].sent
        if "alerting system" in str(m.body)
    ]


def test_where_all_is_well_nothing_is_said(world, audit):
    world.fires()
    world.pump()
    for _ in range(30):
        world.tick(minutes=1)
    before = [len(world.notifiers[channel].sent) for channel in Channel]
    assert audit().proofs == ()
    assert [len(world.notifiers[channel].sent) for channel in Channel] == before


def test_a_tick_that_does_not_run_is_shouted_and_its_steps_are_taken(world, audit):
    world.fires()
    world.pump()
    world.tick()
    world.clock.advance(timedelta(minutes=20))
    result = audit()
    assert found(result) == {Finding.TICK_SILENT, Finding.STEP_NOT_TAKEN}
    assert {m.to for m in shouted(world)} == {"lead@souk.example", "+201000000013"}
    world.pump()
    assert world.incidents()[0].ladder.step == 2  # the step that was due at 15 minutes


def test_a_bus_that_loses_messages_is_found_and_the_messages_are_sent(world, audit):
    world.fires()
    world.bus.messages.clear()
    world.clock.advance(timedelta(minutes=6))
    assert found(audit()) == {Finding.MESSAGES_STUCK, Finding.OUTBOX_STUCK}  # no tick took the look at its impact
    world.pump()
    assert world.told("sms") == ["+201000000013", "omar"]  # the shout, then the page


def test_a_bus_that_loses_messages_is_found_although_the_tick_publishes_them_again_and_again(world, audit):
    world.fires()
    for _ in range(8):
        world.bus.messages.clear()
        world.clock.advance(timedelta(minutes=1))
        escalate(**world.ports)
    assert found(audit()) == {Finding.MESSAGES_STUCK}


def test_a_message_that_is_tried_again_or_waits_for_its_recipient_s_cap_is_not_stuck(world, audit):
    for number in range(8):
        world.fires(f"c{number}", service=f"s{number}")
    world.notifiers[Channel.EMAIL].faults = [TemporaryFailureError("busy", retry_after=timedelta(minutes=20))] * 8
    world.pump()
    for _ in range(14):
        world.tick(minutes=1)
    assert world.ledger(state=LedgerState.FAILED_TEMPORARY)
    assert [row for row in world.ledger() if row.note == Suppressed.BY_RATE_CAP]
    assert audit().proofs == ()


def test_a_sender_that_died_with_a_message_in_hand_is_found_once_its_lease_is_long_over(world, audit):
    world.fires()
    world.bus.messages.clear()
    row = world.ledger(channel=Channel.SMS)[0]
    dead = claimed(row, world.clock.now(), world.config.limits)
    world.store.commit([Put(NOTIFICATIONS, row.id, body_of(dead))])
    others = [one.id for one in world.ledger() if one.id != row.id]
    for name in others:
        world.deliver(name)
    world.store.commit([Delete(OUTBOX, look.id) for look in world.store.find(Query(OUTBOX, order_by="due_at"))])
    world.clock.advance(timedelta(minutes=5, seconds=30))
    assert audit().proofs == ()
    world.bus.messages.clear()
    world.clock.advance(timedelta(minutes=2))
    assert found(audit()) == {Finding.MESSAGES_STUCK}


def test_a_step_between_two_others_whose_messages_are_gone_is_found(world, audit):
    world.fires()
    world.pump()
    world.tick(minutes=15)
    world.store.commit([Delete(NOTIFICATIONS, row.id) for row in world.ledger(step=2)])
    world.tick(minutes=15)
    world.tick(minutes=6)
    assert [(proof.finding, proof.about) for proof in audit().proofs] == [
        (Finding.STEP_UNTOLD, world.incidents()[0].id)
    ]


def test_a_step_whose_failed_messages_another_channel_took_over_has_told_somebody(world, audit):
    world.notifiers[Channel.SMS].faults = [PermanentFailureError("21211")]
    world.notifiers[Channel.EMAIL].faults = [PermanentFailureError("550")]
    world.notifiers[Channel.SLACK].faults = [PermanentFailureError("is_archived")]
    world.fires()
    world.pump()
    world.tick(minutes=6)
    assert world.ledger(reason=Notify.FALLBACK, state=LedgerState.SENT)
    assert not [row for row in world.ledger(reason=Notify.FIRST, incident=world.incidents()[0].id) if row.sent_at]
    assert audit().proofs == ()


def test_a_decision_that_was_never_published_is_found(world, audit):
    world.store.commit([Put(OUTBOX, "x", {"topic": "elsewhere", "data": {}, "due_at": instant(world.clock.now())})])
    world.clock.advance(timedelta(minutes=6))
    assert found(audit()) == {Finding.OUTBOX_STUCK}
    assert world.store.get(OUTBOX, "x") is None


def test_a_step_whose_messages_are_gone_is_found(world, audit):
    world.fires()
    world.pump()
    world.store.commit([Delete(NOTIFICATIONS, row.id) for row in world.ledger()])
    world.clock.advance(timedelta(minutes=6))
    world.tick()
    assert found(audit()) == {Finding.STEP_UNTOLD}


def test_a_step_whose_messages_all_failed_is_found(world, audit):
    world.fires()
    world.pump()
    rows = [replace(row, state=LedgerState.FAILED_PERMANENT, due_at=None) for row in world.ledger()]
    world.store.commit([Put(NOTIFICATIONS, row.id, body_of(row)) for row in rows])
    world.clock.advance(timedelta(minutes=6))
    world.tick()
    assert found(audit()) == {Finding.STEP_UNTOLD}


@pytest.mark.parametrize(
    ("note", "lost"), [(Suppressed.IN_DIGEST, False), (Suppressed.FOLDED, False), ("nothing to send", True)]
)
def test_a_message_that_another_one_speaks_for_is_not_lost(world, audit, note, lost):
    world.fires()
    world.pump()
    rows = [replace(row, state=LedgerState.SUPERSEDED, due_at=None, note=note) for row in world.ledger()]
    world.store.commit([Put(NOTIFICATIONS, row.id, body_of(row)) for row in rows])
    world.clock.advance(timedelta(minutes=6))
    world.tick()
    assert (found(audit()) == {Finding.STEP_UNTOLD}) is lost


def test_rules_that_are_no_longer_evaluated_are_found(world, audit):
    world.store.commit([Put(HEARTBEATS, "evaluate_rules", {"at": instant(world.clock.now())})])
    world.clock.advance(timedelta(minutes=11))
    assert found(audit()) == {Finding.EVALUATION_SILENT}


def test_the_same_finding_is_shouted_once_an_hour(world, audit):
    world.tick()
    for _ in range(4):
        world.clock.advance(timedelta(minutes=13))
        assert found(audit()) == {Finding.TICK_SILENT}
    assert len(shouted(world)) == 2
    world.clock.advance(timedelta(minutes=26))
    audit()
    assert len(shouted(world)) == 4


def test_one_provider_that_fails_does_not_keep_the_shout_from_the_other(world, audit):
    world.tick()
    world.clock.advance(timedelta(minutes=13))
    world.notifiers[Channel.EMAIL].faults = [TemporaryFailureError("x")]
    assert audit().shouted_to == 1
    assert [m.to for m in shouted(world)] == ["+201000000013"]


def test_those_whom_the_configuration_names_are_told_each_once(world):
    world.config = replace(world.config, auditor=("team:executives", "person:boss", "person:omar"))
    world.tick()
    world.clock.advance(timedelta(minutes=13))
    audit_escalations(notifier=world.notifiers.__getitem__, **world.ports)
    assert sorted(m.to for m in world.notifiers[Channel.SMS].sent) == ["+201000000012", "+201000000014"]
    (arabic,) = [m for m in world.notifiers[Channel.EMAIL].sent if m.to == "omar@souk.example"]
    assert "دورة التصعيد متوقفة" in arabic.body.text


def test_the_ordinary_path_hears_of_it_too(world, audit):
    world.tick()
    world.clock.advance(timedelta(minutes=13))
    audit()
    world.pump()
    assert [i.alert_type for i in world.incidents()] == ["soukmon.audit"]


def test_E53_a_shout_that_nobody_hears_is_in_the_log(world, audit, caplog):
    world.tick()
    world.clock.advance(timedelta(minutes=13))
    world.notifiers[Channel.EMAIL].faults = [PermanentFailureError("x")]
    world.notifiers[Channel.SMS].faults = [PermanentFailureError("y")]
    assert audit().shouted_to == 0
    assert {record.levelname for record in caplog.records} == {"CRITICAL"}
    assert "+201000000013" not in caplog.text
