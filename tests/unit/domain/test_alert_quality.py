"""How useful alerts were: who answered late, whom the night hid one from, and what counts at all."""

from datetime import time, timedelta

import pytest

from shared.domain.alert_quality import quality, was_late
from shared.domain.quiet_hours import QuietHours, QuietSpan
from shared.domain.severities import Severity
from tests.conftest import NIGHT, configuration
from tests.unit.domain.test_effectiveness import CORRECTED, JUDGED, incident, over

MINUTE = timedelta(minutes=1)
PROMISED = configuration().promised  # an answer within 15 minutes
UNTIL = NIGHT + timedelta(hours=12)
QUIET = QuietHours((QuietSpan(time(22), time(7)),))


def is_night(at):
    return QUIET.until(at) is not None


def made(*incidents, night=is_night):
    return quality(incidents, UNTIL, promised=PROMISED, is_night=night)


@pytest.mark.parametrize(
    ("changes", "late"),
    [
        ({"first_acknowledged_at": NIGHT + 15 * MINUTE}, False),
        ({"first_acknowledged_at": NIGHT + 16 * MINUTE}, True),
        ({"first_told_at": NIGHT + 5 * MINUTE, "first_acknowledged_at": NIGHT + 20 * MINUTE}, False),
        ({"resolved_at": NIGHT + 10 * MINUTE}, False),
        ({"resolved_at": NIGHT + 20 * MINUTE}, True),
        ({}, True),
    ],
)
def test_E84_late_is_what_nobody_took_in_time_and_what_ended_by_itself_before_needed_nobody(changes, late):
    assert was_late(incident(**changes), PROMISED, UNTIL) is late


def test_what_still_has_time_is_not_late_nor_what_nobody_was_told_of():
    assert not was_late(incident(), PROMISED, NIGHT + 15 * MINUTE)
    assert not was_late(incident(last_told_at=None), PROMISED, UNTIL)


def test_slept_through_is_late_at_night_and_not_known_where_nobody_says_when_night_is():
    by_day = incident(first_told_at=NIGHT + timedelta(hours=9))
    found = made(incident(), by_day, incident(first_acknowledged_at=NIGHT + MINUTE))
    assert (found.late, found.slept_through) == (2, 1)
    assert made(incident(), night=None).slept_through is None


def test_E84_the_useful_are_those_that_nobody_judged_and_no_data_took_back():
    found = made(incident(**JUDGED), incident(**CORRECTED), over(5))
    assert (found.figures.told, found.figures.not_useful, found.useful) == (3, 2, 1)


@pytest.mark.parametrize("left_out", [{"source": "test"}, {"storm": "INC-1"}, {"last_told_at": None}])
def test_E84_tests_and_what_does_not_count_are_neither_useful_nor_late(left_out):
    found = made(incident(severity=Severity.CRITICAL, **left_out))
    assert (found.figures.told, found.late, found.slept_through) == (0, 0, 0)
