"""Characters, segments and graphemes as networks and readers count them."""

import pytest

from shared.domain.reasons import Notify
from shared.rendering.segments import cut, is_gsm, plain_gsm, segments
from shared.rendering.sms import incident_sms


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("x" * 152 + "€" + "x" * 151, 2),
        ("x" * 152 + "€" + "x" * 152, 3),
        ("ص" * 66 + "😀" + "ص" * 65, 2),
        ("ص" * 66 + "😀" + "ص" * 66, 3),
    ],
)
def test_a_character_of_two_units_is_not_split_between_segments(text, count):
    assert segments(text)[1] == count


@pytest.mark.parametrize("grapheme", ["👍🏽", "1\ufe0f\u20e3", "🇪🇬", "कि", "e\u0301", "👩‍👩‍👧", "بَّ"])
@pytest.mark.parametrize("limit", range(5, 30))
def test_E48_a_cut_falls_between_graphemes(grapheme, limit):
    kept = cut("ab" + grapheme * 9, limit).removesuffix("...")
    assert kept.removeprefix("ab").removeprefix("a") == grapheme * (kept.removeprefix("ab").count(grapheme))


def test_a_cut_text_that_turns_out_to_be_gsm_still_fits_and_shows_that_it_was_cut():
    short = cut("{" * 30 + "ص", 20)
    assert short.endswith("...")
    assert segments(short + "x" * (160 - 20)) == ("GSM-7", 1)


def test_a_very_long_title_is_cut_in_one_pass():
    assert cut("é" * 200_000, 40) == "é" * 37 + "..."


@pytest.mark.parametrize(
    ("fancy", "plain"),
    [
        ("\u2018a\u2019 \u201cb\u201d \u00abc\u00bb", '\'a\' "b" "c"'),
        ("1\u20112\u20133\u20144\u22125", "1-2-3-4-5"),
        ("a\u00a0b\u2003c\u202fd", "a b c d"),
        ("wait\u2026 x\u00b2 \u2192 \u2265", "wait... x2 -> >="),
        ("S\u00e3o Ant\u00f3nio", "Sao Antonio"),
        ("zero\u200bwidth\ufeff soft\u00adhyphen", "zerowidth softhyphen"),
        ("na\u00efve \u00e9 \u00e8 \u00fc", "naive é è ü"),
    ],
)
def test_E50_typography_becomes_plain_and_stays_gsm(fancy, plain):
    assert plain_gsm(fancy) == plain
    assert is_gsm(plain)


@pytest.mark.parametrize("text", ["فشل الدفع", "أإآؤئ", "😀", "日本"])
def test_letters_that_have_no_plain_form_are_kept(text):
    assert plain_gsm(text) == text


def test_E48_half_of_a_surrogate_pair_does_not_stop_an_sms(view):
    assert "\ud800" not in incident_sms(view(title="a\ud800b"), reason=Notify.FIRST, locale="ar").text


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_a_note_from_outside_is_literal_and_bounded_too(view, locale):
    text = incident_sms(view(note="https://evil.example/x " + "n" * 500), reason=Notify.ESCALATED, locale=locale).text
    assert "evil" not in text
    assert segments(text)[1] <= (2 if locale == "en" else 4)


def test_two_flags_side_by_side_are_two_graphemes():
    assert cut("🇪🇬🇪🇬🇪🇬", 8) == "🇪🇬..."
