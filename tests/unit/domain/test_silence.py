"""Complete silence is seen at every rate that can be told from it within an hour."""

import pytest

from shared.domain.counts import Counts
from shared.domain.detection import silent


@pytest.mark.parametrize("per_minute", [1, 2, 5, 9, 12, 16, 17, 18, 19, 24, 33, 40, 77, 300])
def test_complete_silence_is_seen_whatever_the_usual_rate(per_minute):
    counts = Counts((60 * n, per_minute if n < 300 else 0, 0) for n in range(400))
    assert any(silent(counts, per_minute / 60, 60 * end, step=60) for end in range(301, 400))


def test_the_usual_rate_is_no_silence():
    counts = Counts((60 * n, 18, 0) for n in range(400))
    assert silent(counts, 18 / 60, 60 * 400, step=60) is None
