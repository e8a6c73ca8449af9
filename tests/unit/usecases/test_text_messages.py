"""STOP, START, nonsense and strangers."""

from datetime import timedelta

import pytest

from shared.domain.notifications import Channel, address_of
from shared.domain.text_messages import TextMessage, Wish, wish_of
from shared.usecases.present import present
from shared.usecases.text_messages import take_text

MONA, OMAR = "+201000000011", "+201000000012"


@pytest.fixture
def text(world):
    count = iter(range(1_000))

    def sent(body, sender=MONA, sid="", opt_out=""):
        message = TextMessage(sid or f"SM{next(count)}", sender, body, opt_out)
        config = present(world.config, store=world.store, now=world.clock.now())
        said = take_text(message, **{**world.ports, "config": config})
        world.pump(compose=lambda row, incident: None)
        return said

    return sent


def sms_of(world, person):
    directory = present(world.config, store=world.store, now=world.clock.now()).directory
    return address_of(directory, person, Channel.SMS)


WORDS = [
    ("STOP", "", Wish.STOP),
    ("  stop. ", "", Wish.STOP),
    ("Unsubscribe", "", Wish.STOP),
    ("توقف", "", Wish.STOP),
    ("إلغاء  الاشتراك", "", Wish.STOP),
    ("\u200fتوقف", "", Wish.STOP),
    ("anything", "STOP", Wish.STOP),
    ("STOP", "START", Wish.START),
    ("start", "", Wish.START),
    ("ابدأ", "", Wish.START),
    ("please stop the car", "", Wish.UNCLEAR),
    ("HELP", "HELP", Wish.UNCLEAR),
    ("", "", Wish.UNCLEAR),
]


@pytest.mark.parametrize(("body", "opt_out", "wish"), WORDS)
def test_E72_keywords_stand_alone_in_either_language_and_the_provider_s_reading_counts_first(body, opt_out, wish):
    assert wish_of(TextMessage("SM1", MONA, body, opt_out)) is wish


def test_E72_stop_turns_the_channel_off_and_start_turns_it_on_again(world, text):
    assert text("STOP") == ""
    assert (sms_of(world, "mona"), sms_of(world, "omar")) == ("", OMAR)
    assert {(row.recipient, str(row.channel)) for row in world.ledger()} == {("mona", "email"), ("lead", "email")}
    text("START")
    assert sms_of(world, "mona") == MONA


def test_E72_a_word_that_the_provider_does_not_answer_is_answered_by_us_in_the_reader_s_language(world, text):
    assert "START" in text("توقف", OMAR)
    assert text("توقف", OMAR, opt_out="STOP") == ""
    assert sms_of(world, "omar") == ""


def test_E72_nonsense_is_answered_five_times_a_day_and_number(world, text):
    answers = [text("what is this") for _ in range(7)]
    assert [bool(answer) for answer in answers] == [True] * 5 + [False] * 2
    assert text("what is this", OMAR)
    world.clock.advance(timedelta(days=1))
    assert text("again")


def test_E72_a_stranger_gets_no_answer_and_changes_nothing(world, text, caplog):
    caplog.set_level("INFO")
    assert text("STOP", "+15550001111") == ""
    assert text("hello", "+15550001111") == ""
    assert world.ledger() == []
    assert "15550001111" not in caplog.text


def test_E69_a_replayed_text_has_no_second_effect(world, text):
    text("STOP", sid="SM-1")
    text("START", sid="SM-2")
    assert text("STOP", sid="SM-1") == ""
    assert sms_of(world, "mona") == MONA
