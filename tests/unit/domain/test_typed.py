"""What people type in a chat."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.typed import length, matching_ids

IDS = ("INC-20260310-aabb0011", "INC-20260310-aabb2233", "INC-20260311-ccdd0011")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("30m", 30), ("2h", 120), ("1h30m", 90), ("1h 30", 90), ("45", 45), ("90 min", 90), ("2 Hours", 120), ("٣٠", 30)],
)
def test_a_length_of_time_is_read_as_people_write_it(text, minutes):
    assert length(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "  ", "soon", "-5m", "1.5h", "2d", "h", "9" * 400, "2h;drop"])
def test_what_is_no_length_of_time_is_none(text):
    assert length(text) is None


@given(st.text())
def test_no_text_is_an_error(text):
    found = length(text)
    assert found is None or found.total_seconds() >= 0
    assert set(matching_ids(text, IDS)) <= set(IDS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (IDS[0], IDS[:1]), ("inc-20260310-AABB0011", IDS[:1]), ("aabb2", IDS[1:2]), ("2233", IDS[1:2]), ("ccdd", IDS[2:]),
        ("0011", (IDS[0], IDS[2])), ("INC-20260310", IDS[:2]), ("20260310", ()), ("", ()), ("a", ()), ("zzz", ()),
    ],
)  # fmt: skip
def test_a_short_id_is_a_beginning_or_an_end(text, found):
    assert matching_ids(text, IDS) == found
