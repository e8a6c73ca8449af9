"""When a query of the warehouse or a route of the app is too slow, and when it has become dearer."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.figures import Figure, Span
from shared.domain.jobs import Verdict
from shared.domain.metrics import Kind, Metric
from shared.domain.rules import Unit
from shared.domain.slow_queries import NAMED, QueryCost, RouteTimes, evidence_of, slow_queries, slow_routes
from shared.domain.web_vitals import VITALS, judged

GIB = 1024**3
FCP, LCP, _, CLS = VITALS
NOW = datetime(2026, 3, 9, 4, tzinfo=UTC)
WEEK = Span(NOW - timedelta(days=7), NOW)


@pytest.mark.parametrize(
    ("seconds", "verdicts"), [(100.0, []), (100.1, [Verdict.WARN]), (300.0, [Verdict.WARN]), (301.0, [Verdict.FAIL])]
)
def test_a_query_that_takes_long_on_average_is_told_by_how_long(seconds, verdicts):
    found = slow_queries([QueryCost("evaluate", 10, seconds, 60.0)], {})
    assert [one.verdict for one in found] == verdicts
    assert all("evaluate takes" in one.what and "10 runs" in one.what for one in found)


@pytest.mark.parametrize(("billed", "before", "found"), [(21, 10, 1), (20, 10, 0), (9, 1, 0), (30, None, 0)])
def test_a_query_that_reads_twice_of_what_it_read_is_a_warning_where_it_is_much(billed, before, found):
    known = {} if before is None else {"impact": before * GIB}
    told = slow_queries([QueryCost("impact", 3, 1.0, 1.0, billed * GIB)], known)
    assert [one.verdict for one in told] == [Verdict.WARN] * found


@pytest.mark.parametrize(
    ("count", "slow", "verdicts"),
    [(19, 19, []), (100, 5, []), (100, 6, [Verdict.WARN]), (100, 50, [Verdict.WARN]), (100, 51, [Verdict.FAIL])],
)
def test_a_route_is_slow_when_its_95th_percentile_is_over_the_limit(count, slow, verdicts):
    found = slow_routes([RouteTimes("GET /api/cars", count, slow, 800.0, 100, 2)], 1_000)
    assert [one.verdict for one in found] == verdicts
    assert all("2% the week before" in one.what for one in found)


def test_the_evidence_names_the_dearest():
    found = evidence_of([QueryCost(f"q{n}", 2, 1.0, 1.0, n, 1_800_000) for n in range(NAMED + 1)])
    assert (found["queries"], found["bytes"], found["slot_hours"]) == (2 * (NAMED + 1), sum(range(NAMED + 1)), 5.5)
    assert "q0" not in found
    assert found[f"q{NAMED}"] == NAMED


def vital(one, value, before=None, target=None):
    metric = Metric(one.metric, Kind.VALUE, Unit.COUNT, "analytics", target=target or one.good)
    return one, Figure(metric, WEEK, value, 100, WEEK, before)


@pytest.mark.parametrize(
    ("measured", "verdict", "said"),
    [
        (vital(LCP, 2_500), None, ""),
        (vital(LCP, 2_501), Verdict.WARN, "LCP is 2,501 ms at the 75th percentile: over its target"),
        (
            vital(LCP, 4_001, 2_000),
            Verdict.FAIL,
            "LCP is 4,001 ms at the 75th percentile, 2,000 ms the week before: poor",
        ),
        (vital(FCP, 1_600, target=1_500), Verdict.WARN, "over its target"),
        (vital(LCP, 2_000, 1_800), Verdict.WARN, "worse"),
        (vital(LCP, 2_000, 1_900), None, ""),
        (vital(CLS, 0.26), Verdict.FAIL, "CLS is 0.26 at the 75th percentile: poor"),
        (vital(CLS, None), None, ""),
    ],
)
def test_a_vital_is_judged_by_its_target_by_what_is_poor_and_by_the_week_before(measured, verdict, said):
    found = judged([measured])
    assert [one.verdict for one in found] == ([] if verdict is None else [verdict])
    assert all(said in one.what for one in found)
