"""Readers that never raise: numbers, dates and texts as others write them."""

import json
import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.signals import MAX_TEXT, MAX_TITLE
from shared.inbound.values import https, instant, number, summary, title
from tests.conftest import NIGHT

EPOCH = int(NIGHT.timestamp())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("132", "132"), (132, "132"), (132.0, "132"), (12.4, "12.4"), ("12.4", "12.4"), (0, "0"), (-3, "-3"),
        ("9223372036854775807", "9223372036854775807"), ("9007199254740993", "9007199254740993"),
        (True, ""), (None, ""), ("", ""), ("many", ""), ([], ""), ({}, ""),
        (float("nan"), ""), (float("inf"), ""), ("NaN", ""), ("1e999", ""), (10**400, ""),
    ],
)  # fmt: skip
def test_a_number_comes_as_text_integer_or_double_and_nothing_else_is_one(given, expected):
    assert number(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        "2026-03-10T00:10:00Z",
        "2026-03-10T00:10:00.000000000Z",
        "2026-03-10t00:10:00.0z",
        "2026-03-10 00:10:00",
        "2026-03-10T02:10:00+02:00",
        "2026-03-10T02:10:00.000+0200",
        EPOCH,
        float(EPOCH),
        str(EPOCH),
        {"seconds": EPOCH, "nanos": 0},
        {"seconds": str(EPOCH), "nanoseconds": None},
    ],
)
def test_one_instant_in_all_its_spellings(given):
    assert instant(given) == NIGHT


def test_nine_digits_of_a_second_are_cut_to_microseconds():
    assert instant("2026-03-10T00:10:00.123456789Z") == NIGHT.replace(microsecond=123456)


@pytest.mark.parametrize("given", [{"year": 2026, "month": 3, "day": 10}, {"year": "2026", "month": "3", "day": "10"}, "2026-03-10"])  # fmt: skip
def test_a_date_is_its_midnight_in_utc(given):
    assert instant(given) == datetime(2026, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "given",
    [
        None, "", "null", 0, -1, True, float("nan"), float("inf"), 10**400, [], {}, "soon", "2026-13-01T00:00:00Z", "9" * 5_000,
        "0001-01-01T00:00:00+14:00", {"year": 0}, {"year": None}, {"seconds": "x"}, {"seconds": 1e300}, {"seconds": []},
    ],
)  # fmt: skip
def test_what_is_no_instant_is_unknown_and_never_an_error(given):
    assert instant(given) is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://console.firebase.google.com/p?a=1", "https://console.firebase.google.com/p?a=1"),
        ("http://console.firebase.google.com", ""),
        ("javascript:alert(1)", ""),
        ("https://a/ b", ""),
        ("https://a/\x00b", ""),
        ("https://a/\u202eb", ""),
        ("https://a/" + "x" * MAX_TEXT, ""),
        (None, ""),
    ],
)
def test_only_a_clean_https_address_is_kept(given, expected):
    assert https(given) == expected


@pytest.mark.parametrize("reader", [title, summary])
@pytest.mark.parametrize(
    "secret", ["+201001234567", "01001234567", "٠١٠٠١٢٣٤٥٦٧", "29001011234567", "ahmed.samir@souk.example", "xoxb-123456789-abc"]
)  # fmt: skip
def test_E89_personal_data_and_secrets_are_gone_from_every_text(reader, secret):
    shown = reader(f"فشل الدفع {secret} end")
    assert secret not in shown
    assert shown.startswith("فشل الدفع ")


JSON_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(JSON_VALUE | st.text(min_size=MAX_TEXT, max_size=3 * MAX_TEXT))
def test_E10_no_reader_raises_and_every_text_is_bounded_and_printable(value):
    line = title(value)
    assert (len(line) <= MAX_TITLE, len(summary(value)) <= MAX_TEXT) == (True, True)
    assert "\n" not in line
    assert "\x00" not in line + summary(value)
    assert instant(value) is None or instant(value).tzinfo is UTC
    assert not number(value) or math.isfinite(json.loads(number(value)))
