"""Rehearsals reach one recipient only, and a game day passes when every channel is through in time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.escalation import Step
from shared.domain.game_day import (
    IN_TIME,
    Drill,
    Said,
    drill_channels,
    judged,
    only_the_recipient,
    verdict_signal,
)
from shared.domain.notifications import (
    GAME_DAY,
    GAME_DAY_SLACK,
    Channel,
    LedgerState,
    Notification,
    Route,
    next_channel,
    recipients,
)
from shared.domain.oncall import Person
from shared.domain.reasons import Notify
from shared.domain.severities import Severity
from shared.domain.signals import SignalKind
from tests.conftest import NIGHT, configuration

CHANNELS = ("slack", "email", "sms", "voice")
DRILL = Drill("d", NIGHT, CHANNELS)
TARGETS = ["oncall:primary", "team:engineering", "team:executives@voice", "person:boss@sms", "slack:incidents"]


def directory():
    known = configuration().directory
    drilled = Person(GAME_DAY, "Game day", "day@souk.example", "+201000000099", roles=("observer",))
    return replace(known, people={**known.people, GAME_DAY: drilled})


def row(channel, state=LedgerState.SENT, after=5.0, **changes):
    at = NIGHT + timedelta(seconds=after)
    who = GAME_DAY_SLACK if channel == "slack" else GAME_DAY
    base = Notification(channel, "i", 1, who, Channel(channel), Notify.FIRST, Severity.HIGH, NIGHT)
    return replace(base, state=state, sent_at=at if state.is_final or state is LedgerState.SENT else None, **changes)


@given(st.lists(st.sampled_from(TARGETS), min_size=1), st.booleans(), st.sets(st.sampled_from(CHANNELS), min_size=1))
def test_a_rehearsal_reaches_nobody_but_its_recipient_whatever_the_steps_say(targets, slack, channels):
    steps, alone = only_the_recipient([Step(tuple(targets))], directory(), slack=slack)
    found, gaps = recipients(steps[0], Route(alone, tuple(channels)), NIGHT)
    assert {one.id for one in found} <= {GAME_DAY, GAME_DAY_SLACK}
    assert gaps == ()


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_rehearsal_that_fails_falls_back_to_nobody(channel):
    assert next_channel(row(channel), directory(), tried=frozenset()) is None


def test_what_can_be_rehearsed_is_what_has_an_address():
    assert drill_channels(directory(), ["incidents", GAME_DAY]) == ("slack", "email", "sms", "voice")
    assert drill_channels(configuration().directory, ["incidents"]) == ()


def test_a_game_day_passes_as_soon_as_every_channel_is_through():
    rows = [row(channel, after=3) for channel in CHANNELS]
    done = judged(DRILL, rows, NIGHT + timedelta(seconds=9))
    assert (done.said, done.seconds) == (Said.PASSED, dict.fromkeys(CHANNELS, 3.0))
    assert verdict_signal(done, NIGHT).kind is SignalKind.RESOLVED


@pytest.mark.parametrize(
    ("last", "why"),
    [
        ([], "no message was planned"),
        ([row("voice", LedgerState.FAILED_PERMANENT, error="21211")], "failed permanent 21211"),
        ([row("voice", LedgerState.PLANNED)], "planned"),
        ([row("voice", after=601)], "sent too late"),
    ],
)
def test_a_channel_that_is_not_through_after_ten_minutes_fails_the_day_and_is_named(last, why):
    rows = [*(row(channel) for channel in CHANNELS[:3]), *last]
    assert judged(DRILL, rows, NIGHT + IN_TIME - timedelta(seconds=1)) is None
    done = judged(DRILL, rows, NIGHT + IN_TIME)
    assert (done.said, done.failed) == (Said.FAILED, {"voice": why})
    told = verdict_signal(done, NIGHT)
    assert (told.kind, told.title) == (SignalKind.FIRING, "Game day: voice did not get through")


def test_another_channel_s_help_is_no_success():
    rows = [*(row(channel) for channel in CHANNELS[:3]), row("voice", fallback_of="x")]
    assert judged(DRILL, rows, NIGHT + IN_TIME).failed == {"voice": "no message was planned"}
