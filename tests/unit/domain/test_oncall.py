"""Rotations hand over at local wall-clock time, also across Cairo's clock changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from shared.domain.escalation import Step
from shared.domain.notifications import Channel, Route, recipients
from shared.domain.oncall import Layer, Override, Rotation, duty_at, on_call_at
from tests.conftest import configuration

DIRECTORY = configuration().directory


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "person"),
    [
        ("2026-01-04T06:59:59", None),  # before the first hand-over (09:00 in winter is 07:00 UTC)
        ("2026-01-04T07:00:00", "mona"),
        ("2026-01-11T06:59:59", "mona"),
        ("2026-01-11T07:00:00", "omar"),
        ("2026-04-26T05:59:59", "omar"),  # summer time since 24 April: 09:00 is 06:00 UTC
        ("2026-04-26T06:00:00", "mona"),
        ("2026-11-01T06:59:59", "mona"),  # winter time again since 29 October
        ("2026-11-01T07:00:00", "omar"),
    ],
)
def test_the_hand_over_is_nine_in_cairo_all_year(instant, person):
    assert on_call_at(DIRECTORY, "primary", at(instant)) == person


def test_an_override_wins_for_its_time_and_may_leave_a_gap():
    swap = Override("primary", "lead", at("2026-03-10T00:00:00"), at("2026-03-10T06:00:00"))
    gap = replace(swap, person=None)
    swapped, empty = replace(DIRECTORY, overrides=(swap,)), replace(DIRECTORY, overrides=(swap, gap))
    assert on_call_at(swapped, "primary", at("2026-03-10T05:59:59")) == "lead"
    assert on_call_at(swapped, "primary", at("2026-03-10T06:00:00")) in {"mona", "omar"}
    assert on_call_at(empty, "primary", at("2026-03-10T01:00:00")) is None


def test_a_turn_over_the_gap_day_is_an_hour_shorter():
    duty = duty_at(DIRECTORY, "primary", at("2026-04-22T12:00:00"))
    assert duty.end - duty.start == timedelta(days=7) - timedelta(hours=1)


def test_turns_never_overlap_and_never_leave_a_hole():
    rotation = Rotation("primary", Layer(("mona", "omar"), date(2026, 1, 4), time(0, 30), timedelta(days=1)))
    directory = replace(DIRECTORY, rotations={"primary": rotation})
    duty = duty_at(directory, "primary", at("2026-04-20T12:00:00"))
    for _ in range(10):
        following = duty_at(directory, "primary", duty.end)
        assert following.start == duty.end
        duty = following


def test_E61_a_gap_falls_to_the_default_contact_and_is_named():
    found, gaps = recipients(Step(("oncall:primary",)), Route(DIRECTORY, ("sms",)), at("2025-12-01T00:00:00"))
    assert [(r.id, r.channel) for r in found] == [("lead", Channel.SMS)]
    assert gaps == ("primary",)


def test_E51_one_person_in_two_groups_gets_one_message_per_channel():
    step = Step(("team:engineering", "person:omar", "oncall:primary"))
    found, _ = recipients(step, Route(DIRECTORY, ("email", "sms")), at("2026-01-12T12:00:00"))
    assert len(found) == len(set(found)) == 4  # lead and omar, two channels each


def test_a_target_may_name_its_only_channel_and_people_without_an_address_are_left_out():
    step = Step(("person:board@email", "person:board@sms", "slack:incidents"))
    found, _ = recipients(step, Route(DIRECTORY, ("slack", "sms")), at("2026-01-12T12:00:00"))
    assert [(r.id, r.channel) for r in found] == [("board", Channel.EMAIL), ("slack:incidents", Channel.SLACK)]


def test_a_step_that_reaches_nobody_falls_to_the_default_contact():
    found, _ = recipients(Step(("team:nobody",)), Route(DIRECTORY, ("sms",)), at("2026-01-12T12:00:00"))
    assert [r.id for r in found] == ["lead"]
