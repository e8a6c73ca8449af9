"""An address behind which there is nobody is not used again, its owner and the lead hear of it, and a device is forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.amendments import ChannelOff, Device, address_digest
from shared.domain.notifications import Channel, LedgerState, Report, address_of
from shared.domain.reasons import Notify
from shared.errors import ConflictError, PermanentFailureError, TemporaryFailureError
from shared.ports.messages import Outgoing, Sent, SmsBody
from shared.usecases.channel_off import turn_on
from shared.usecases.present import amendment_write, amendments_of, present
from shared.usecases.receipts import take_report
from shared.usecases.records import AMENDMENTS
from tests.conftest import configuration

SMS, EMAIL, PUSH = Channel.SMS, Channel.EMAIL, Channel.PUSH
GONE = PermanentFailureError("21614", address_gone=True)
PHONE = "+201000000012"
HOUR = timedelta(hours=1)
DEVICES = ("device0000000000000001", "device0000000000000002")


class Sender:
    """A world whose messages carry real addresses, and whose people are as amended."""

    def __init__(self, world):
        self.world, self.base = world, world.config
        self.amend()

    def amend(self):
        self.world.config = present(self.base, store=self.world.store, now=self.world.clock.now())

    def compose(self, row, incident):
        to = address_of(self.world.config.directory, row.recipient, row.channel) or row.recipient
        return Outgoing(row.id, to, SmsBody(row.id))

    def pages(self, name="crash"):
        self.amend()
        handled = self.world.fires(name)
        self.world.pump(compose=self.compose)
        self.amend()
        return handled

    def marks(self):
        return [one for one in amendments_of(self.world.store) if isinstance(one, ChannelOff)]

    def devices(self):
        return {one.token for one in amendments_of(self.world.store) if isinstance(one, Device)}


@pytest.fixture
def sender(world):
    return Sender(world)


def bulletins(world):
    return [(row.recipient, row.channel) for row in world.ledger(reason=Notify.BULLETIN)]


def test_E39_a_number_that_does_not_exist_is_marked_and_its_owner_and_the_lead_are_told_once(world, sender):
    world.notifiers[SMS].faults = [GONE]
    sender.pages()
    (mark,) = sender.marks()
    assert (mark.person, mark.channel, mark.address) == ("omar", SMS, address_digest(PHONE))
    assert bulletins(world) == [("omar", EMAIL), ("lead", EMAIL)]
    assert all(row.state is LedgerState.SENT for row in world.ledger(reason=Notify.BULLETIN))
    world.clock.advance(timedelta(minutes=1))
    sender.pages("other")
    assert PHONE not in world.told("sms")
    assert len(bulletins(world)) == 2


@pytest.mark.parametrize(
    "error",
    [
        PermanentFailureError("20003", channel_broken=True),
        PermanentFailureError("30003"),
        PermanentFailureError("21617"),
    ],
    ids=["the channel's fault", "switched off", "the content's fault"],
)
def test_a_failure_that_is_not_the_address_s_marks_nobody(world, sender, error):
    world.notifiers[SMS].faults = [error]
    sender.pages()
    assert (sender.marks(), bulletins(world)) == ([], [])


def test_E72_a_person_who_sent_stop_is_marked_when_the_provider_says_so(world, sender):
    world.notifiers[SMS].faults = [PermanentFailureError("21610", opted_out=True)]
    sender.pages()
    assert [mark.reason for mark in sender.marks()] == ["the person sent STOP"]


def test_E51_a_changed_number_is_used_at_once_and_a_mark_of_the_old_one_does_not_hold_it(world, sender):
    world.notifiers[SMS].faults = [GONE]
    sender.pages()
    people = {**sender.base.directory.people, "omar": replace(sender.base.directory.people["omar"], phone="+201099")}
    sender.base = replace(sender.base, directory=replace(sender.base.directory, people=people))
    world.clock.advance(timedelta(minutes=1))
    sender.pages("other")
    assert "+201099" in world.told("sms")


def test_E51_a_failure_at_an_address_that_changed_meanwhile_leaves_the_new_one_alone(world, sender):
    world.notifiers[SMS].faults = [GONE]
    sender.compose = lambda row, incident: Outgoing(row.id, f"old {row.channel}", SmsBody(row.id))
    sender.pages()
    assert sender.marks() == []


def test_a_mark_that_is_taken_away_lets_the_next_page_through(world, sender):
    world.notifiers[SMS].faults = [GONE]
    sender.pages()
    turn_on("omar", SMS, store=world.store, now=world.clock.now())
    world.clock.advance(timedelta(minutes=1))
    sender.pages("other")
    assert PHONE in world.told("sms")


def test_E61_who_is_on_call_and_lost_every_address_is_replaced_and_an_incident_says_so(world, sender):
    rules = tuple(replace(rule, channels=("sms",)) for rule in sender.base.event_rules)
    bare = replace(sender.base.directory.people["omar"], email="", slack_user="")
    sender.base = configuration(
        event_rules=rules,
        directory=replace(sender.base.directory, people={**sender.base.directory.people, "omar": bare}),
    )
    off = [ChannelOff("omar", channel, address_digest(PHONE), "x", world.clock.now()) for channel in ("sms", "voice")]
    world.store.commit([amendment_write(one) for one in off])
    sender.pages()
    assert world.told("sms")[0] == "+201000000013"
    assert "soukmon.out_of_reach" in {incident.alert_type for incident in world.incidents()}


def test_the_row_its_replacement_and_the_mark_are_one_commit(world, sender, monkeypatch):
    commits, real = [], world.store.commit
    monkeypatch.setattr(world.store, "commit", lambda writes: commits.append(list(writes)) or real(writes))
    world.notifiers[SMS].faults = [GONE]
    sender.pages()
    (marking,) = [writes for writes in commits if any(write.collection == AMENDMENTS for write in writes)]
    assert [write.collection for write in marking].count("notifications") == 3  # the row and two notices


def test_a_mark_that_somebody_else_made_meanwhile_does_not_lose_the_failure(world, sender, monkeypatch):
    real, raced = world.store.commit, []

    def commit(writes):
        if not raced and any(write.collection == AMENDMENTS for write in writes):
            raced.append(1)
            real([write for write in writes if write.collection == AMENDMENTS])
            raise ConflictError("somebody was faster")
        real(writes)

    monkeypatch.setattr(world.store, "commit", commit)
    world.notifiers[SMS].faults = [GONE]
    sender.pages()
    (row,) = [row for row in world.ledger(channel=SMS, recipient="omar") if row.reason is Notify.FIRST]
    assert (row.state, len(sender.marks())) == (LedgerState.FAILED_PERMANENT, 1)


def test_a_receipt_that_says_the_number_does_not_exist_marks_it_too(world, sender):
    sender.pages()
    (row,) = world.ledger(channel=SMS)
    report = Report("P1", LedgerState.FAILED_PERMANENT, "30006", row.id, address_gone=True)
    take_report(report, nonce="n", **world.ports)
    take_report(report, nonce="n", **world.ports)
    assert [(mark.person, mark.channel) for mark in sender.marks()] == [("omar", SMS)]
    assert len(bulletins(world)) == 2


def test_a_receipt_of_a_telephone_that_is_off_marks_nobody(world, sender):
    sender.pages()
    (row,) = world.ledger(channel=SMS)
    take_report(Report("P1", LedgerState.FAILED_PERMANENT, "30003", row.id), nonce="n", **world.ports)
    assert sender.marks() == []


@pytest.fixture
def with_devices(world, sender):
    world.store.commit([amendment_write(Device("omar", token, world.clock.now())) for token in DEVICES])
    return sender


def test_a_device_that_is_gone_is_forgotten_and_the_others_are_kept(world, with_devices):
    world.notifiers[PUSH].send = lambda message: Sent("m1", dead=DEVICES[:1])
    with_devices.pages()
    assert world.ledger(channel=PUSH)[0].state is LedgerState.SENT
    assert with_devices.devices() == {DEVICES[1]}
    assert with_devices.marks() == []


def test_when_every_device_is_gone_they_are_forgotten_and_nobody_is_told_twice(world, with_devices):
    world.notifiers[PUSH].faults = [PermanentFailureError("NOT_FOUND", address_gone=True)]
    with_devices.pages()
    assert with_devices.devices() == set()
    assert world.ledger(reason=Notify.FALLBACK) == []  # the text and the mail of the same page are out already
    assert (world.told("sms").count(PHONE), bulletins(world)) == (1, [])


@pytest.mark.parametrize(
    "error", [PermanentFailureError("NOT_FOUND", address_gone=True), TemporaryFailureError("x", retry_after=HOUR)]
)
def test_who_is_only_mailed_is_not_texted_because_the_push_beside_it_failed(world, with_devices, error):
    rules = tuple(replace(rule, channels=("email",)) for rule in with_devices.base.event_rules)
    with_devices.base = replace(with_devices.base, event_rules=rules)
    world.notifiers[PUSH].faults = [error]
    with_devices.pages()
    assert world.ledger(reason=Notify.FALLBACK) == []
    assert world.told("sms") == []


def test_a_push_alone_that_fails_falls_back_to_the_telephone(world, with_devices):
    rules = tuple(replace(rule, channels=("push",)) for rule in with_devices.base.event_rules)
    with_devices.base = replace(with_devices.base, event_rules=rules)
    world.notifiers[PUSH].faults = [PermanentFailureError("NOT_FOUND", address_gone=True)]
    with_devices.pages()
    assert [(row.recipient, row.channel) for row in world.ledger(reason=Notify.FALLBACK)] == [("omar", SMS)]
