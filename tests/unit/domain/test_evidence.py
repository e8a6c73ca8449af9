"""Evidence: what lies beyond the limit, how long, and how likely chance is."""

from datetime import timedelta

import pytest

from shared.domain.evidence import HISTORY, STEP
from tests.unit.evidence_samples import evidence, points


@pytest.mark.parametrize(
    ("comparison", "limit", "value", "breach"),
    [
        (">", 1.0, 1.01, True),
        (">", 1.0, 1.0, False),
        (">", 1.0, 0.5, False),
        ("<", 99.9, 99.8, True),
        ("<", 99.9, 99.9, False),
        ("<", 99.9, 100.0, False),
        ("", None, 1e9, False),
    ],
)
def test_only_what_lies_strictly_beyond_the_limit_breaks_it(comparison, limit, value, breach):
    assert evidence(comparison=comparison, limit=limit).is_breach(value) is breach


def test_the_time_beyond_the_limit_and_the_gaps_are_counted_in_steps():
    shown = evidence()
    assert (shown.time_beyond, shown.time_missing) == (timedelta(minutes=25), timedelta(minutes=90))
    assert len(shown.points) == HISTORY / STEP


def test_zero_is_a_value_and_no_gap():
    assert evidence(points=points(lambda _: 0.0)).time_missing == timedelta(0)


@pytest.mark.parametrize(("confidence", "chance"), [(None, None), (1.0, 0.0), (0.75, 0.25), (1 + 1e-16, 0.0)])
def test_the_chance_is_what_the_confidence_leaves(confidence, chance):
    assert evidence(confidence=confidence).chance == chance
