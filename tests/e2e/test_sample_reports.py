"""The demo's reports: all of them over its history, in the background, one kept apart from the other."""

import hashlib
from datetime import UTC, datetime

import pytest

from infra.local import demo_history, sample_reports
from infra.local.sample_reports import SampleReports
from shared import bootstrap
from shared.domain.editions import Issued
from shared.domain.figures import Gap
from shared.domain.periods import last_period
from shared.domain.report_plans import Form
from shared.domain.reports import Edition
from shared.ports.store import Query
from shared.usecases.compose_report import compose, gather
from shared.usecases.records import REPORTS, value_of

START = datetime(2026, 11, 30, 1, 17, tzinfo=UTC)


@pytest.fixture
def town(shipped):
    """The shipped platform with the demo's history in its warehouse, though no day was played."""
    platform = shipped.platform
    day = demo_history.demo_day(START)
    platform.clock.set(day.plan.end)
    platform.warehouse.append(demo_history.POINTS, list(demo_history.history(day)))
    return platform


def test_no_report_over_the_demos_history_lacks_a_figure_that_has_a_source(town):
    config = bootstrap.config()
    now = town.clock.now()
    for plan in config.reporting.reports.values():
        period = last_period(plan.period, now)
        material = gather(plan, period, config=config, store=bootstrap.state(), warehouse=town.warehouse, now=now)
        report = compose(material, Edition.PROVISIONAL)
        shown = [*report.headline, *(one for section in report.sections for one in section.figures)]
        assert shown
        lacking = [one.metric.name for one in shown if one.metric.source and one.gap in {Gap.NO_DATA, Gap.FAILED}]
        assert (plan.name, lacking) == (plan.name, [])
        drawn = [chart for section in report.sections for chart in section.charts if chart.gap is Gap.NO_DATA]
        assert (plan.name, [chart.name for chart in drawn]) == (plan.name, [])


def test_each_report_is_tried_though_another_fails_and_said(shipped, monkeypatch):
    config, said, made = bootstrap.config(), [], []
    names = list(config.reporting.reports)

    def make(plan, period, press):
        made.append((plan.name, period))
        if plan.name == names[0]:
            raise ValueError("a renderer that cannot")
        if plan.name == names[1]:
            return None
        return Issued(plan.name, period.name, Edition.PROVISIONAL, press.clock.now())

    monkeypatch.setattr(sample_reports, "make", make)
    SampleReports(bootstrap.press(), say=said.append).make_all()
    plans, now = config.reporting.reports, shipped.platform.clock.now()
    assert made == [(name, last_period(plans[name].period, now)) for name in names]
    assert len(said) == len(names) + 1
    assert "could not be made" in said[0]
    assert "is there already" in said[1]
    assert "provisional" in said[2]
    assert said[-1].endswith("/reports")


def test_no_other_report_is_begun_once_the_platform_ends(shipped, monkeypatch):
    monkeypatch.setattr(sample_reports, "make", lambda *_: pytest.fail("nothing may be made any more"))
    reports = SampleReports(bootstrap.press(), say=pytest.fail)
    reports.close()
    reports.make_all()
    assert not bootstrap.state().find(Query(REPORTS, order_by="at", limit=5))


def test_a_report_made_so_is_on_record_and_its_files_are_served(town):
    press, plans = bootstrap.press(), bootstrap.config().reporting.reports.values()
    plan = next(one for one in plans if one.forms == (Form.HTML,))
    sample_reports.make(plan, last_period(plan.period, town.clock.now()), press)
    (kept,) = [value_of(row, Issued) for row in bootstrap.state().find(Query(REPORTS, order_by="at", limit=5))]
    assert (kept.report, {one.locale for one in kept.files}) == (plan.name, {"en", "ar"})
    for one in kept.files:
        address = press.links.to(one.name, kept.at).removeprefix(bootstrap.reports_url())
        answer = town.clients["serve_report"].get(address)
        assert (answer.status_code, answer.mimetype) == (200, "text/html")
        assert hashlib.sha256(answer.data).hexdigest() == one.sha256
