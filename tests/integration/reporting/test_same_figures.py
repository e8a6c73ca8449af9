"""One report says the same figures in every form and language, and they are what a direct query says."""

import re
from html import unescape
from io import BytesIO

import pytest
from pptx import Presentation

from shared.domain.chart_data import ChartKind
from shared.domain.periods import PeriodKind, period_named
from shared.domain.report_plans import ChartPlan, Form, ReportPlan, SectionPlan
from shared.domain.reports import Edition
from shared.rendering.report_message import report_text
from shared.usecases.compose_report import compose, gather
from shared.usecases.report_making import rendered, shown_in
from tests.integration.reporting.newsroom import NINE, Newsroom
from tests.unit.rendering.pdf_reading import Pdf

PLAN = ReportPlan(
    "performance_report",
    PeriodKind.DAY,
    "0 9 * * *",
    (Form.PDF, Form.HTML, Form.SLIDES),
    ("team:engineering",),
    ("error_rate", "api_response_average"),
    (
        SectionPlan("overview", ("error_rate", "api_response_average")),
        SectionPlan("errors", charts=(ChartPlan("errors", ChartKind.LINE, ("error_rate",)),)),
    ),
)
INVISIBLE = re.compile("[\u200b\u200e\u200f\u202b\u202c\u2060\u2066-\u2069]")
DIRECT = (
    "SELECT SUM(IF(metric = 'error_rate', bad, 0)) AS bad, SUM(IF(metric = 'error_rate', count, 0)) AS requests,"
    " SUM(IF(metric = 'api_response_time', sum, 0)) AS seconds, SUM(IF(metric = 'api_response_time', count, 0)) AS timed"
    " FROM soukmon.metric_points"
    " WHERE minute >= TIMESTAMP '2026-11-28 22:00:00+00:00' AND minute < TIMESTAMP '2026-11-29 22:00:00+00:00'"
)


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    return Newsroom.of(tmp_path_factory.mktemp("room"), PLAN)


@pytest.fixture(scope="module")
def report(room):
    ports = {"config": room.config, "store": room.store, "warehouse": room.warehouse}
    return compose(gather(PLAN, period_named("2026-11-29"), now=NINE, **ports), Edition.FINAL)


def plain(text):
    return " ".join(INVISIBLE.sub("", text).replace("\u00a0", " ").split())


def of_pdf(data):
    return Pdf(data).text


def of_html(data):
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", data.decode(), flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", page))


def of_slides(data):
    def texts(shape):
        if shape.has_text_frame:
            yield shape.text_frame.text
        if shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)

    deck = Presentation(BytesIO(data))
    return " ".join(text for slide in deck.slides for shape in slide.shapes for text in texts(shape))


READ = {Form.PDF: of_pdf, Form.HTML: of_html, Form.SLIDES: of_slides}


def test_the_figures_are_those_of_a_direct_query(room, report):
    [row] = room.warehouse.inner.run(DIRECT, {}).rows
    errors, average = 100 * row["bad"] / row["requests"], row["seconds"] / row["timed"]
    assert [one.value for one in report.headline] == [pytest.approx(errors), pytest.approx(average)]
    assert errors == pytest.approx(0.6)


@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("form", [*Form])
def test_every_form_shows_the_same_figures_as_the_message(room, report, locale, form):
    shown = shown_in(report, locale, room.config)
    told = plain(" ".join(report_text(shown, {"pdf": "x"}, until=NINE).lines))
    read = plain(READ[form](rendered(form, shown)))
    for row in shown.headline:
        assert plain(row.value) in read
        assert plain(row.value) in told
        assert plain(row.change) in read
