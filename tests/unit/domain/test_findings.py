"""What figures say, and no more."""

from datetime import UTC, datetime, timedelta

from shared.domain import findings
from shared.domain.chart_data import Rank
from shared.domain.figures import Figure, Gap, Span
from shared.domain.metrics import Kind, Metric, Statistic
from shared.domain.reports import Finding
from shared.domain.rules import Unit

NOW = datetime(2026, 11, 29, tzinfo=UTC)
SPAN, BEFORE = Span(NOW - timedelta(days=1), NOW), Span(NOW - timedelta(days=2), NOW - timedelta(days=1))


def of(name, value, before=None, *, count=1000, **metric):
    made = Metric(name, **{"kind": Kind.VALUE, "unit": Unit.MILLISECONDS, "source": "requests", **metric})
    return Figure(made, SPAN, value, count, BEFORE, before, NOW)


def share(name, value, before=None, **metric):
    return of(name, value, before, kind=Kind.RATIO, unit=Unit.PERCENT, **metric)


def test_the_three_largest_moves_are_told_and_shares_by_what_is_left_of_them():
    figures = [
        of("a", 110.0, 100.0), share("b", 99.8, 99.9), of("c", 101.5, 100.0), of("d", 80.0, 100.0),
    ]  # fmt: skip
    assert [one.facts["metric"] for one in findings.movers(figures)] == ["b", "d", "a"]


def test_a_change_that_may_be_chance_or_is_nothing_is_not_told():
    revenue = {"kind": Kind.COUNT, "unit": Unit.MONEY, "statistic": Statistic.SUM}
    few, none = of("a", 200.0, 100.0, count=29), of("b", 100.4, 100.0)
    assert list(findings.movers([few, none, of("c", 5.0)])) == []
    assert [one.facts["change"] for one in findings.movers([of("r", 150.0, 100.0, count=3, **revenue)])] == [50.0]


def test_each_missed_target_is_told_and_that_all_were_met_only_then():
    met, missed = share("a", 0.5, target=1.0), share("b", 2.0, target=1.0)
    assert [(one.finding, one.facts["metric"]) for one in findings.targets([met, missed])] == [(Finding.MISSED, "b")]
    assert [(one.finding, one.facts) for one in findings.targets([met])] == [(Finding.ALL_MET, {"count": 1})]
    assert list(findings.targets([share("c", 1.0)])) == []


def test_E83_what_cannot_be_said_is_said():
    missing = Figure(of("a", None).metric, SPAN, gap=Gap.FAILED)
    late = Figure(of("b", 1.0).metric, SPAN, 1.0, 10, gap=Gap.LATE)
    assert [one.facts for one in findings.gaps([missing, late])] == [{"metric": "a", "gap": Gap.FAILED}]


def test_the_first_of_several_leads_with_its_share():
    ranks = [Rank("Cairo", 30.0), Rank("Giza", 10.0)]
    (found,) = findings.leaders("order_volume", ranks)
    assert found.facts == {"metric": "order_volume", "name": "Cairo", "share": 75.0}
    assert list(findings.leaders("order_volume", ranks[:1])) == []
    assert list(findings.leaders("order_volume", [Rank("a", 0.0), Rank("b", 0.0)])) == []


def test_no_incident_is_a_finding_of_its_own():
    assert [one.finding for one in findings.incident_findings([], NOW)] == [Finding.NO_INCIDENTS]


def test_too_short_a_history_gives_no_forecast_and_says_so():
    found = findings.forecast_finding("revenue", None, weeks=3, needed=6)
    assert found.finding is Finding.NO_FORECAST
    assert found.facts == {"metric": "revenue", "weeks": 3, "needed": 6}
