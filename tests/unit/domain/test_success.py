"""The success metrics of incidents: what each one counts, and that nothing is never 0."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.config.loader import load
from shared.domain.figures import Figure, Span, Standing
from shared.domain.incidents import State
from shared.domain.series import value_over
from shared.domain.severities import Severity
from shared.domain.success import OF_INCIDENTS, SUCCESS_METRICS, Case, success_points
from tests.conftest import NIGHT
from tests.unit.domain.test_effectiveness import incident, over

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
UNTIL = NIGHT + 12 * HOUR
METRICS = load().metrics


def value(metric, *cases):
    found = [one if isinstance(one, Case) else Case(one) for one in cases]
    return value_over(METRICS[metric], success_points(found, UNTIL).get(metric, ()))


def at(minutes):
    return NIGHT + minutes * MINUTE


def test_E84_every_promise_of_ours_is_a_metric_with_a_target_and_says_where_it_comes_from():
    assert {name: METRICS[name].target for name in SUCCESS_METRICS} == {
        "alert_response_time": 10 * 60,
        "resolution_time": 4 * 3_600,
        "recovery_time": 8 * 3_600,
        "false_positive_rate": 5,
        "uptime": 99.5,
        "impact_assessed_rate": 100,
        "stakeholders_told_time": 3_600,
        "backup_success_rate": 99.9,
        "disaster_recovery_test_age": 92 * 86_400,
        "continuity_review_age": 92 * 86_400,
    }
    assert [name for name in SUCCESS_METRICS if METRICS[name].source == "incidents"] == [
        name for name in SUCCESS_METRICS if name in OF_INCIDENTS
    ]
    assert METRICS["uptime"].source == "probes"
    assert {METRICS[name].source for name in SUCCESS_METRICS[-3:]} == {"jobs"}


@pytest.mark.parametrize("metric", OF_INCIDENTS)
def test_E84_without_incidents_there_is_no_figure_and_no_standing(metric):
    assert success_points([], UNTIL) == {}
    assert value(metric) is None
    assert Figure(METRICS[metric], Span(NIGHT, UNTIL)).standing is Standing.UNKNOWN


def test_E84_the_response_time_runs_from_the_first_message_to_the_first_acknowledgement():
    told_late = incident(first_told_at=at(60), first_acknowledged_at=at(66))
    at_once = incident(first_told_at=at(0), first_acknowledged_at=at(2))
    assert value("alert_response_time", told_late, at_once) == 4 * 60


def test_E84_what_nobody_acknowledged_changes_no_mean_and_what_was_seen_before_its_message_took_no_time():
    assert value("alert_response_time", incident()) is None
    assert value("alert_response_time", incident(), incident(first_acknowledged_at=at(8))) == 8 * 60
    assert value("alert_response_time", incident(first_told_at=at(9), first_acknowledged_at=at(8))) == 0


def test_E84_a_time_to_resolve_is_of_what_is_over_and_the_longest_recovery_counts_what_is_still_open():
    found = [over(30), over(90), incident()]
    assert value("resolution_time", *found) == 60 * 60
    assert value("recovery_time", *found) == 12 * 3_600
    assert value("recovery_time", *found[:2]) == 90 * 60
    assert value("resolution_time", incident()) is None


def test_E84_the_longest_recovery_is_exact_so_that_exactly_the_target_is_met():
    eight = value("recovery_time", over(8 * 60), over(17))
    assert eight == METRICS["recovery_time"].target
    assert Figure(METRICS["recovery_time"], Span(NIGHT, UNTIL), eight).standing is Standing.MET


def test_E84_stakeholders_have_to_hear_of_critical_incidents_and_one_of_which_none_heard_counts_with_its_age():
    heard = Case(incident(severity=Severity.CRITICAL), stakeholders_told_at=at(7))
    unheard = Case(over(15, severity=Severity.CRITICAL))
    high = Case(incident(severity=Severity.HIGH))
    assert value("stakeholders_told_time", heard, high) == 7 * 60
    assert value("stakeholders_told_time", heard, unheard) == 12 * 3_600
    assert value("stakeholders_told_time", high) is None


def test_E84_the_false_positive_rate_is_the_share_judged_or_corrected():
    useless = [incident(judged=("mona",)), incident(values={"corrected": "late data"})]
    assert value("false_positive_rate", *useless, incident(), over(5)) == 50.0
    assert value("false_positive_rate", incident()) == 0.0


def test_E84_the_impact_is_asked_for_of_what_is_over():
    found = [Case(over(5), is_assessed=True), Case(over(6)), Case(incident())]
    assert value("impact_assessed_rate", *found) == 50.0
    assert value("impact_assessed_rate", found[0]) == 100.0
    assert value("impact_assessed_rate", found[2]) is None


def test_E84_a_reopened_incident_is_one_with_its_first_answer_and_its_last_end():
    again = over(120, flips=(at(30),), episode_started_at=at(100), first_acknowledged_at=at(4), acknowledged_at=at(104))
    points = success_points([Case(again)], UNTIL)
    assert {name: len(found) for name, found in points.items()} == {
        "alert_response_time": 1, "resolution_time": 1, "impact_assessed_rate": 1, "recovery_time": 1, "false_positive_rate": 1,
        **({"stakeholders_told_time": 1} if again.severity is Severity.CRITICAL else {}),
    }  # fmt: skip
    assert value("alert_response_time", again) == 4 * 60
    assert value("resolution_time", again) == 2 * 3_600
    assert value("resolution_time", replace(again, state=State.TRIGGERED, resolved_at=None)) is None


def test_points_lie_where_their_incidents_opened_and_the_oldest_comes_first():
    later, first = incident(opened_at=at(30)), incident()
    starts = [point.start for point in success_points([Case(later), Case(first)], UNTIL)["false_positive_rate"]]
    assert starts == [at(0), at(30)]
