"""A customer who gets no answer climbs the matrix: support, engineering, management, by the channel's own clock."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.clocks import VirtualClock
from shared.config.loader import load
from shared.config.support_checks import support_findings
from shared.domain.incidents import State
from shared.domain.notifications import Channel
from shared.domain.reasons import Notify
from shared.domain.support import SupportEvent, SupportStage
from shared.errors import RefusedError, UndecodableError
from shared.usecases.support_requests import TOO_EARLY, WAITS, follow
from tests.conftest import NIGHT

DAY = NIGHT.replace(hour=8, minute=0)  # 10:00 in Cairo
MANAGERS, ENGINEERS, SUPPORT = {"hana", "tarek"}, {"karim", "salma", "youssef"}, {"mariam"}


@pytest.fixture
def world(world):
    world.config, world.clock = load(), VirtualClock(DAY)
    return world


@pytest.fixture
def post(world):
    def posted(stage, *, channel="email", request="T-1", nonce="", **facts):
        event = SupportEvent(channel, request, SupportStage(stage), world.clock.now(), **facts)
        name = nonce or f"{channel} {request} {stage} {world.clock.now()}"
        outcome = follow(event, nonce=name, **world.ports)
        world.pump()
        return outcome

    return posted


def told_after(world, **wait):
    """Who was told something within the time, tick by tick; warnings of promises are another test's."""
    since = world.clock.now()
    for _ in range(int(timedelta(**wait) / timedelta(minutes=1))):
        world.tick(minutes=1)
    sent = (row for row in world.ledger() if row.sent_at is not None and row.sent_at > since)
    return {row.recipient for row in sent if row.channel is not Channel.SLACK and row.reason != Notify.PROMISE_AT_RISK}


def test_an_email_goes_to_support_then_to_engineering_after_8_hours_and_to_management_after_10(world, post):
    post("opened")
    assert told_after(world, minutes=2) == SUPPORT
    assert told_after(world, hours=3, minutes=57) == set()
    assert told_after(world, minutes=3) == SUPPORT | {"hana"}
    assert told_after(world, hours=3, minutes=56) == set()
    assert told_after(world, minutes=5) == ENGINEERS
    assert told_after(world, hours=2) == MANAGERS


def test_the_emergency_phone_rings_at_once_and_climbs_after_half_an_hour(world, post):
    post("opened", channel="emergency_phone")
    first = {row.recipient for row in world.ledger() if row.channel is Channel.SMS}
    assert first >= SUPPORT
    assert len(first) == 2  # support and whoever is on call
    told_after(world, minutes=29)
    assert told_after(world, minutes=2) >= ENGINEERS


def test_an_answer_stops_the_clock_until_the_request_should_be_resolved(world, post):
    post("opened")
    told_after(world, hours=1)
    assert post("answered") == "acknowledged"
    assert world.incidents()[0].owner == "support_desk"
    assert told_after(world, hours=22) == set()
    assert told_after(world, hours=2) == SUPPORT  # 24 hours after it came


def test_a_request_that_is_resolved_is_over(world, post):
    post("opened")
    told_after(world, minutes=5)
    assert post("resolved") == "resolved"
    assert world.incidents()[0].state is State.RESOLVED


def test_a_chat_in_the_evening_waits_for_the_morning(world, post):
    world.clock.advance(timedelta(hours=11, minutes=30))  # 21:30
    assert post("opened", channel="live_chat") == WAITS
    assert told_after(world, hours=11, minutes=29) == set()
    assert told_after(world, minutes=3) == SUPPORT
    assert world.incidents()[0].opened_at >= DAY + timedelta(hours=23)


def test_a_chat_just_before_closing_time_has_the_rest_of_its_minutes_in_the_morning(world, post):
    world.clock.advance(timedelta(hours=10, minutes=58))  # 20:58
    post("opened", channel="live_chat")
    assert told_after(world, minutes=1) == SUPPORT
    assert told_after(world, hours=12, minutes=3) == set()  # until 09:02
    assert told_after(world, minutes=2) == SUPPORT | {"hana"}


def test_a_chat_answered_just_before_closing_time_is_not_asked_about_in_the_night(world, post):
    world.clock.advance(timedelta(hours=10, minutes=50))  # 20:50
    post("opened", channel="live_chat")
    post("answered", channel="live_chat")
    assert told_after(world, hours=12, minutes=59) - SUPPORT == set()
    assert world.incidents()[0].state is State.ACKNOWLEDGED  # until 09:50


def test_a_customer_is_not_folded_into_a_storm(world, post):
    for number in range(20):
        post("opened", request=f"T-{number}")
    assert {incident.storm for incident in world.incidents()} == {""}
    assert all(incident.due_at for incident in world.incidents())


def test_the_channel_s_own_promises_are_kept_and_not_those_of_the_severity(world, post):
    post("opened", channel="emergency_phone")
    (incident,) = world.incidents()
    assert incident.acknowledge_by - incident.opened_at == timedelta(minutes=30)
    assert incident.resolve_by - incident.opened_at == timedelta(hours=4)


@pytest.mark.parametrize("stage", ["answered", "resolved"])
def test_a_chat_that_is_settled_overnight_is_never_told(world, post, stage):
    world.clock.advance(timedelta(hours=12))
    post("opened", channel="live_chat")
    assert post(stage, channel="live_chat") == TOO_EARLY
    told_after(world, hours=13)
    assert world.incidents() == []


def test_the_same_event_twice_opens_one_incident(world, post):
    post("opened")
    post("opened", nonce="another delivery")
    assert len(world.incidents()) == 1


def test_a_replay_is_refused(world, post):
    post("opened", nonce="n")
    with pytest.raises(RefusedError, match="taken before"):
        post("resolved", nonce="n")
    assert world.incidents()[0].state is State.TRIGGERED


def test_an_answer_to_what_was_never_opened_is_refused(world, post):
    with pytest.raises(RefusedError) as refused:
        post("answered")
    assert refused.value.status == 404


def test_a_channel_that_there_is_not_is_named(world, post):
    with pytest.raises(UndecodableError, match="known are email, emergency_phone, live_chat"):
        post("opened", channel="fax")


def test_a_policy_that_breaks_a_channels_promise_is_refused():
    config = load()
    email = next(channel for channel in config.support if channel.name == "email")
    for changed in (
        replace(email, respond_within=timedelta(hours=3)),
        replace(email, escalate_after=timedelta(hours=9)),
    ):
        (finding,) = support_findings(replace(config, support=(changed,)))
        assert finding.path[:2] == ("policies", "support_email")
    policy = config.policies["support_email"]
    short = replace(config, policies={**config.policies, "support_email": replace(policy, steps=policy.steps[:1])})
    (finding,) = support_findings(replace(short, support=(email,)))
    assert "nobody hears" in finding.what


def test_a_policy_whose_clock_runs_at_night_does_not_fit_a_channel_with_hours():
    config = load()
    chat = next(channel for channel in config.support if channel.name == "live_chat")
    (finding,) = support_findings(replace(config, support=(replace(chat, hours="24/7"),)))
    assert finding.path == ("policies", "support_live_chat", "hours")
