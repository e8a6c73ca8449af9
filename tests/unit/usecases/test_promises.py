"""Severities promise an answer and an end: each broken promise is on the record once, and told once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.matchers import parse
from shared.domain.notifications import Channel
from shared.domain.promises import Promise
from shared.domain.reasons import Notify
from shared.domain.severities import Severity
from shared.usecases.act import Act, Action, act
from shared.usecases.records import timeline_of
from shared.usecases.silencing import Wish, silence
from tests.conftest import configuration


@pytest.fixture
def promising(world):
    """A world whose critical promise is answered within 10 minutes and over within 4 hours."""
    promise = replace(
        world.config.promises[Severity.CRITICAL],
        acknowledge_within=timedelta(minutes=10),
        tell_when_broken=("team:executives@email",),
    )
    world.config = configuration(promises={**world.config.promises, Severity.CRITICAL: promise})
    return world


def does(world, action, incident):
    return act(Act(action, incident, "mona", "test"), **world.ports)


def broken(world, incident):
    return [line.reason for line in timeline_of(world.store, incident) if line.event == "promise broken"]


def told(world):
    return [(row.recipient, row.channel) for row in world.ledger(reason=Notify.PROMISE_BROKEN)]


def test_nobody_answers_in_time_and_management_hears_it_once(promising):
    name = promising.fires("crash").incident
    promising.pump()
    promising.tick(minutes=9, seconds=59)
    assert broken(promising, name) == []
    promising.tick(seconds=1)
    promising.tick(minutes=1)
    assert broken(promising, name) == [Promise.ANSWER]
    assert told(promising) == [("boss", Channel.EMAIL)]
    assert promising.told("email").count("boss") == 1


def test_an_answer_in_time_keeps_the_promise_even_if_it_wears_off_later(promising):
    name = promising.fires("crash").incident
    promising.clock.advance(timedelta(minutes=10))
    does(promising, Action.ACKNOWLEDGE, name)
    for _ in range(100):
        promising.tick(minutes=1)
    assert broken(promising, name) == []


def test_an_answer_that_comes_late_and_before_the_tick_is_a_broken_promise_all_the_same(promising):
    name = promising.fires("crash").incident
    promising.clock.advance(timedelta(minutes=10, seconds=20))
    does(promising, Action.ACKNOWLEDGE, name)
    promising.tick(seconds=40)
    assert broken(promising, name) == [Promise.ANSWER]


def test_the_owner_works_too_long_and_management_hears_it_although_somebody_owns_it(promising):
    name = promising.fires("crash").incident
    for _ in range(17):  # the acknowledgement is renewed before it expires
        does(promising, Action.SNOOZE, name)
        promising.tick(minutes=15)
    assert broken(promising, name) == [Promise.RESOLUTION]
    assert told(promising) == [("boss", Channel.EMAIL)]
    assert promising.told("email").count("boss") == 1


def test_what_was_over_in_time_breaks_nothing(promising):
    name = promising.fires("crash").incident
    promising.clock.advance(timedelta(minutes=9))
    does(promising, Action.RESOLVE, name)
    promising.tick(hours=5)
    assert broken(promising, name) == []


def test_whoever_a_step_told_in_the_same_minutes_is_not_told_twice(promising):
    promise = replace(promising.config.promises[Severity.CRITICAL], acknowledge_within=timedelta(minutes=30))
    promising.config = replace(promising.config, promises={**promising.config.promises, Severity.CRITICAL: promise})
    name = promising.fires("crash").incident
    promising.pump()
    promising.tick(minutes=15)
    promising.tick(minutes=15)  # the step to the executives, and the end of the promise
    assert broken(promising, name) == [Promise.ANSWER]
    assert (told(promising), promising.told("email").count("boss")) == ([], 1)


def test_a_worse_severity_promises_anew_and_never_later(promising):
    name = promising.fires("slow", alert_type="log.request_5xx").incident
    first = promising.incident(name)
    promising.clock.advance(timedelta(minutes=5))
    promising.fires("slow", alert_type="log.request_5xx", event="worse", severity=Severity.CRITICAL)
    second = promising.incident(name)
    assert first.acknowledge_by - first.opened_at == timedelta(minutes=15)
    assert second.acknowledge_by == first.acknowledge_by  # ten minutes from now would be no sooner
    assert second.resolve_by == first.resolve_by


def test_what_a_silence_holds_back_is_promised_when_it_is_told(promising):
    wish = Wish((parse('service="app"'),), timedelta(hours=2), "mona", "known, being mended")
    silence(wish, config=promising.config, store=promising.store, clock=promising.clock)
    name = promising.fires("crash").incident
    promising.tick(minutes=60)
    assert broken(promising, name) == []
    promising.tick(minutes=60)
    incident = promising.incident(name)
    assert incident.acknowledge_by == promising.clock.now() + timedelta(minutes=10)
    assert incident.resolve_by == promising.clock.now() + timedelta(hours=4)


def test_a_promise_that_breaks_in_a_silence_is_on_the_record_and_told_to_nobody(promising):
    wish = Wish((parse('service="app"'),), timedelta(hours=2), "mona", "known, being mended")
    name = promising.fires("crash").incident
    promising.pump()
    silence(wish, config=promising.config, store=promising.store, clock=promising.clock)
    for _ in range(20):
        promising.tick(minutes=1)
    assert (broken(promising, name), told(promising)) == ([Promise.ANSWER], [])


def test_nobody_is_named_for_it_and_the_record_says_it_all_the_same(world):
    name = world.fires("crash").incident
    world.tick(minutes=15)
    assert (broken(world, name), told(world)) == ([Promise.ANSWER], [])


class TestWarnings:
    """Before a promise breaks: once each, by mail and in the thread, and never after it is settled."""

    def warned(self, world, incident):
        return [line.reason for line in timeline_of(world.store, incident) if line.event == "promise at risk"]

    def told(self, world):
        return [(row.recipient, row.channel) for row in world.ledger(reason=Notify.PROMISE_AT_RISK)]

    def test_whoever_is_on_call_is_warned_once_when_three_quarters_of_the_time_to_answer_are_gone(self, promising):
        name = promising.fires("crash").incident
        promising.pump()
        promising.tick(minutes=7)
        assert self.warned(promising, name) == []
        for _ in range(3):
            promising.tick(minutes=1)
        assert self.warned(promising, name) == [Promise.ANSWER_SOON]
        assert sorted(self.told(promising)) == [("omar", Channel.EMAIL), ("slack:incidents", Channel.SLACK)]

    def test_the_owner_is_warned_of_the_end_and_nobody_of_an_answer_that_was_given(self, promising):
        name = promising.fires("crash").incident
        promising.pump()
        does(promising, Action.ACKNOWLEDGE, name)
        promising.tick(minutes=30)
        assert self.warned(promising, name) == []
        does(promising, Action.MITIGATE, name)
        promising.tick(hours=2, minutes=30)
        assert self.warned(promising, name) == [Promise.RESOLUTION_SOON]
        assert ("mona", Channel.EMAIL) in self.told(promising)
        assert len(self.told(promising)) == 2

    def test_a_snooze_may_be_slept_on_so_whoever_is_on_call_is_warned_too_and_nobody_rung(self, promising):
        name = promising.fires("crash").incident
        promising.pump()
        act(Act(Action.SNOOZE, name, "lead", "test", lasting=timedelta(hours=8)), **promising.ports)
        promising.tick(hours=3)
        people = {recipient for recipient, channel in self.told(promising) if channel is Channel.EMAIL}
        assert people == {"lead", "omar"}
        assert promising.ledger(reason=Notify.PROMISE_AT_RISK, channel=Channel.SMS) == []

    def test_what_is_over_or_merged_or_broken_warns_of_nothing(self, promising):
        over, gone, late = (promising.fires(name, service=name).incident for name in ("over", "gone", "late"))
        does(promising, Action.RESOLVE, over)
        act(Act(Action.MERGE, gone, "mona", "test", into=late), **promising.ports)
        promising.tick(minutes=11)  # the tick comes too late for a warning of the answer
        assert [self.warned(promising, name) for name in (over, gone, late)] == [[], [], []]

    def test_what_a_silence_holds_back_is_not_warned_of_and_what_breaks_in_one_is_told_to_nobody(self, promising):
        wish = Wish((parse('service="app"'),), timedelta(hours=2), "mona", "known, being mended")
        silence(wish, config=promising.config, store=promising.store, clock=promising.clock)
        held = promising.fires("crash").incident
        promising.tick(minutes=30)
        assert (promising.incident(held).warn_at, self.warned(promising, held)) == (None, [])
        told = promising.fires("slow", service="web").incident
        again = Wish((parse('service="web"'),), timedelta(hours=2), "mona", "known, being mended")
        silence(again, config=promising.config, store=promising.store, clock=promising.clock)
        promising.tick(minutes=8)
        assert (self.warned(promising, told), self.told(promising)) == ([Promise.ANSWER_SOON], [])

    def test_a_share_of_100_percent_warns_never(self, promising):
        promises = {key: replace(one, warn_after=1.0) for key, one in promising.config.promises.items()}
        promising.config = replace(promising.config, promises=promises)
        name = promising.fires("crash").incident
        promising.tick(hours=3, minutes=50)
        assert (promising.incident(name).warn_at, self.warned(promising, name)) == (None, [])
