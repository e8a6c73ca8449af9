"""Reports that are due: provisional and final editions, to whom, and what happens when something is missing."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from shared.domain.chart_data import ChartKind
from shared.domain.notifications import Channel
from shared.domain.periods import PeriodKind, period_named
from shared.domain.report_plans import ChartPlan, Form, Part, ReportPlan, SectionPlan
from shared.ports.store import Query
from shared.usecases.audited import AUDITED
from shared.usecases.jobs.calendar import last_due
from shared.usecases.make_reports import due, make, make_due_reports
from shared.usecases.report_link import respond
from tests.integration.reporting.newsroom import HOUR, KEYS, MIDNIGHT, NINE, Newsroom

SHORT = ReportPlan(
    "performance_report",
    PeriodKind.DAY,
    "0 9 * * *",
    (Form.PDF,),
    ("team:engineering", "team:product"),
    ("api_response_time", "error_rate"),
    (
        SectionPlan("overview", ("api_response_time", "error_rate"), parts=(Part.MOVERS,)),
        SectionPlan("errors", charts=(ChartPlan("errors", ChartKind.LINE, ("error_rate",)),), parts=(Part.INCIDENTS,)),
    ),
    slack="engineering",
)
SUNDAY = period_named("2026-11-29")


@pytest.fixture
def room(tmp_path):
    return Newsroom.of(tmp_path, SHORT)


def test_E82_a_report_with_late_data_is_provisional_and_followed_by_one_final_edition(room):
    room.warehouse.arrived("requests", MIDNIGHT - 3 * HOUR)
    assert make_due_reports(room.press) == 1
    assert [one.edition for one in room.issued] == ["provisional"]
    assert "Provisional" in room.bulletins[0].texts["en"].title
    assert "مبدئي" in room.bulletins[0].texts["ar"].title

    room.clock.advance(2 * HOUR)
    assert make_due_reports(room.press) == 0, "nothing new has come"
    room.warehouse.arrived("requests", NINE)
    room.clock.advance(HOUR)
    assert make_due_reports(room.press) == 1
    assert [one.edition for one in room.issued] == ["final"]
    assert "Provisional" not in room.bulletins[1].texts["en"].title

    room.clock.advance(5 * HOUR)
    assert make_due_reports(room.press) == 0
    assert room.issued[0].editions == ("provisional", "final")
    assert len(room.bulletins) == 2


def test_E82_a_provisional_report_is_looked_at_once_an_hour_and_not_whenever_the_function_wakes(room, monkeypatch):
    room.warehouse.arrived("requests", MIDNIGHT - 3 * HOUR)
    make_due_reports(room.press)
    asked, query = [], room.warehouse.query
    monkeypatch.setattr(
        room.warehouse, "query", lambda name, *values, **most: asked.append(name) or query(name, *values, **most)
    )
    for _ in range(3):
        room.clock.advance(HOUR / 4)
        make_due_reports(room.press)
    assert asked == []
    room.clock.advance(HOUR / 4)
    make_due_reports(room.press)
    assert asked


def test_E82_what_never_arrives_is_waited_for_three_days_and_said(room):
    room.warehouse.arrived("requests", MIDNIGHT - 3 * HOUR)
    make_due_reports(room.press)
    room.clock.advance(timedelta(days=3))
    assert make(SHORT, SUNDAY, room.press).edition == "final"
    assert make(SHORT, SUNDAY, room.press) is None


def test_E82_two_runs_at_once_issue_one_final_edition(room):
    room.everything_arrives()
    press, store = room.press, room.store

    class Overtaken:
        """The store; before the first commit another run issues the same edition."""

        done = False

        def commit(self, writes):
            if not self.done:
                self.done = True
                assert make(SHORT, SUNDAY, press) is not None
            store.commit(writes)

        def __getattr__(self, name):
            return getattr(store, name)

    assert make(SHORT, SUNDAY, replace(press, store=Overtaken())) is None
    assert [one.editions for one in room.issued] == [("final",)]
    assert len(room.bulletins) == 1


def test_E83_one_metric_that_fails_is_a_gap_in_a_report_that_is_sent_all_the_same(room):
    room.everything_arrives()
    room.warehouse.failing = {"error_rate"}
    assert make_due_reports(room.press) == 1
    lines = room.bulletins[0].texts["en"].lines
    assert any(line.startswith("Error rate: could not be read") for line in lines)
    assert any(line.startswith("API response time: ") and "ms" in line for line in lines)


def test_E83_without_any_data_the_report_is_sent_and_says_so(tmp_path):
    room = Newsroom.of(tmp_path, SHORT, with_points=False)
    assert make_due_reports(room.press) == 1
    assert "Error rate: nothing was measured" in room.bulletins[0].texts["en"].lines


def test_E83_nobody_learns_who_else_reads_it(room):
    room.everything_arrives()
    make_due_reports(room.press)
    mails = [row for row in room.messages if row.channel is Channel.EMAIL]
    teams = room.config.directory.teams
    readers = dict.fromkeys((*teams["engineering"], *teams["product"]))
    assert {row.recipient for row in mails} == {name for name in readers if room.config.directory.people[name].email}
    assert len(mails) == len({row.recipient for row in mails}) > 1
    told = str(room.bulletins[0])
    for name in readers:
        person = room.config.directory.people[name]
        assert person.email not in told
        assert person.name not in told


def test_who_ended_reports_gets_none(room):
    room.everything_arrives()
    directory = room.config.directory
    name = directory.teams["engineering"][0]
    people = {**directory.people, name: replace(directory.people[name], unsubscribed=frozenset({"report"}))}
    room.config = replace(room.config, directory=replace(directory, people=people))
    make_due_reports(room.press)
    assert name not in {row.recipient for row in room.messages}


def test_the_channel_gets_the_two_figures_a_chart_and_the_way_to_the_report(room):
    room.everything_arrives()
    make_due_reports(room.press)
    [told] = room.bulletins
    blocks = told.texts["en"].blocks
    fields = next(one["fields"] for one in blocks if "fields" in one)
    assert [one["text"].split("\n")[0] for one in fields] == ["API response time", "Error rate"]
    image = next(one for one in blocks if one["type"] == "image")
    assert opened(image["image_url"], room)[0].startswith(b"\x89PNG")
    assert "Error" in image["alt_text"]
    assert opened(told.texts["ar"].link, room)[0].startswith(b"%PDF")
    assert [row.recipient for row in room.messages if row.channel is Channel.SLACK] == ["slack:engineering"]


def opened(url, room):
    return respond(urlsplit(url).path, keys=KEYS, archive=room.archive, clock=room.clock)


def test_every_edition_is_on_the_record_with_the_hashes_of_its_files(room):
    room.everything_arrives()
    make_due_reports(room.press)
    [issued] = room.issued
    line = next(row.body for row in room.store.find(Query(AUDITED)) if "report issued" in str(row.body))
    assert all(one.sha256 in str(line) for one in issued.files)
    assert {(one.locale, one.form) for one in issued.files} == {
        (locale, form) for locale in ("en", "ar") for form in ("pdf", "png")
    }


def test_a_report_that_fails_keeps_no_other_back_and_the_run_fails(room):
    room.everything_arrives()
    broken = replace(SHORT, name="business_report", headline=("no_such_metric", "error_rate"))
    room.makes(broken, SHORT)
    with pytest.raises(ExceptionGroup):
        make_due_reports(room.press)
    assert [one.report for one in room.issued] == [SHORT.name]


def test_a_report_that_was_missed_is_made_within_two_days_and_not_later():
    weekly = replace(SHORT, period=PeriodKind.WEEK, at="0 9 * * MON")
    week = period_named("2026-11-23-to-2026-11-29")
    assert due([weekly], NINE + timedelta(days=2)) == [(weekly, week)]
    assert due([weekly], NINE + timedelta(days=2, minutes=1)) == []


@pytest.mark.parametrize(
    ("now", "at"),
    [(NINE, NINE), (NINE - timedelta(minutes=1), NINE - timedelta(days=1)), (NINE + 5 * HOUR, NINE)],
)
def test_the_last_time_a_schedule_fired_is_by_cairos_clock(now, at):
    assert last_due("0 9 * * *", now) == at
