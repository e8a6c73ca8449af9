"""How well alerting works: what counts, and that nothing is never 0."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.effectiveness import effectiveness, false_positive_rate
from shared.domain.grouping import Circumstances, absorb
from shared.domain.incidents import State
from shared.domain.signals import Signal
from shared.rendering.effectiveness import effectiveness_lines
from tests.conftest import NIGHT, configuration


def incident(**changes):
    config = configuration()
    policies = dict.fromkeys(config.promises, config.policies["critical"])
    around = Circumstances(config.event_rules[0], policies, timedelta(minutes=30), NIGHT)
    signal = Signal("e", "f", "k", "crashlytics.velocity", "firebase", "app", "broke", NIGHT, NIGHT)
    return replace(absorb(signal, None, around).incident, **changes)


JUDGED, CORRECTED = {"judged": ("mona",)}, {"values": {"corrected": "late data"}}


def test_the_rate_counts_judged_and_corrected_once_each_whether_open_or_closed():
    found = [incident(), incident(**JUDGED), incident(**CORRECTED), incident(**JUDGED, **CORRECTED)]
    assert false_positive_rate(found) == 3 / 4


@pytest.mark.parametrize(
    "left_out",
    [{"source": "test"}, {"alert_type": "soukmon.storm"}, {"storm": "INC-1"}, {"last_told_at": None}],
)
def test_tests_storms_and_what_nobody_was_told_of_are_left_out(left_out):
    assert false_positive_rate([incident(), incident(**JUDGED, **left_out)]) == 0
    assert false_positive_rate([incident(**JUDGED, **left_out)]) is None


def test_without_incidents_there_is_no_figure_instead_of_0():
    total = effectiveness([]).total
    assert (total.false_positive_rate, total.mean_time_to_acknowledge) == (None, None)
    assert effectiveness([incident()]).total.mean_time_to_acknowledge is None


def test_the_time_to_acknowledge_is_the_mean_over_the_acknowledged():
    found = [incident(first_acknowledged_at=NIGHT + timedelta(minutes=n)) for n in (4, 8)]
    total = effectiveness([*found, incident()]).total
    assert (total.acknowledged, total.mean_time_to_acknowledge) == (2, timedelta(minutes=6))


def test_every_rule_has_its_own_figures():
    found = effectiveness([incident(rule="a", **JUDGED), incident(rule="a"), incident(rule="b")])
    assert {name: one.false_positive_rate for name, one in found.rules.items()} == {"a": 0.5, "b": 0}


def over(minutes, **changes):
    return incident(resolved_at=NIGHT + timedelta(minutes=minutes), **{"state": State.RESOLVED, **changes})


def test_E84_the_mean_times_count_each_incident_once_by_stated_rules():
    later = NIGHT + timedelta(minutes=4)
    found = [
        over(30, first_acknowledged_at=later),
        over(90, state=State.CLOSED),  # resolved without anybody's acknowledgement: no time to acknowledge
        incident(state=State.MITIGATED, first_acknowledged_at=later),  # acknowledged, and not over
        incident(flips=(NIGHT,), first_acknowledged_at=later),  # reopened, and going on
        over(10, state=State.MERGED, merged_into="INC-1", first_acknowledged_at=NIGHT + timedelta(hours=9)),
        over(5, last_told_at=None),  # suppressed: nobody was told
        over(5, source="test"),
        over(5, storm="INC-2"),
    ]
    total = effectiveness(found).total
    assert (total.told, total.acknowledged, total.over) == (4, 3, 2)
    assert (total.mean_time_to_acknowledge, total.mean_time_to_resolve) == (timedelta(minutes=4), timedelta(hours=1))


def test_E84_without_incidents_it_says_n_a_and_never_0():
    assert effectiveness([]).total.mean_time_to_resolve is None
    (line,) = effectiveness_lines(effectiveness([]), timedelta(days=30))
    assert line.count("n/a") == 3


def test_E84_a_reopened_incident_lasts_from_its_first_opening_to_its_last_end():
    (only,) = [over(120, episode_started_at=NIGHT + timedelta(minutes=100))]
    assert effectiveness([only]).total.mean_time_to_resolve == timedelta(hours=2)
