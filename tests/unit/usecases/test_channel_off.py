"""A channel is turned off once, with one notice to the person and one to the lead, and on again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.folder import FolderObjects
from shared.domain.amendments import OffReason
from shared.domain.notifications import Channel, address_of
from shared.usecases.channel_off import turn_off, turn_on
from shared.usecases.compose import Addresses, Composer
from shared.usecases.present import present


@pytest.fixture
def off(world, tmp_path):
    def turned(person, channel=Channel.SMS, reason=OffReason.STOP):
        config = present(world.config, store=world.store, now=world.clock.now())
        done = turn_off(person, channel, reason=reason, **{**world.ports, "config": config})
        addresses = Addresses("https://p", "https://l", "https://c")
        world.pump(
            compose=Composer(config, world.store, world.clock, FolderObjects(tmp_path), addresses, ("k",)),
        )
        return done

    return turned


def address(world, person, channel):
    directory = present(world.config, store=world.store, now=world.clock.now()).directory
    return address_of(directory, person, channel)


def test_E72_the_person_is_told_on_another_channel_and_the_lead_is_warned(world, off):
    assert off("omar")
    assert world.told("email") == ["omar@souk.example", "lead@souk.example"]
    assert world.told("sms") == []
    mine, theirs = (message.body.subject for message in world.notifiers[Channel.EMAIL].sent)
    assert mine == "الرسائل النصية لم تعد تصلك"
    assert theirs == "Text messages no longer reach Omar Said"
    assert address(world, "omar", Channel.SMS) == ""
    assert address(world, "omar", Channel.VOICE) == "+201000000012"


def test_saying_it_twice_tells_nobody_anew_even_with_a_view_of_the_people_from_before(world, off):
    assert off("omar")
    assert not off("omar")
    assert not turn_off("omar", Channel.SMS, reason=OffReason.STOP, **world.ports)
    assert len(world.told("email")) == 2


def test_it_is_on_again_and_off_again_with_new_notices(world, off):
    off("omar")
    turn_on("omar", Channel.SMS, store=world.store, now=world.clock.now())
    assert address(world, "omar", Channel.SMS) == "+201000000012"
    world.clock.advance(timedelta(minutes=1))
    assert off("omar")
    assert len(world.told("email")) == 4


def test_a_new_number_is_used_although_the_old_one_was_off_and_can_be_turned_off_too(world, off):
    off("omar")
    people = world.config.directory.people
    moved = {**people, "omar": replace(people["omar"], phone="+201000000099")}
    world.config = replace(world.config, directory=replace(world.config.directory, people=moved))
    assert address(world, "omar", Channel.SMS) == "+201000000099"
    assert off("omar", reason=OffReason.REFUSED)
    assert address(world, "omar", Channel.SMS) == ""


def test_when_the_lead_is_out_of_reach_the_management_is_warned(world, off):
    teams = {**world.config.directory.teams, "management": ("lead", "boss")}
    world.config = replace(world.config, directory=replace(world.config.directory, teams=teams))
    off("lead", Channel.EMAIL)
    assert world.told("email") == ["boss@souk.example"]
    assert world.told("slack") == ["U0LEAD"]


def test_who_has_no_address_there_has_nothing_to_turn_off(world, off):
    assert not off("board")
    assert world.told("email") == []


def test_the_change_and_its_messages_are_one_commit(world, monkeypatch):
    sizes = []
    real = world.store.commit
    monkeypatch.setattr(world.store, "commit", lambda writes: sizes.append(len(writes)) or real(writes))
    turn_off("omar", Channel.SMS, reason=OffReason.STOP, **world.ports)
    assert sizes == [5]  # the change, two bulletins, two rows
