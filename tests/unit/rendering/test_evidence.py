"""Evidence in words: every figure that a decision rests on, in units that people use, in both languages."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.config.loader import load
from shared.domain.rules import Unit
from shared.rendering import evidence as words
from shared.rendering.escaping import END_ISOLATE, ISOLATE
from shared.rendering.figures import SCALES, amount, scale_of
from tests.unit.evidence_samples import evidence


def plain(text):
    """Without no-break spaces and isolates."""
    return re.sub(f"[{ISOLATE}{END_ISOLATE}]", "", text).replace("\u00a0", " ")


def shown(locale="en", **changes):
    return {label: plain(text) for label, text in words.facts(evidence(**changes), locale)}


def test_a_firing_says_value_limit_baseline_sample_confidence_and_how_far_the_data_reaches():
    assert shown() == {
        "Metric": "Error rate",
        "Measured": "4.2 % over 5 min",
        "Limit": "above 1 %",
        "Baseline": "0.31 %",
        "Change": "+3.9 points",
        "Sample": "1,240, of them 52 bad",
        "Confidence": "1 in 2,000,000 by chance",
        "Data complete until": "10 Mar 02:15 EET (00:15 UTC)",
        "Why": "more errors than the limit explains",
    }


def test_the_same_in_arabic_with_the_catalogue_s_digits():
    assert shown("ar", reason="something new") == {
        "المؤشر": "معدل الأخطاء",
        "القيمة المقاسة": "4.2% خلال 5 دقائق",
        "الحد": "أكثر من 1%",
        "المعتاد": "0.31%",
        "التغير": "+3.9 نقطة مئوية",
        "حجم العينة": "1,240، منها 52 فاشلة",
        "درجة الثقة": "احتمال المصادفة 1 من 2,000,000",
        "البيانات مكتملة حتى": "10 مارس 02:15 EET (00:15 UTC)",
        "السبب": "something new",
    }


def test_what_is_not_known_is_said_and_not_left_out():
    unknown = shown(value=None, limit=None, baseline=None, change="", failures=None, confidence=None, comparison="")
    assert unknown["Measured"] == "no data over 5 min"
    assert unknown["Limit"] == "none, only a change"
    assert unknown["Baseline"] == "no history yet"
    assert unknown["Sample"] == "1,240"
    assert unknown["Confidence"] == "compared as it is, not tested"
    assert "Change" not in unknown


def test_a_single_measurement_has_no_window():
    assert shown(window=timedelta(0))["Measured"] == "4.2 %"


def test_a_limit_from_below_says_so():
    assert shown(comparison="<", limit=99.9, value=99.2)["Limit"] == "below 99.9 %"


@pytest.mark.parametrize(
    ("unit", "value", "english", "arabic"),
    [
        (Unit.PERCENT, 4.2, "4.2 %", "4.2%"),
        (Unit.PERCENT, 0.0, "0 %", "0%"),
        (Unit.PERCENT, 100.0, "100 %", "100%"),
        (Unit.PERCENT, 99.996, "99.996 %", "99.996%"),
        (Unit.PERCENT, 0.0312, "0.0312 %", "0.0312%"),
        (Unit.MILLISECONDS, 1_520.4, "1.52 s", "1.52 ث"),
        (Unit.MILLISECONDS, 480.0, "480 ms", "480 م.ث"),
        (Unit.MILLISECONDS, 999.0, "999 ms", "999 م.ث"),
        (Unit.SECONDS, 95.0, "95 s", "95 ث"),
        (Unit.SECONDS, 186.0, "3.1 min", "3.1 د"),
        (Unit.BYTES, 762_000.0, "762 KB", "762 ك.ب"),
        (Unit.BYTES, 999.0, "999 B", "999 بايت"),
        (Unit.BYTES, 1_234_567.0, "1.23 MB", "1.23 م.ب"),
        (Unit.COUNT, 1_234_567.0, "1,234,567", "1,234,567"),
        (Unit.COUNT, 0.0, "0", "0"),
        (Unit.COUNT, -12.5, "-12.5", "-12.5"),
    ],
)
def test_figures_have_the_units_that_people_use(unit, value, english, arabic):
    scale = scale_of(unit, value)
    assert (plain(amount(value, scale)), plain(amount(value, scale, "ar"))) == (english, arabic)


def test_a_value_just_beyond_its_limit_does_not_read_as_the_limit():
    just = shown(unit=Unit.BYTES, value=750_400.0, limit=750_000.0, baseline=731_000.0)
    assert (just["Measured"], just["Limit"]) == ("750.4 KB over 5 min", "above 750 KB")


@given(st.floats(min_value=0, max_value=100), st.floats(min_value=0.1, max_value=99.9))
def test_a_share_reads_as_100_percent_only_if_it_is(value, limit):
    text = plain(amount(value, scale_of(Unit.PERCENT, value), apart_from=(limit,)))
    assert (text == "100 %") is (value == 100 or abs(100 - value) < 1e-6)


def test_all_figures_of_one_decision_have_one_unit():
    found = shown(unit=Unit.SECONDS, value=93.0, limit=None, baseline=184.0, comparison="", change="")
    assert (found["Measured"], found["Baseline"], found["Change"]) == ("1.55 min over 5 min", "3.07 min", "-1.52 min")


@pytest.mark.parametrize(
    ("chance", "text"),
    [
        (5e-7, "1 in 2,000,000 by chance"),
        (1 / 1_987_654, "1 in 1,900,000 by chance"),
        (0.05, "1 in 20 by chance"),
        (0.3, "1 in 3 by chance"),
        (1.0, "1 in 1 by chance"),
        (1e-300, "less than 1 in 1,000,000,000 by chance"),
        (0.0, "less than 1 in 1,000,000,000 by chance"),
    ],
)
def test_a_confidence_is_a_chance_and_never_a_certainty(chance, text):
    assert words.chance_words(chance) == text


@given(st.floats(min_value=0, max_value=1))
def test_no_confidence_reads_100_percent_and_none_is_more_than_the_test_gave(chance):
    text = words.chance_words(chance)
    assert "%" not in text
    assert int(text.rpartition(" in ")[2].partition(" ")[0].replace(",", "")) <= 1 / max(chance, 1e-9) + 1e-6


@pytest.mark.parametrize(
    ("change", "arabic"),
    [
        ("+0.5 points", "+0.5 نقطة مئوية"),
        ("-30 %", "-30%"),
        ("+500\u00a0ms", "+500 م.ث"),
        ("something new", "something new"),
    ],
)
def test_a_change_s_words_are_translated_and_its_sign_stays_with_its_figure(change, arabic):
    found = dict(words.facts(evidence(change=change), "ar"))["التغير"]
    assert plain(found) == arabic
    assert not re.search(r"(?<![\u2068])[+-]\d", found)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"value": 4.2, "baseline": 0.31}, "+3.89 points"),
        ({"value": 0.3, "baseline": 0.3}, "0 points"),
        ({"unit": Unit.MILLISECONDS, "value": 1_500.0, "baseline": 1_900.0}, "-0.4 s"),
        ({"unit": Unit.COUNT, "value": 1_500.0, "baseline": 300.0, "limit": None}, "+1,200"),
    ],
)
def test_a_decision_without_words_for_its_change_gets_the_difference(changes, expected):
    assert shown(change="", **changes)["Change"] == expected


def test_a_metric_without_a_name_of_its_own_reads_as_written_and_on_one_line():
    assert words.metric_name("checkout_\u202edrop\nx") == "Checkout drop x"
    assert words.metric_name("checkout_drop", "ar") == f"{ISOLATE}Checkout drop{END_ISOLATE}"


def test_E47_a_reason_from_outside_is_one_line():
    assert shown(reason="a\nLimit: 3")["Why"] == "a Limit: 3"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "Error rate, last 6 h, Cairo time: 4.2 % now, limit 1 %, usually 0.31 %, beyond the limit for 25 min, no data over 1 h 30 min"),
        ({"points": (), "limit": None, "baseline": None}, "Error rate, last 6 h, Cairo time: 4.2 % now"),
    ],
)  # fmt: skip
def test_the_chart_is_also_a_sentence(changes, expected):
    assert plain(words.sentence(evidence(**changes))) == expected


def test_the_sentence_in_arabic_has_no_english_word_but_the_zone():
    assert not re.search(r"[A-Za-z]", words.sentence(evidence(), "ar"))


def test_both_languages_have_every_word_and_every_unit_its_arabic():
    assert set(words.EN) == set(words.AR)
    assert all([*words.EN.values(), *words.AR.values()])
    assert set(SCALES) == set(Unit)
    assert all(english and arabic for english, arabic in words.METRICS.values())


def test_every_metric_there_is_has_a_name_in_both_languages():
    assert set(load().metrics) <= set(words.METRICS)


@pytest.mark.parametrize(
    ("value", "english", "arabic"),
    [(90, "90 s", "90 ث"), (600, "10 min", "10 د"), (14_400, "4 h", "4 ساعة"), (7_948_800, "92 d", "92 يوم")],
)
def test_long_times_are_written_in_hours_and_days(value, english, arabic):
    scale = scale_of(Unit.SECONDS, value)
    assert plain(amount(value, scale)) == english
    assert plain(amount(value, scale, "ar")) == arabic


@pytest.mark.parametrize(
    ("locale", "title", "summary"),
    [("en", "Error rate 4.2 %", "Beyond."), ("ar", "معدل الأخطاء 4.2%، الحد 1%", "أخطاء أكثر مما يفسره الحد")],
)
def test_what_we_say_ourselves_is_said_in_the_reader_s_language(view, locale, title, summary):
    incident = view(title="Error rate 4.2 %", summary="Beyond.").incident
    assert plain(words.headline(incident, evidence(), locale)) == title
    assert words.headline(incident, None, locale) == incident.title
    assert words.summary(incident, None, locale) == incident.summary
    assert plain(words.summary(incident, evidence(), locale)) == summary
