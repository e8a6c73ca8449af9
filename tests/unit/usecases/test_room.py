"""A person's room for messages: who goes first, what becomes one, and what a telephone need not ring for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.amendments import Awake
from shared.domain.configuration import Limits, RateCap
from shared.domain.notifications import Channel, LedgerState
from shared.domain.reasons import Notify, Suppressed
from shared.domain.signals import own_signal
from shared.errors import PermanentFailureError
from shared.usecases.act import Act, Action, act
from shared.usecases.present import amendment_write, present

SMS = Channel.SMS
M = timedelta(minutes=1)


@pytest.fixture
def capped(world):
    caps = (RateCap(5, 10 * M), RateCap(11, 60 * M))
    world.config = replace(world.config, limits=Limits(rate_caps={"sms": caps}, storm_incidents=10_000))
    return world


def awake(world, person="omar", *, minutes=45):
    world.store.commit([amendment_write(Awake(person, world.clock.now() + minutes * M))])
    world.config = present(world.config, store=world.store, now=world.clock.now())


def burst(world, count, service="app"):
    for n in range(count):
        world.fires(f"{service}{n}", service=service)
        world.clock.advance(timedelta(seconds=1))


def texts(world):
    return [message.body.text for message in world.notifiers[SMS].sent]


class TestCaps:
    def test_E44_the_first_page_of_a_new_service_finds_its_place_and_goes_before_older_ones(self, capped):
        burst(capped, 6)
        capped.pump()
        assert len(texts(capped)) == 3
        new = capped.fires("payment", service="payments").incident
        capped.pump()
        assert len(texts(capped)) == 4
        assert texts(capped)[-1].startswith(new)

    def test_E44_the_page_that_tells_of_a_storm_finds_its_place_however_many_services_fail(self, capped):
        for n in range(8):
            burst(capped, 1, service=f"service{n}")
        capped.pump()
        assert len(texts(capped)) == 4
        storm = capped.handle(own_signal("storm", subject="storm", title="Storm", at=capped.clock.now())).incident
        capped.pump()
        assert len(texts(capped)) == 5
        assert texts(capped)[-1].startswith(storm)

    def test_E44_what_waits_becomes_one_message_and_the_others_stay_in_the_ledger(self, capped):
        burst(capped, 10)
        capped.pump()
        firsts = capped.ledger(reason=Notify.FIRST, channel=SMS)
        assert len(firsts) == 10
        folded = [row for row in firsts if row.note == Suppressed.FOLDED]
        (stands,) = [row for row in firsts if row.stands_for]
        assert (len(folded), len(stands.stands_for), {row.state for row in folded}) == (7, 7, {LedgerState.SUPERSEDED})

    def test_a_few_that_wait_are_sent_each_by_urgency(self, capped):
        burst(capped, 4)
        capped.pump()
        low = capped.fires("b", service="app", alert_type="anything").incident  # high
        worst = capped.fires("c", service="app").incident  # critical
        capped.pump()
        capped.tick(minutes=10)
        capped.tick(minutes=1)
        order = [text.split()[0] for text in texts(capped)]
        assert order.index(worst) < order.index(low)

    def test_an_incident_that_is_over_is_not_counted_among_those_that_are_open(self, capped):
        burst(capped, 10)
        for incident in capped.incidents()[6:8]:
            act(Act(Action.RESOLVE, incident.id, "mona", "test"), **capped.ports)
        capped.pump()
        assert [len(row.stands_for) for row in capped.ledger(channel=SMS) if row.stands_for] == [5]


class TestLivingMessage:
    def test_an_edit_that_a_later_edit_overtakes_is_not_sent(self, world):
        name = world.fires("crash").incident
        world.pump()
        act(Act(Action.ACKNOWLEDGE, name, "mona", "test"), **world.ports)
        act(Act(Action.SNOOZE, name, "mona", "test"), **world.ports)
        world.pump()
        edits = [r for r in world.ledger(channel=Channel.SLACK) if r.reason is Notify.ACKNOWLEDGED]
        assert sorted(row.note for row in edits) == ["", Suppressed.REPLACED]


class TestAwake:
    def test_whoever_acknowledges_is_awake_for_a_while(self, world):
        name = world.fires("crash").incident
        act(Act(Action.ACKNOWLEDGE, name, "omar", "test"), **world.ports)
        now = world.clock.now()
        people = [present(world.config, store=world.store, now=now + wait * M).directory.people for wait in (44, 46)]
        assert [each["omar"].awake for each in people] == [True, False]

    def test_the_telephone_of_somebody_awake_stays_quiet_and_the_ledger_says_why(self, world):
        awake(world)
        world.fires("crash")
        world.pump()
        assert (world.told("sms"), world.told("email")) == ([], ["omar"])
        (row,) = world.ledger(channel=SMS)
        assert (row.state, row.note, row.due_at) == (LedgerState.SUPERSEDED, Suppressed.AWAKE, None)

    def test_when_nobody_takes_a_critical_incident_it_rings_all_the_same(self, world):
        awake(world, "lead", minutes=600)
        world.fires("crash")
        for _ in range(16):
            world.tick(minutes=1)
        assert "lead" in world.told("sms")

    def test_an_email_that_fails_is_followed_by_the_telephone(self, world):
        awake(world)
        world.notifiers[Channel.EMAIL].faults.append(PermanentFailureError("550", "no such mailbox"))
        world.fires("crash")
        world.pump()
        assert world.told("sms") == ["omar"]

    def test_without_an_address_the_telephone_rings(self, world):
        people = world.config.directory.people
        bare = {**people, "omar": replace(people["omar"], email="")}
        world.config = replace(world.config, directory=replace(world.config.directory, people=bare))
        awake(world)
        world.fires("crash")
        world.pump()
        assert world.told("sms") == ["omar"]
