"""Every shipped report made of a small warehouse: its figures are what a plain query says, its gaps are told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.config.loader import load
from shared.domain.boards import Reach
from shared.domain.changes import Change, ChangeKind
from shared.domain.figures import Gap, Standing
from shared.domain.impact_statements import Confidence, Estimate, Figure, Statement
from shared.domain.incidents import State
from shared.domain.metrics import Kind, Statistic
from shared.domain.periods import last_period
from shared.domain.report_plans import Dashboard, Part, ReportPlan, SectionPlan
from shared.domain.reports import Edition, Finding
from shared.domain.success import SUCCESS_METRICS
from shared.ports.store import Put
from shared.rendering.report_view import view
from shared.usecases.changes import CHANGES
from shared.usecases.compose_report import compose, gather
from shared.usecases.dashboards import read_board
from shared.usecases.impact_statements import STATEMENTS
from shared.usecases.records import body_of, incident_writes
from tests.integration.reporting.newsroom import HOUR, MIDNIGHT, NINE, WEEK, Newsroom, point
from tests.unit.domain.test_effectiveness import incident

PLANS = load().reporting.reports
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
SHORT_DAY = NINE.replace(month=4, day=24, hour=10)  # noon of the Friday on which Egypt's summer time began
SUMMED = ("error_rate", "order_failure_rate", "uptime", "revenue", "order_volume", "sessions", "new_users", "leads")
PLAIN = """
    SELECT sum(count), sum(sum), sum(bad) FROM soukmon.metric_points
    WHERE metric = ? AND minute >= ? AND minute < ?
"""


@pytest.fixture
def room(tmp_path):
    """Fourteen weeks of points by the day, all of which have arrived."""
    made = Newsroom.of(tmp_path, with_points=False)
    rows = [row for number in range(14 * 7) for row in a_day(MIDNIGHT - number * DAY, number)]
    made.warehouse.load(*rows)
    made.everything_arrives(NINE + 3 * DAY - MINUTE)
    return made


def a_day(end, number):
    at = end - 10 * HOUR
    yield point("error_rate", at, 1_000 + number, 4 + number % 7)
    yield point("order_failure_rate", at, 200, 3)
    yield point("uptime", at, 288, number % 3, source="probes")
    yield point("api_response_time", at, 100, values=[120.0] * 90 + [400.0] * 10)
    for metric, count in (("order_volume", 30), ("sessions", 900), ("new_users", 40), ("leads", 12)):
        yield point(metric, at, count + number % 5, source="analytics")
    yield point("revenue", at, 30, values=[1_000.0 + 37 * number % 100] * 30, source="analytics")


def made(room, plan, at=NINE, *, now=None):
    """The report that is due at `at`, made three days later, when even the latest source has delivered."""
    period = last_period(plan.period, at)
    now = now or at + 3 * DAY
    material = gather(plan, period, config=room.config, store=room.store, warehouse=room.warehouse, now=now)
    return compose(material, Edition.FINAL), material


def section(report, name):
    return next(one for one in report.sections if one.name == name)


def plain(room, metric, span):
    """What the points of the metric's span add up to, asked for without anything of ours."""
    return room.warehouse.inner._connection.execute(PLAIN, [metric, span.since, span.until]).fetchone()


def worth(metric, sums):
    count, total, bad = sums
    if metric.kind is Kind.COUNT:
        return total if metric.statistic is Statistic.SUM else count
    share = 100 * bad / count
    return 100 - share if metric.good_share else share


def opens(room, opened_at, **changes):
    """A real incident on record."""
    found = incident(opened_at=opened_at, started_at=opened_at, first_told_at=opened_at, last_told_at=opened_at)
    found = replace(found, **changes)
    room.store.commit(incident_writes(found, [], None))
    return found


@pytest.mark.parametrize("name", PLANS)
def test_every_figure_of_a_shipped_report_is_what_a_plain_query_says(room, name):
    report, material = made(room, PLANS[name])
    figures = [*report.headline, *(one for part in report.sections for one in part.figures)]
    checked = [one for one in figures if one.metric.name in SUMMED]
    assert len(checked) >= 2
    for one in checked:
        metric, period = one.metric, material.period
        assert one.value == pytest.approx(worth(metric, plain(room, metric.name, period.span))), metric.name
        assert one.before == pytest.approx(worth(metric, plain(room, metric.name, period.before.span))), metric.name
        assert one.gap is None
    assert material.is_complete
    assert not [part.name for part in report.sections if part.gap]


@pytest.mark.parametrize("name", PLANS)
def test_E83_without_any_data_every_section_of_a_shipped_report_says_so(tmp_path, name):
    room = Newsroom.of(tmp_path, with_points=False)
    report, material = made(room, PLANS[name])
    assert not material.is_complete
    for part in report.sections:
        assert all(one.value is None and one.gap for one in part.figures if one.metric.source)
        assert all(one.gap or one.marks == () for one in part.charts)
        assert part.sentences or part.charts or part.tables or part.is_written, part.name
        assert part.gap is None, part.name
    for locale in ("en", "ar"):
        assert view(report, locale).sections


def test_E30_a_day_is_compared_with_the_same_weekday_of_the_week_before(room):
    report, _ = made(room, PLANS["performance_report"])
    errors = next(one for one in report.headline if one.metric.name == "error_rate")
    assert (errors.compared.since, errors.compared.until) == (errors.span.since - WEEK, errors.span.until - WEEK)
    assert (errors.value, errors.before) == (100 * 4 / 1_000, 100 * 4 / 1_007)


