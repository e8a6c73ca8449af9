"""What is said on the telephone."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from shared.domain.bulletins import BulletinText
from shared.domain.incidents import Acked
from shared.domain.reasons import Notify
from shared.rendering import voice
from shared.rendering.twiml import VOICES, asking, telling, text_answer
from shared.rendering.voice import Spoken
from tests.conftest import NIGHT


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Checkout *fails* <https://evil.example/x|reset>", "Checkout fails"),
        ("Order 7f3a9c2e81b4 failed", "Order failed"),
        ("Request 550e8400-e29b-41d4-a716-446655440000 timed out", "Request timed out"),
        ("Error 500 on /api/orders", "Error 500 on api orders"),
        (
            "NullPointerException in `CheckoutViewModel.kt` line 88",
            "NullPointerException in CheckoutViewModel.kt line 88",
        ),
        ("see www.evil.example now", "see now"),
        ("line\r\nbreak \u202etxet", "line break txet"),
        ("فشل الدفع", "فشل الدفع"),
    ],
)
def test_a_title_is_spoken_without_ids_addresses_and_markup(title, said):
    assert voice.plain(title) == said


def test_a_long_title_ends_at_a_word():
    said = voice.plain("word " * 100)
    assert len(said) <= 120
    assert said.split()[-1] == "word"


def test_the_opening_says_who_calls_how_bad_and_what_each_in_the_voice_of_its_script(view):
    english = voice.opening(view(title="Checkout fails"), reason=Notify.ESCALATED, locale="en")
    assert english[0].text == "This is Souk El-Sayarat monitoring. Critical incident. Not acknowledged in time."
    assert english[-1] == Spoken("Checkout fails", "en")
    arabic = voice.opening(view(title="Checkout fails"), reason=Notify.FIRST, locale="ar")
    assert arabic[0] == Spoken("هنا مراقبة سوق السيارات. بلاغ حرج.", "ar")
    assert arabic[-1] == Spoken("Checkout fails", "en")
    assert voice.opening(view(title="فشل الدفع"), reason=Notify.FIRST, locale="en")[-1] == Spoken("فشل الدفع", "ar")


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_every_outcome_has_words(locale):
    for happened in [*Acked, "escalation asked for"]:
        assert voice.outcome(happened, locale).text
    assert "Mona" in voice.owned("Mona", NIGHT, locale).text
    assert "02:10" in voice.owned("Mona", NIGHT, locale).text
    assert voice.owned("Mona", None, locale).text
    assert voice.bulletin(BulletinText("Title", ("line",)), locale)[1].text == "Title line"


def test_a_question_waits_for_one_key_and_goes_on_without_one():
    document = ET.fromstring(asking([Spoken("<Say>&", "en")], answer_to="https://x/?a=1&b=2", silence_to="https://x/"))
    gather, redirect = document
    assert (gather.get("numDigits"), gather.get("action"), gather.get("method")) == ("1", "https://x/?a=1&b=2", "POST")
    assert [(said.text, said.get("voice"), said.get("language")) for said in gather] == [
        ("<Say>&", *VOICES["en"][::-1])
    ]
    assert (redirect.tag, redirect.text, redirect.get("method")) == ("Redirect", "https://x/", "POST")


def test_a_farewell_hangs_up_and_a_text_is_answered_or_not():
    assert [part.tag for part in ET.fromstring(telling([Spoken("x", "ar")]))] == ["Say", "Hangup"]
    assert [part.text for part in ET.fromstring(text_answer("hello & bye"))] == ["hello & bye"]
    assert list(ET.fromstring(text_answer(""))) == []


def test_the_time_of_an_owner_is_that_of_egypt():
    assert "01:10" in voice.owned("Mona", NIGHT - timedelta(hours=1), "en").text
