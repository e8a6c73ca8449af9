"""Base scores, against vectors whose scores FIRST and the National Vulnerability Database publish."""

import pytest

from shared.domain.advisories import Danger, danger_of
from shared.domain.cvss import base_score


@pytest.mark.parametrize(
    ("vector", "score"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),  # Log4Shell
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5),  # Heartbleed
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),  # an ordinary XSS
        ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:H/I:N/A:N", 5.3),
        ("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8),
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),
        ("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N", 1.6),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O", 9.8),  # temporal metrics do not change the base
    ],
)
def test_a_vector_has_the_score_that_is_published(vector, score):
    assert base_score(vector) == score


@pytest.mark.parametrize("vector", ["", "AV:N/AC:L/Au:N/C:P/I:P/A:P", "CVSS:4.0/AV:N/AC:L", "CVSS:3.1/AV:N", "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"])  # fmt: skip
def test_what_is_no_complete_vector_of_version_3_has_no_score(vector):
    assert base_score(vector) is None


def test_a_word_decides_only_where_no_vector_does():
    low = "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"
    assert danger_of([low], "CRITICAL") is Danger.LOW
    assert danger_of(["CVSS:4.0/AV:N"], "MODERATE") is Danger.MEDIUM
    assert danger_of([], "HIGH") is Danger.HIGH
    assert danger_of([], "SEVERE") is Danger.UNKNOWN
    assert danger_of([low, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"]) is Danger.CRITICAL
