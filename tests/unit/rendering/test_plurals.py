"""Numbers with their nouns: Arabic has six forms, and CLDR says which number takes which."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from babel import Locale
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from shared.rendering.catalogue import noted
from shared.rendering.evidence import facts
from shared.rendering.plurals import counted, month, numbered
from shared.rendering.view import cairo, span
from tests.conftest import NIGHT
from tests.unit.evidence_samples import evidence

ROOT = Path(__file__).resolve().parents[3]
NUMBERS = [1, 2, 3, 10, 11, 99, 100, 101, 102, 103, 110, 111]
FORMS = {
    "min": "دقيقة|دقيقتان|3 دقائق|10 دقائق|11 دقيقة|99 دقيقة|100 دقيقة|101 دقيقة|102 دقيقة|103 دقائق|110 دقائق|111 دقيقة",
    "h": "ساعة|ساعتان|3 ساعات|10 ساعات|11 ساعة|99 ساعة|100 ساعة|101 ساعة|102 ساعة|103 ساعات|110 ساعات|111 ساعة",
    "d": "يوم|يومان|3 أيام|10 أيام|11 يومًا|99 يومًا|100 يوم|101 يوم|102 يوم|103 أيام|110 أيام|111 يومًا",
}


@pytest.mark.parametrize("unit", FORMS)
def test_every_plural_form_of_arabic_is_right(unit):
    assert [counted(number, unit, "ar") for number in NUMBERS] == FORMS[unit].split("|")


@pytest.mark.parametrize(
    ("number", "arabic", "english"),
    [
        (1, "جزء واحد", "1 segment"),
        (2, "جزءان", "2 segments"),
        (4, "4 أجزاء", "4 segments"),
        (12, "12 جزءًا", "12 segments"),
        (100, "100 جزء", "100 segments"),
    ],
)
def test_our_own_nouns_follow_the_same_categories(number, arabic, english):
    assert (numbered(number, "segment", "ar"), numbered(number, "segment", "en")) == (arabic, english)


@given(st.integers(3, 100_000))
def test_digits_are_western_as_in_every_other_number(number):
    assert any(digit in "0123456789" for digit in counted(number, "min", "ar"))
    assert not any("\u0660" <= character <= "\u0669" for character in counted(number, "h", "ar"))


def test_months_are_those_of_cldr_for_egypt():
    for number in range(1, 13):
        assert month(number) == format_date(NIGHT.replace(month=number, day=1), "MMMM", locale="ar_EG")
    assert "10 مارس 02:10" in cairo(NIGHT, "ar")
    assert Locale.parse("ar_EG").months["stand-alone"]["wide"][3] == month(3)


@pytest.mark.parametrize(
    ("length", "arabic"),
    [
        (timedelta(0), "الآن"),
        (timedelta(minutes=2), "دقيقتان"),
        (timedelta(hours=2, minutes=5), "ساعتان و5 دقائق"),
        (timedelta(days=3, hours=1), "3 أيام وساعة"),
        (timedelta(days=11), "11 يومًا"),
    ],
)
def test_a_span_reads_as_people_say_it(length, arabic):
    assert span(length, "ar") == arabic


def test_after_a_preposition_two_bends():
    shown = dict(facts(evidence(window=timedelta(hours=2)), "ar"))
    assert "خلال ساعتين" in shown["القيمة المقاسة"]


@pytest.mark.parametrize(
    ("note", "arabic"),
    [
        ("2 earlier step(s) were overdue and are skipped", "خطوات فات موعدها وتم تجاوزها: 2"),
        ("sms failed", "تعذر الإرسال عبر: رسالة نصية"),
        ("possible duplicate", "قد تكون مكررة"),
        ("Mona_says: sms failed", "Mona_says: sms failed"),
    ],
)
def test_our_notes_are_in_the_reader_s_language_and_those_of_others_as_written(note, arabic):
    assert (noted(note, "ar"), noted(note, "en")) == (arabic, note)


def test_an_english_message_never_pays_for_the_library():
    probe = (
        "import sys; from shared.usecases import compose; from shared.rendering import email, sms, slack, pages;"
        "from shared.rendering.view import cairo, span; from datetime import datetime, timedelta, UTC;"
        "print(cairo(datetime.now(UTC)), span(timedelta(hours=3)), 'babel' in sys.modules);"
        "span(timedelta(hours=3), 'ar'); print('babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [line.split()[-1] for line in done.stdout.splitlines()] == ["False", "True"]
