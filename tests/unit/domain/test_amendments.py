"""What people changed since the configuration was deployed stands over it, for as long as it holds."""

from datetime import timedelta

import pytest

from shared.domain.amendments import Awake, ChannelOff, Device, Unsubscribed, address_digest, amended
from shared.domain.notifications import Channel, address_of
from shared.domain.oncall import Override, on_call_at
from tests.conftest import NIGHT, configuration

DIRECTORY = configuration().directory
HOUR = timedelta(hours=1)


def taken(person, minutes=0):
    return Override("primary", person, NIGHT, NIGHT + HOUR, asked_at=NIGHT + timedelta(minutes=minutes))


def test_of_what_was_taken_over_the_last_wish_holds_in_whatever_order_it_is_read():
    for order in ([taken("lead", 1), taken("boss", 2)], [taken("boss", 2), taken("lead", 1)]):
        assert on_call_at(amended(DIRECTORY, order, NIGHT), "primary", NIGHT) == "boss"


def test_amending_again_forgets_what_was_given_back():
    once = amended(DIRECTORY, [taken("lead")], NIGHT)
    assert on_call_at(amended(once, [], NIGHT), "primary", NIGHT) == on_call_at(DIRECTORY, "primary", NIGHT)


def test_E61_a_duty_taken_over_by_somebody_who_left_goes_back_to_the_rotation():
    changed = amended(DIRECTORY, [taken("gone")], NIGHT)
    assert on_call_at(changed, "primary", NIGHT) == on_call_at(DIRECTORY, "primary", NIGHT)


def off(address):
    return ChannelOff("mona", "sms", address_digest(address), "30005", NIGHT)


def test_a_duty_taken_over_wins_over_the_turn_until_it_ends():
    changed = amended(DIRECTORY, [Override("primary", "lead", NIGHT, NIGHT + HOUR)], NIGHT)
    assert on_call_at(changed, "primary", NIGHT) == "lead"
    assert on_call_at(changed, "primary", NIGHT + HOUR) == on_call_at(DIRECTORY, "primary", NIGHT + HOUR)


def test_a_channel_that_failed_has_no_address_and_the_others_do():
    changed = amended(DIRECTORY, [off("+201000000011")], NIGHT)
    assert address_of(changed, "mona", Channel.SMS) == ""
    assert address_of(changed, "mona", Channel.VOICE) == "+201000000011"
    assert address_of(changed, "omar", Channel.SMS) == "+201000000012"


def test_a_new_number_is_a_new_chance():
    changed = amended(DIRECTORY, [off("+201999999999")], NIGHT)
    assert address_of(changed, "mona", Channel.SMS) == "+201000000011"


def test_devices_take_push_messages():
    changed = amended(DIRECTORY, [Device("mona", "t1", NIGHT), Device("mona", "t2", NIGHT)], NIGHT)
    assert address_of(changed, "mona", Channel.PUSH) == "t1\nt2"
    assert address_of(changed, "omar", Channel.PUSH) == ""


@pytest.mark.parametrize(("after", "awake"), [(timedelta(0), True), (HOUR, False)])
def test_somebody_who_acted_is_awake_for_a_while(after, awake):
    changed = amended(DIRECTORY, [Awake("mona", NIGHT + HOUR)], NIGHT + after)
    assert changed.people["mona"].awake is awake
    assert changed.people["omar"].awake is False


def test_an_unsubscription_is_its_persons_alone():
    changed = amended(DIRECTORY, [Unsubscribed("mona", "digest", NIGHT)], NIGHT)
    assert changed.people["mona"].unsubscribed == {"digest"}
    assert changed.people["omar"].unsubscribed == frozenset()