def test_E30_a_day_of_23_hours_is_compared_by_what_it_comes_to_per_hour(room):
    room.warehouse.load(point("order_volume", SHORT_DAY, 46, source="analytics"))
    room.warehouse.load(point("order_volume", SHORT_DAY - WEEK, 48, source="analytics"))
    report, material = made(room, PLANS["business_report"], SHORT_DAY + DAY)
    orders = next(one for one in report.headline if one.metric.name == "order_volume")
    assert material.period.span.hours == 23
    assert (orders.value, orders.before) == (46, 48)
    assert orders.change == pytest.approx(0)


def test_E83_a_section_that_raises_says_so_and_the_others_stand(room):
    plan = PLANS["technical_review"]
    broken = tuple(
        replace(one, figures=("no_such_metric",)) if one.name == "releases" else one for one in plan.sections
    )
    _, material = made(room, plan)
    report = compose(replace(material, plan=replace(plan, sections=broken)), Edition.FINAL)
    assert [part.name for part in report.sections if part.gap is Gap.FAILED] == ["releases"]
    assert len(report.sections) == len(plan.sections)
    assert section(report, "overview").figures[2].value is not None
    notes = next(one for one in view(report, "en").sections if one.name == "releases").notes
    assert notes == ("A part of this section is missing: could not be read.",)


def test_E83_a_metric_that_cannot_be_read_is_a_gap_and_the_others_are_figures(room):
    room.warehouse.failing = {"uptime"}
    report, _ = made(room, PLANS["technical_review"])
    gaps = {one.metric.name: one.gap for one in section(report, "overview").figures}
    assert (gaps["uptime"], gaps["error_rate"]) == (Gap.FAILED, None)


def test_what_happened_is_listed_with_what_it_cost_and_what_was_released(room):
    opened = MIDNIGHT - 5 * HOUR
    bad = opens(room, opened, id="INC-1", state=State.RESOLVED, resolved_at=opened + 30 * MINUTE)
    opens(room, opened, id="INC-2", source="test", fingerprint="t")
    opens(room, MIDNIGHT + HOUR, id="INC-3", fingerprint="later")
    known = (
        Estimate(Figure.ORDERS, 4.0, Confidence.HIGH),
        Estimate(Figure.REVENUE, 9_000.0, Confidence.HIGH),
    )
    statement = Statement(bad.id, NINE, opened, opened + 30 * MINUTE, known, is_final=True)
    change = Change("c1", ChangeKind.RELEASE, "web", opened, "4.2.0")
    room.store.commit([Put(STATEMENTS, bad.id, body_of(statement)), Put(CHANGES, "c1", body_of(change))])
    report, _ = made(room, PLANS["technical_review"])
    errors, releases = section(report, "errors"), section(report, "releases")
    assert [row[0] for row in errors.tables[0].rows] == [f"{bad.title} ({bad.id})"]
    lost = next(one for one in errors.sentences if one.finding is Finding.LOST)
    assert (lost.facts["orders"], lost.facts["revenue"]) == (4.0, 9_000.0)
    assert releases.tables[0].rows[0][:2] == ("web", "4.2.0")


def test_E84_our_promises_come_from_our_own_records_and_from_the_warehouse(room):
    opened = MIDNIGHT - 5 * HOUR
    opens(room, opened, first_acknowledged_at=opened + 12 * MINUTE)
    report, _ = made(room, PLANS["technical_review"])
    response = section(report, "response")
    promises, by_severity, by_rule = response.tables
    found = {row[0]: (row[1].value, row[3]) for row in promises.rows}
    assert list(found) == list(SUCCESS_METRICS)
    assert found["alert_response_time"] == (720, Standing.MISSED)
    assert found["false_positive_rate"] == (0, Standing.MET)
    assert found["uptime"][0] == pytest.approx(100 - 100 * 6 / (7 * 288), abs=0.2)
    assert found["backup_success_rate"] == (None, Standing.UNKNOWN)
    assert len(by_severity.rows) == len(by_rule.rows) == 1
    said = view(report, "en").sections[-1].sentences
    assert "Alert response time missed its target: 12\u00a0min, and at most 10\u00a0min is promised." in said


def test_E84_a_section_of_promises_alone_reads_its_figures_too(room):
    plan = ReportPlan("own", PLANS["technical_review"].period, "0 9 * * MON", (), (), ("error_rate", "uptime"),
                      (SectionPlan("response", parts=(Part.SUCCESS,)),))  # fmt: skip
    _, material = made(room, replace(plan, headline=("error_rate", "revenue")))
    assert material.figure("uptime").value is not None


def test_E84_a_dashboard_that_shows_a_promise_reads_it_from_our_own_records(room):
    opened = NINE - 5 * HOUR
    opens(room, opened, first_acknowledged_at=opened + 12 * MINUTE)
    board = Dashboard("promises", ("alert_response_time", "uptime"), ())
    shown = read_board(board, Reach.DAY, config=room.config, store=room.store, warehouse=room.warehouse, now=NINE)
    answer, uptime = (tile.figure for tile in shown.tiles)
    assert (answer.value, answer.standing) == (720, Standing.MISSED)
    assert uptime.value == 100


def test_a_forecast_is_made_of_whole_weeks_and_has_an_interval(room):
    report, _ = made(room, PLANS["business_intelligence"])
    (found,) = [one for one in section(report, "growth").sentences if one.finding is Finding.FORECAST]
    assert found.facts["low"] < found.facts["value"] < found.facts["high"]
