"""The five figures of an impact, computed by hand, and the reasons why one is not known."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.config.loader import load
from shared.domain.grouping import Circumstances, absorb
from shared.domain.impact_statements import (
    METRICS,
    Basis,
    Confidence,
    Figure,
    Levels,
    Scope,
    Statement,
    Total,
    Unknown,
    estimates,
    is_wanted,
    next_look,
    scope_of,
    span_of,
    unknown_all,
    weeks_alike,
)
from shared.domain.incidents import State
from shared.domain.severities import Severity
from shared.domain.signals import Signal
from tests.conftest import NIGHT, configuration

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
UNTIL = NIGHT + HOUR
SOURCES = {name: "requests" if "rate" in name else "analytics" for name in METRICS}
REACHED = {"requests": UNTIL, "analytics": UNTIL}
WEEKS = (1, 2, 3, 4)


def incident(alert_type="log.request_5xx", **changes):
    config = configuration()
    policies = dict.fromkeys(config.promises, config.policies["critical"])
    signal = Signal("e", "f", "k", alert_type, "log", "web", "It broke", NIGHT, NIGHT)
    opened = absorb(signal, None, Circumstances(config.event_rules[0], policies, 30 * MINUTE, NIGHT)).incident
    return replace(opened, severity=Severity.HIGH, **changes)


def levels(reached=REACHED, sources=SOURCES, **totals):
    return Levels({name: dict(enumerate(given)) for name, given in totals.items()}, reached, sources)


def found(one, known, weeks=WEEKS):
    return {each.figure: each for each in estimates(one, known, until=UNTIL, weeks=weeks)}


def sales(now, *past, worth=500.0):
    """Orders of the span and of past weeks, each worth so much, with visits in every week."""
    made = [Total(count=count, amount=worth * count) for count in (now, *past)]
    return {"order_volume": made, "revenue": made, "sessions": [Total(count=400)] * len(made)}


def test_a_share_of_requests_failed_and_so_many_clients_and_visits_with_them():
    known = levels(error_rate=[Total(count=800, bad=200, clients=90)], **sales(40, 40, 40))
    figures = found(incident(), known)
    assert (figures[Figure.TRAFFIC].value, figures[Figure.TRAFFIC].confidence) == (25.0, Confidence.HIGH)
    assert (figures[Figure.USERS].value, figures[Figure.USERS].basis) == (90, Basis.BY_CLIENT)
    assert (figures[Figure.SESSIONS].value, figures[Figure.SESSIONS].confidence) == (100, Confidence.LOW)


def test_requests_that_stay_away_count_as_failed():
    past = [Total(count=1000)] * 4
    figures = found(incident("monitoring.uptime"), levels(error_rate=[Total(count=100, bad=50, clients=9), *past]))
    assert (figures[Figure.TRAFFIC].value, figures[Figure.TRAFFIC].basis) == (95.0, Basis.STAYED_AWAY)


def test_a_crash_has_the_people_and_visits_that_its_export_counts():
    values = {"affected_users": "12", "affected_sessions": "15", "session_share": "12"}
    figures = found(incident("crashlytics.velocity", values=values), levels())
    assert [figures[one].value for one in (Figure.USERS, Figure.SESSIONS, Figure.TRAFFIC)] == [12, 15, 12]
    assert figures[Figure.USERS].source == "crashes"
    assert found(incident("crashlytics.velocity"), levels())[Figure.USERS].unknown is Unknown.LATE


@pytest.mark.parametrize(
    ("now", "past", "lost", "confidence", "basis"),
    [
        (20, (90, 100, 100, 110), 80, Confidence.HIGH, Basis.SHORTFALL),
        (20, (100, 110), 85, Confidence.MEDIUM, Basis.SHORTFALL),  # two weeks are few
        (75, (100, 100, 100, 100), 25, Confidence.MEDIUM, Basis.SHORTFALL),  # 2.5 standard deviations
        (85, (100, 100, 100, 100), 0, Confidence.MEDIUM, Basis.CHANCE),
        (120, (100, 100, 100, 100), 0, Confidence.MEDIUM, Basis.CHANCE),
    ],
)
def test_lost_orders_and_their_worth_against_the_same_minutes_of_past_weeks(now, past, lost, confidence, basis):
    figures = found(incident(), levels(error_rate=[Total(count=9)], **sales(now, *past)))
    orders, revenue = figures[Figure.ORDERS], figures[Figure.REVENUE]
    assert (orders.value, orders.confidence, orders.basis) == (lost, confidence, basis)
    assert (revenue.value, revenue.confidence, revenue.basis) == (500.0 * lost, confidence, basis)


def test_until_the_purchases_are_there_the_orders_that_failed_are_told_by_their_average_worth():
    late = {**REACHED, "analytics": NIGHT}
    asked = {"order_failure_rate": [Total(count=60, bad=40, clients=14)]}
    figures = found(incident(), levels(late, **asked, **sales(0, 10, 30)))
    assert (figures[Figure.ORDERS].value, figures[Figure.ORDERS].basis) == (14, Basis.FAILED_ORDERS)
    assert (figures[Figure.REVENUE].value, figures[Figure.REVENUE].basis) == (7000.0, Basis.BY_AVERAGE)
    assert figures[Figure.REVENUE].confidence is Confidence.LOW
    alone = found(incident(), levels(late, **asked))
    assert alone[Figure.REVENUE].unknown is Unknown.NO_HISTORY
    fine = found(incident(), levels(late, order_failure_rate=[Total(count=60)]))
    assert (fine[Figure.ORDERS].value, fine[Figure.ORDERS].basis) == (0, Basis.NOTHING_FAILED)


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (levels(sources={}), Unknown.NO_SOURCE),
        (levels(reached={}), Unknown.NO_ROWS),
        (levels(reached={"requests": NIGHT, "analytics": NIGHT}), Unknown.LATE),
    ],
)
def test_what_is_not_measured_not_there_or_late_is_unknown_because(known, why):
    assert {one.unknown for one in found(incident(), known).values()} == {why}


def test_what_is_slow_has_a_share_and_no_people():
    figures = found(incident("performance.threshold", values={"slow_share": "30"}), levels(**sales(1, 1, 1)))
    assert figures[Figure.TRAFFIC].value == 30
    assert figures[Figure.USERS].unknown is figures[Figure.SESSIONS].unknown is Unknown.NOT_BY_VISITOR


def test_the_shipped_metrics_name_a_source_for_every_figure():
    shipped = load()
    assert all(shipped.metrics[name].source in shipped.sources for name in METRICS)


@pytest.mark.parametrize(
    ("changes", "scope"),
    [
        ({}, Scope.MARKET),
        ({"storm": "storm"}, Scope.FOLDED),
        ({"merged_into": "INC-2"}, Scope.FOLDED),
        ({"alert_type": "security.x"}, Scope.NOT_TRACED),
        ({"alert_type": "build.failed"}, Scope.NOT_TRACED),
        ({"alert_type": "soukmon.audit", "source": "soukmon"}, Scope.OURS),
        ({"alert_type": "soukmon.storm", "source": "soukmon"}, Scope.MARKET),
        ({"source": "test"}, Scope.OURS),
    ],
)
def test_what_the_figures_can_say_of_a_kind(changes, scope):
    assert scope_of(replace(incident(), **changes)) is scope
    assert [one.figure for one in unknown_all(Unknown.OURS)] == list(Figure)


def test_weeks_of_another_season_are_no_measure():
    seasons = load().seasons
    assert weeks_alike(NIGHT, seasons) == [1, 2]  # Ramadan began on 18 February
    assert weeks_alike(NIGHT - timedelta(days=40), seasons) == [1, 2, 3, 4]


def test_the_span_is_of_whole_minutes_and_never_empty():
    one = incident()
    assert span_of(one, NIGHT + timedelta(seconds=61)) == (NIGHT, NIGHT + 2 * MINUTE)
    assert span_of(one, NIGHT) == (NIGHT, NIGHT + MINUTE)
    over = replace(one, state=State.RESOLVED, resolved_at=NIGHT + 5 * MINUTE)
    assert span_of(over, UNTIL) == (NIGHT, NIGHT + 5 * MINUTE)


def test_an_open_incident_is_looked_at_more_and_more_seldom_and_a_small_one_once():
    said = Statement("i", NIGHT + 2 * MINUTE, NIGHT, UNTIL, ())
    assert next_look(said, incident()) == said.at + 5 * MINUTE
    assert next_look(replace(said, at=NIGHT + 5 * HOUR), incident()) == NIGHT + 6 * HOUR
    assert next_look(said, replace(incident(), severity=Severity.MEDIUM)) is None
    assert is_wanted(None, incident(), NIGHT)
    assert not is_wanted(said, incident(), NIGHT + 3 * MINUTE)
    assert is_wanted(said, incident(), NIGHT + 8 * MINUTE)


def test_after_its_end_it_is_looked_at_until_the_late_data_are_there():
    over = incident(state=State.RESOLVED, resolved_at=NIGHT)
    late = Statement("i", NIGHT + 5 * MINUTE, NIGHT, NIGHT, unknown_all(Unknown.LATE), is_final=True)
    assert is_wanted(replace(late, is_final=False), over, NIGHT + 5 * MINUTE)
    assert next_look(late, over) == NIGHT + HOUR
    assert next_look(replace(late, at=NIGHT + 8 * HOUR), over) == NIGHT + 25 * HOUR
    assert next_look(replace(late, at=NIGHT + 26 * HOUR), over) is None
    whole = replace(late, estimates=unknown_all(Unknown.OURS))
    assert next_look(whole, over) is None
    assert is_wanted(whole, incident(), NIGHT)  # it came back
