"""Files become plain values, and durations become lengths of time."""

import re
from datetime import timedelta

import pytest

from shared.config.documents import parse
from shared.config.durations import PATTERN, duration, spelled


def data(text):
    return parse(text.encode(), file="any.yaml").data


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10:30", "10:30"),  # a number of base 60 in YAML 1.1
        ("2026-01-04", "2026-01-04"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("007", 7),
        ("1.5", 1.5),
        ("~", None),
        ("+20", 20),
        ('"+20"', "+20"),
        ("750KB", "750KB"),
    ],
)
def test_scalars_are_what_they_look_like(text, value):
    assert data(f"a: {text}") == {"a": value}


def test_json_indented_with_tabs_and_a_byte_order_mark_is_read():
    assert parse(b'\xef\xbb\xbf{\n\t"a":\t[1,\n\t2]\n}', file="any.json").data == {"a": [1, 2]}


def test_every_place_has_its_line():
    document = parse(b"a:\n  - x: 1\n    y: 2\n  - z: 3\nb: 4\n", file="any.yaml")
    places = {("a",): 1, ("a", 0): 2, ("a", 0, "y"): 3, ("a", 1): 4, ("a", 1, "z"): 4, ("b",): 5}
    assert {place: document.line(place) for place in places} == places
    assert document.line(("a", 1, "missing", "deeper")) == 4


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("0s", timedelta(0)),
        ("250ms", timedelta(milliseconds=250)),
        ("15m", timedelta(minutes=15)),
        ("15 min", timedelta(minutes=15)),
        ("1.5h", timedelta(minutes=90)),
        ("1w", timedelta(weeks=1)),
        ("immediate", timedelta(0)),
        ("hourly", timedelta(hours=1)),
        ("daily", timedelta(days=1)),
        ("after 30 minutes", timedelta(minutes=30)),
        ("after 1 hour", timedelta(hours=1)),
        ("every 2 days", timedelta(days=2)),
    ],
)
def test_a_duration_in_numbers_and_in_words(text, length):
    assert re.search(PATTERN, text)
    assert duration(text) == length


@pytest.mark.parametrize(
    "text", ["", "15", "m", "-5m", "5 parsecs", "after", "after immediate", "1h30m", "15m ", "9999999h"]
)
def test_anything_else_is_no_duration(text):
    assert not re.search(PATTERN, text)


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(0), "0s"),
        (timedelta(minutes=90), "90m"),
        (timedelta(hours=24), "1d"),
        (timedelta(weeks=2), "2w"),
        (timedelta(milliseconds=1500), "1500ms"),
    ],
)
def test_a_length_is_spelled_in_its_largest_whole_unit(length, text):
    assert spelled(length) == text
    assert duration(text) == length
