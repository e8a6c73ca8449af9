"""The minute tick: every step once, late or twice or on two instances; acknowledgements stop it and expire."""

import threading
from dataclasses import replace
from datetime import time, timedelta

from shared.adapters.folder import FolderObjects
from shared.domain.incidents import Acked, State
from shared.domain.notifications import Channel
from shared.domain.oncall import Override, Rotation
from shared.domain.reasons import Notify
from shared.domain.wallclock import Hours
from shared.usecases.act import Act, Action, act, sentence
from shared.usecases.compose import Addresses, Composer
from shared.usecases.escalate import escalate
from shared.usecases.records import timeline_of
from tests.conftest import configuration

SMS = Channel.SMS


def does(world, action, incident, person="mona", via="test"):
    return act(Act(action, incident, person, via), **world.ports)


def test_each_step_is_taken_once_when_it_is_due(world):
    world.fires("crash")
    world.pump()
    for _ in range(16):
        world.tick(minutes=1)
    second = world.ledger(reason=Notify.ESCALATED, channel=SMS)
    assert sorted(row.recipient for row in second) == ["lead", "omar"]


def test_E54_of_acknowledgement_and_timer_at_the_same_moment_one_wins_and_both_are_on_the_record(world):
    for n in range(20):
        name = world.fires(f"c{n}", service=f"s{n}").incident
        world.clock.advance(timedelta(minutes=15))
        barrier = threading.Barrier(2)

        def acknowledges(name=name, barrier=barrier):
            barrier.wait()
            does(world, Action.ACKNOWLEDGE, name)

        def ticks(barrier=barrier):
            barrier.wait()
            escalate(**world.ports)

        threads = [threading.Thread(target=acknowledges), threading.Thread(target=ticks)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        incident = world.incident(name)
        beside = {"promise broken", "role"}
        events = [line.event for line in timeline_of(world.store, name) if line.event not in beside]
        assert (incident.state, incident.ladder.next_at) == (State.ACKNOWLEDGED, None)
        assert events in (["opened", "acknowledged"], ["opened", "escalated", "acknowledged"])
        assert events.count("escalated") == len({r.step for r in world.ledger(incident=name, reason=Notify.ESCALATED)})


def test_E55_the_first_owns_it_and_the_second_is_told_who_and_when(world):
    name = world.fires("crash").incident
    first, second = does(world, Action.ACKNOWLEDGE, name), does(world, Action.ACKNOWLEDGE, name, "omar")
    assert (first.outcome, second.outcome, world.incident(name).owner) == (Acked.ACCEPTED, Acked.ALREADY_OWNED, "mona")
    assert "owned by Mona Adel, since 10 Mar 02:10 EET" in sentence(second, world.config)
    assert "المسؤول Mona Adel" in sentence(second, world.config, "ar")
    acted = [line.actor for line in timeline_of(world.store, name) if line.event != "role"]
    assert acted == ["soukmon", "mona", "omar"]


def test_E58_an_immediate_escalation_sends_two_steps_in_one_pass_and_one_message_per_person(world):
    rule = replace(configuration().event_rules[0], escalate_after=timedelta(0))
    world.config = configuration(event_rules=(rule,))
    world.fires("crash")
    world.pump()
    assert sorted(world.told("sms")) == ["lead", "omar"]  # omar is on call and in engineering


def test_E59_a_tick_forty_minutes_late_sends_the_highest_due_step_with_a_note(world):
    world.fires("crash")
    world.pump()
    world.tick(minutes=55)
    sent = world.ledger(reason=Notify.ESCALATED, channel=SMS)
    assert [(row.recipient, row.step) for row in sent] == [("boss", 3)]
    assert "1 earlier step" in sent[0].note


def test_E60_a_tick_that_runs_twice_and_on_four_instances_takes_each_step_once(world):
    world.fires("crash")
    world.pump()
    world.clock.advance(timedelta(minutes=15))
    barrier = threading.Barrier(4)

    def ticks():
        barrier.wait()
        escalate(**world.ports)

    threads = [threading.Thread(target=ticks) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    world.pump()
    world.tick()
    assert sorted(row.recipient for row in world.ledger(reason=Notify.ESCALATED, channel=SMS)) == ["lead", "omar"]
    assert sorted(world.told("sms")) == ["lead", "omar", "omar"]


def test_E61_a_gap_in_the_schedule_pages_the_default_contact_and_raises_an_alert(world):
    now = world.clock.now()
    gap = Override("primary", None, now - timedelta(hours=1), now + timedelta(hours=1))
    world.config = configuration(directory=replace(world.config.directory, overrides=(gap,)))
    world.fires("crash")
    world.pump()
    assert world.told("sms") == ["lead"]
    assert [i.title for i in world.incidents() if i.source == "soukmon"] == ["Nobody is on call in rotation primary"]


def test_E61_hours_that_no_layer_covers_page_the_default_contact(world):
    primary = world.config.directory.rotations["primary"]
    by_day = replace(primary.base, hours=Hours(time(9), time(21)))
    rotation = Rotation("primary", replace(primary.base, people=()), (by_day,))
    world.config = configuration(directory=replace(world.config.directory, rotations={"primary": rotation}))
    world.fires("crash")  # at 02:10 in Cairo
    world.pump()
    assert world.told("sms") == ["lead"]
    assert [i.title for i in world.incidents() if i.source == "soukmon"] == ["Nobody is on call in rotation primary"]


def test_E62_when_the_night_layer_goes_off_duty_the_next_step_goes_to_the_day_s_person(world):
    primary = world.config.directory.rotations["primary"]
    night = replace(primary.base, people=("boss",), hours=Hours(time(21), time(3)))
    rotation = Rotation("primary", primary.base, (night,))
    world.config = configuration(directory=replace(world.config.directory, rotations={"primary": rotation}))
    world.fires("crash")
    world.pump()
    world.clock.advance(timedelta(hours=2))
    world.fires("crash", event="again")
    world.pump()
    assert [row.recipient for row in world.ledger(channel=SMS)] == ["boss", "omar"]


def test_E62_after_a_hand_over_the_next_step_goes_to_whoever_is_on_call_then(world):
    world.fires("crash")
    world.pump()
    now = world.clock.now()
    swap = Override("primary", "mona", now + timedelta(minutes=10), now + timedelta(hours=9))
    policy = world.config.policies["critical"]
    assert world.told("sms") == ["omar"]
    world.config = configuration(
        directory=replace(world.config.directory, overrides=(swap,)),
        policies={**world.config.policies, "critical": policy},
    )
    world.clock.advance(timedelta(hours=2))
    world.fires("crash", event="again")  # the reminder goes to step 1's present person
    world.pump()
    assert [r.recipient for r in world.ledger(reason=Notify.REMINDER, channel=SMS)] == ["mona"]


def test_E63_the_last_step_repeats_to_its_cap_then_executives_learn_of_an_unowned_incident(world):
    world.fires("crash")
    world.pump()
    for _ in range(200):
        world.tick(minutes=1)
    reasons = [row.reason for row in world.ledger(channel=SMS) if row.recipient == "boss"]
    assert reasons == [Notify.ESCALATED, Notify.REPEATED, Notify.REPEATED, Notify.LAST_RESORT]


def test_E65_refusals_are_polite_and_change_nothing(world):
    name = world.fires("crash").incident
    before = world.incident(name)
    refused = [
        does(world, Action.ACKNOWLEDGE, name, "board"),
        does(world, Action.ACKNOWLEDGE, name, "stranger"),
        does(world, Action.ACKNOWLEDGE, "INC-unknown"),
    ]
    assert [r.outcome for r in refused] == [Acked.NOT_ENTITLED, Acked.NOT_ENTITLED, Acked.UNKNOWN_INCIDENT]
    assert world.incident(name) == before
    does(world, Action.RESOLVE, name)
    assert does(world, Action.ACKNOWLEDGE, name).outcome == Acked.ALREADY_OVER


def test_E66_an_acknowledgement_expires_and_the_chain_starts_again(world):
    name = world.fires("crash").incident
    does(world, Action.ACKNOWLEDGE, name)
    world.pump()
    world.tick(minutes=59)
    assert world.incident(name).state is State.ACKNOWLEDGED
    world.tick(minutes=1)
    assert (world.incident(name).state, world.incident(name).owner) == (State.TRIGGERED, "")
    assert [r.recipient for r in world.ledger(reason=Notify.ACK_EXPIRED, channel=SMS)] == ["omar"]


def test_E64_the_chain_an_incident_opened_with_finishes_while_its_contacts_are_live(world, tmp_path):
    world.fires("crash")
    world.pump()
    policy = world.config.policies["critical"]
    silenced = replace(policy, steps=policy.steps[:1], last_resort=())
    people = {**world.config.directory.people}
    people["lead"] = replace(people["lead"], phone="+201555555555")
    directory = replace(
        world.config.directory, people=people, teams={"engineering": ("lead",), "executives": ("boss",)}
    )
    world.config = replace(world.config, policies={**world.config.policies, "critical": silenced}, directory=directory)
    world.clock.advance(timedelta(minutes=15))
    escalate(**world.ports)
    addresses = Addresses("https://p", "https://l", "https://c")
    world.notifiers[SMS].sent.clear()
    objects = FolderObjects(tmp_path)
    world.pump(compose=Composer(world.config, world.store, world.clock, objects, addresses, ("k",)))
    assert world.told("sms") == ["+201555555555"]  # of the step that is no longer in the file; omar has left the team
