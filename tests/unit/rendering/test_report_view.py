"""M6: a report in words. Every figure, finding, gap and table reads in English and in Arabic, and never says more."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from shared.domain.changes import UNDONE
from shared.domain.figures import Gap, Standing, Trend
from shared.domain.incidents import State
from shared.domain.periods import PeriodKind, day_of, last_period, period_named
from shared.domain.report_plans import Part
from shared.domain.reports import Amount, Edition, Finding, Section, Table
from shared.domain.rules import Unit
from shared.domain.severities import Severity
from shared.rendering import report_names as names
from shared.rendering import report_sentences, report_words
from shared.rendering.chart_tables import alt
from shared.rendering.escaping import END_ISOLATE, ISOLATE
from shared.rendering.report_cells import table_view
from shared.rendering.report_figures import figure_row
from shared.rendering.report_sentences import sentence_words
from shared.rendering.report_times import period_words
from shared.rendering.report_view import view
from shared.rendering.report_written import Passage, passages
from tests.unit.report_samples import (
    CONFIG,
    DAY,
    FACTS,
    MADE_AT,
    empty_chart,
    figure,
    line_chart,
    ranked_chart,
    report,
    sentence,
)

LOCALES = ("en", "ar")
NAMES = {
    name: found for name, found in vars(names).items() if name.isupper() and isinstance(found, dict)
}  # TITLES, SECTIONS, ...


def plain(text):
    return re.sub(f"[{ISOLATE}{END_ISOLATE}]", "", text).replace("\u00a0", " ")


def said(finding, locale="en", **changes):
    return plain(sentence_words(sentence(finding, **changes), CONFIG.metrics, locale))


def test_every_word_is_there_in_both_languages():
    assert set(report_words.EN) == set(report_words.AR)
    assert set(report_sentences.EN) == set(report_sentences.AR)
    assert all([*report_words.EN.values(), *report_words.AR.values()])
    assert all(english and arabic for found in NAMES.values() for english, arabic in found.values())


def test_everything_that_the_reports_declare_has_words():
    plans = CONFIG.reporting.reports.values()
    assert {plan.name for plan in plans} <= set(names.TITLES)
    assert {section.name for plan in plans for section in plan.sections} <= set(names.SECTIONS)
    assert {str(part) for part in Part} <= set(names.TABLES)
    assert set(CONFIG.reporting.objectives) <= set(names.OBJECTIVES)
    assert {*CONFIG.sources, "incidents", "jobs"} <= set(names.SOURCES)


def test_every_state_that_a_cell_may_hold_has_words():
    assert set(names.EDITIONS) == set(Edition)
    assert set(names.STANDINGS) == set(Standing)
    assert set(names.TRENDS) == set(Trend)
    assert set(names.GAPS) == set(Gap)
    assert set(names.STATES) == set(State)
    assert set(names.SEVERITIES) == set(Severity)
    assert set(names.CHANGES) == set(UNDONE)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("finding", Finding)
def test_every_finding_is_a_whole_sentence_in_both_languages(finding, locale):
    text = said(finding, locale)
    assert text.endswith(".")
    assert "{" not in text
    assert set(FACTS) == set(Finding)
    if locale == "ar":
        assert not re.search("[A-Za-z]", re.sub("orders-api, web", "", text))


@pytest.mark.parametrize(
    ("finding", "changes", "english", "arabic"),
    [
        (Finding.MOVED, {}, "Revenue rose by 12.4 %, from 1,098,000 EGP to 1,234,000 EGP.", "الإيرادات: ارتفاع بمقدار 12.4%، من 1,098,000 ج.م إلى 1,234,000 ج.م."),
        (Finding.MOVED, {"value": 9.9e6, "before": 11e6, "change": -10.0}, "Revenue fell by 10 %, from 11,000,000 EGP to 9,900,000 EGP.", "الإيرادات: انخفاض بمقدار 10%، من 11,000,000 ج.م إلى 9,900,000 ج.م."),
        (Finding.MOVED, {"metric": "uptime", "value": 99.2, "before": 99.9, "change": -0.7}, "Uptime fell by 0.7 points, from 99.9 % to 99.2 %.", "نسبة التوفر: انخفاض بمقدار 0.7 نقطة مئوية، من 99.9% إلى 99.2%."),
        (Finding.MOVED, {"metric": "uptime", "value": 99.7289, "before": 99.6793, "change": 0.0496}, "Uptime rose by 0.0496 points, from 99.68 % to 99.73 %.", "نسبة التوفر: ارتفاع بمقدار 0.0496 نقطة مئوية، من 99.68% إلى 99.73%."),
        (Finding.MOVED, {"change": None, "before": 0.0}, "Revenue went from 0 EGP to 1,234,000 EGP.", "الإيرادات: من 0 ج.م إلى 1,234,000 ج.م."),
        (Finding.MOVED, {"change": 0.0}, "Revenue did not change: 1,234,000 EGP.", "الإيرادات: بلا تغير، 1,234,000 ج.م."),
        (Finding.MISSED, {}, "First contentful paint missed its target: 1.62 s, and at most 1.5 s is promised.", "زمن أول ظهور للمحتوى: لم يتحقق المستهدف، القيمة 1.62 ث والمتعهد به 1.5 ث على الأكثر."),
        (Finding.MISSED, {"metric": "uptime", "value": 99.499, "target": 99.5}, "Uptime missed its target: 99.499 %, and at least 99.5 % is promised.", "نسبة التوفر: لم يتحقق المستهدف، القيمة 99.499% والمتعهد به 99.5% على الأقل."),
        (Finding.ALL_MET, {"count": 1}, "The one target was met.", "تحقق المستهدف الوحيد."),
        (Finding.INCIDENTS, {"count": 1, "critical": 0, "high": 0, "longest": 40.0}, "There was 1 incident; it lasted under 1 min.", "وقع بلاغ واحد؛ مدته أقل من دقيقة."),
        (Finding.INCIDENTS, {"longest": None, "critical": 0}, "There were 3 incidents, 2 high.", "عدد البلاغات 3، منها مرتفع: 2."),
        (Finding.LOST, {"orders": 1, "revenue": None}, "Incidents cost an estimated 1 order.", "ما كلفته البلاغات تقديرًا: طلب واحد مفقود."),
        (Finding.LOST, {"orders": None}, "Incidents cost an estimated 34,000 EGP.", "ما كلفته البلاغات تقديرًا: 34,000 ج.م."),
        (Finding.LOST, {"revenue": None, "unknown": 2}, "Incidents cost an estimated 12 orders; of 2 more it is not known.", "ما كلفته البلاغات تقديرًا: طلبات مفقودة 12؛ وغير المعروف أثره منها: 2."),
        (Finding.SECURITY, {}, "There were 2 security incidents, 2 high; the longest lasted 2 h 5 min.", "عدد البلاغات الأمنية 2، منها مرتفع: 2؛ مدة أطولها ساعتان و5 دقائق."),
        (Finding.SECURITY, {"count": 1, "high": 0, "longest": 600.0}, "There was 1 security incident; it lasted 10 min.", "وقع بلاغ أمني واحد؛ مدته 10 دقائق."),
        (Finding.SECURITY, {"count": 0, "high": 0, "longest": None}, "There were no security incidents.", "لم تقع أي بلاغات أمنية."),
        (Finding.LOST, {"orders": None, "revenue": None}, "What the incidents cost is not known.", "ما كلفته البلاغات غير معروف."),
        (Finding.BUDGET, {"left": -14.0}, "Uptime: the error budget is used up, and overspent by 14 %.", "التوفر: نفد رصيد الأخطاء، والتجاوز 14%."),
        (Finding.RELEASES, {"count": 0, "services": ""}, "There were no releases.", "لم تصدر أي إصدارات برمجية."),
        (Finding.RELEASES, {"count": 1, "services": "web"}, "There was 1 release: web.", "صدر إصدار برمجي واحد: web."),
        (Finding.MAINTENANCE, {}, "Maintenance jobs: 9; failed: 1; with warnings: 2; not looked at: 1; not run yet: 1.", "مهام الصيانة: 9؛ فشلت: 1؛ مع تنبيهات: 2؛ لم تُفحص: 1؛ لم تُنفَّذ بعد: 1."),
        (Finding.MAINTENANCE, {"failed": 0, "warned": 0, "skipped": 0, "not_run": 0}, "All 9 maintenance jobs passed.", "نجحت كل مهام الصيانة وعددها 9."),
        (Finding.GAP, {"gap": Gap.NO_SOURCE}, "User satisfaction: no source configured.", "رضا المستخدمين: لا يوجد مصدر مُعد."),
        (Finding.LEADS, {"name": "Al Qalyubia Governorate"}, "Qalyubia leads: 41.2 % of order volume.", "القليوبية في الصدارة: 41.2% من عدد الطلبات."),
        (Finding.FORECAST, {"low": 7.9e6, "value": 12e6, "high": 16e6}, "Revenue over the next 30 days: 12 M EGP expected, with a probability of 80 % between 7.9 M EGP and 16 M EGP.", "الإيرادات خلال الأيام القادمة وعددها 30: المتوقع 12 مليون ج.م، وباحتمال 80% بين 7.9 مليون ج.م و16 مليون ج.م."),
    ],
)  # fmt: skip
def test_a_sentence_says_what_its_facts_say(finding, changes, english, arabic):
    assert said(finding, **changes) == english
    assert said(finding, "ar", **changes) == arabic


@pytest.mark.parametrize(
    ("facts", "english"),
    [
        ({"value": 99.499, "target": 99.5, "unit": "percent", "at_least": True}, "Uptime missed its target: 99.499 %, and at least 99.5 % is promised."),
        ({"value": 660.0, "target": 600.0, "unit": "s", "at_least": False}, "Uptime missed its target: 11 min, and at most 10 min is promised."),
    ],
)  # fmt: skip
def test_a_missed_target_that_the_report_has_no_figure_of_reads_the_same(facts, english):
    told = sentence(Finding.MISSED, metric="uptime", **facts)
    assert plain(sentence_words(told, {}, "en")) == english


@pytest.mark.parametrize(
    ("period", "english", "arabic"),
    [
        (DAY, "Sunday 29 November 2026", "الأحد 29 نوفمبر 2026"),
        (period_named("2026-11-23-to-2026-11-29"), "23 to 29 November 2026", "من 23 إلى 29 نوفمبر 2026"),
        (period_named("2026-11-30-to-2026-12-06"), "30 November to 6 December 2026", "من 30 نوفمبر إلى 6 ديسمبر 2026"),
        (period_named("2026-12-28-to-2027-01-03"), "28 December 2026 to 3 January 2027", "من 28 ديسمبر 2026 إلى 3 يناير 2027"),
        (last_period(PeriodKind.MONTH, MADE_AT), "October 2026", "أكتوبر 2026"),
        (day_of(date(2026, 4, 24)), "Friday 24 April 2026", "الجمعة 24 أبريل 2026"),  # its midnight does not exist
    ],
)  # fmt: skip
def test_a_period_is_named_as_people_name_it(period, english, arabic):
    assert period_words(period, "en") == english
    assert period_words(period, "ar") == arabic


@pytest.mark.parametrize(
    ("one", "value", "target", "change"),
    [
        (figure("first_contentful_paint", 1_620.0, 1_480.0), "1.62 s", "at most 1.5 s", "+9.46 %, worse"),
        (figure("first_contentful_paint", 980.0, 990.0), "980 ms", "at most 1,500 ms", "\u22121.01 %, better"),
        (figure("error_rate", 1.0, 1.3), "1 %", "at most 1 %", "\u22120.3 points, better"),
        (figure("error_rate", 1.0004, 1.0004), "1.0004 %", "at most 1 %", "no change"),
        (figure("uptime", 99.97, 99.9), "99.97 %", "at least 99.5 %", "+0.07 points, better"),
        (figure("revenue", 500.0), "500 EGP", "no target", "nothing to compare with"),
        (figure("user_satisfaction", gap=Gap.NO_DATA), "nothing was measured", "at least 95 %", ""),
        (figure("bundle_size", 762_000.0, 700_000.0), "762 KB", "at most 750 KB", "+8.86 %, worse"),
        (figure("alert_response_time", 40.0), "40 s", "at most 10 min", "nothing to compare with"),
    ],
)
def test_a_figure_stands_beside_its_target_and_its_change(one, value, target, change):
    row = figure_row(one, "en")
    assert (plain(row.value), plain(row.target), plain(row.change)) == (value, target, change)


def test_a_late_figure_says_until_when_it_is_complete_and_a_whole_one_that_it_is():
    late = figure("revenue", 5.0, gap=Gap.LATE, until=DAY.end - timedelta(hours=6))
    assert figure_row(late, "en").source == "Google Analytics, complete until 29 Nov 18:00"
    assert figure_row(late, "en").gap == "not complete yet"
    assert figure_row(figure("revenue", 5.0), "en").source == "Google Analytics, complete"
    assert figure_row(figure("revenue", 5.0), "ar").gap == ""


def test_a_provisional_edition_says_which_sources_are_late_and_when_the_final_one_follows():
    by = datetime(2026, 12, 2, 22, 0, tzinfo=UTC)
    shown = view(report(), "en", final_by=by)
    assert shown.is_provisional
    assert shown.edition_note == (
        "Provisional, because not everything has arrived. Google Analytics: complete until 29 Nov 18:00;"
        " Measurements of pipelines and the app: nothing has arrived yet."
        " The final edition follows when it has, by Thursday 3 December 2026, 00:00 Cairo time at the latest."
    )
    assert "مكتملة حتى 29 نوفمبر 18:00" in view(report(), "ar").edition_note


def test_a_final_edition_says_whether_everything_had_arrived():
    whole = report(Edition.FINAL, sections=(Section("sales", figures=(figure("revenue", 5.0),)),))
    assert view(whole, "en").edition_note == "Everything had arrived when it was made."
    assert view(report(Edition.FINAL), "en").edition_note.startswith("Made with what had arrived. Google Analytics:")


def test_what_nobody_has_written_yet_is_asked_for_by_its_name():
    plan = next(one for one in CONFIG.reporting.reports["business_intelligence"].sections if one.name == "competition")
    unwritten = report(name="business_intelligence", sections=(Section(plan.name, is_written=True),))
    assert view(unwritten, "en").sections[0].notes == (
        "Nobody has written this yet: add competitive_analysis to written.yaml.",
    )


def test_what_the_team_wrote_is_paragraphs_and_lists_without_any_markup():
    text = "One\ntwo.\n\n- a\n- b\n  and c\nThen *this* <i>too</i>.\n"
    assert tuple(passages(text)) == (
        Passage(is_list=False, lines=("One two.",)),
        Passage(is_list=True, lines=("a", "b and c")),
        Passage(is_list=False, lines=("Then *this* <i>too</i>.",)),
    )


def test_a_table_s_cells_are_words_with_units_and_texts_from_outside_stay_on_a_line():
    opened = DAY.start + timedelta(hours=9)
    columns = ("title", "severity", "opened", "duration", "count", "revenue", "state", "measure", "slo")
    cells = ("a\nb\u202ec", "critical", opened, timedelta(minutes=125), 1_200, Amount(None, Unit.MONEY), "resolved", "error_rate", "errors")  # fmt: skip
    english = table_view(Table("incidents", columns, (cells,)), "en")
    assert english.rows == (("a bc", "Critical", "29 Nov 09:00", "2 h 5 min", "1,200", "n/a", "Resolved", "Error rate", "Error-free requests"),)  # fmt: skip
    assert english.numeric == (False, False, False, True, True, True, False, False, False)
    arabic = table_view(Table("incidents", columns, (cells,)), "ar")
    assert arabic.rows[0][1:3] == ("حرج", "29 نوفمبر 09:00")


def test_a_value_in_a_table_that_is_not_the_target_never_reads_like_it():
    cells = (Amount(99.4996, Unit.PERCENT, apart_from=99.5), Amount(99.5, Unit.PERCENT))
    shown = table_view(Table("success", ("value", "target"), (cells,)), "en")
    assert [plain(cell) for cell in shown.rows[0]] == ["99.4996 %", "99.5 %"]


def test_a_summary_tells_what_went_wrong_first_and_never_more_than_three_things():
    highlights = view(report(), "en").highlights
    assert len(highlights) == 3
    assert highlights[0].startswith("First contentful paint missed")
    assert highlights[1].startswith("There were 3 incidents")


def test_a_report_that_somebody_adds_reads_as_it_is_named():
    assert names.named("my_own_report", names.TITLES, "en") == "My own report"
    assert names.named("my_own_report", names.TITLES, "ar") == f"{ISOLATE}My own report{END_ISOLATE}"


@pytest.mark.parametrize(
    ("locale", "title", "region"), [("en", "Orders by region", "Cairo"), ("ar", "الطلبات حسب المحافظة", "القاهرة")]
)
def test_a_chart_is_named_and_told_as_the_picture_itself_does(locale, title, region):
    (shown,) = view(report(sections=(Section("market", charts=(ranked_chart(),)),)), locale).sections[0].charts
    assert shown.title == title
    assert shown.alt == alt(ranked_chart(), locale)
    assert f"{region} 512" in shown.alt
    assert shown.gap == ""


def test_a_chart_without_any_value_says_why_nothing_is_drawn():
    known = line_chart()
    unknown = replace(
        known, lines=tuple(replace(one, points=tuple((at, None) for at, _ in one.points)) for one in known.lines)
    )
    section = Section("errors", charts=(known, empty_chart(), unknown))
    assert [one.gap for one in view(report(sections=(section,)), "en").sections[0].charts] == [
        "",
        "Nothing is drawn here: no source configured.",
        "Nothing is drawn here: nothing was measured.",
    ]


def test_regions_in_tables_read_in_the_reader_s_language():
    table = Table("regions", ("region", "count"), (("Giza Governorate", 3), ("Atlantis", 1)))
    assert table_view(table, "en").rows == (("Giza", "3"), ("Atlantis", "1"))
    assert table_view(table, "ar").rows == (("الجيزة", "3"), (f"{ISOLATE}Atlantis{END_ISOLATE}", "1"))


@pytest.mark.parametrize(("more", "english", "arabic"), [(0, "", ""), (1_200, "and 1,200 more", "و1,200 غيرها")])
def test_a_table_says_how_many_rows_it_leaves_out(more, english, arabic):
    table = Table("regions", ("region",), (("Giza",),), more)
    assert (table_view(table, "en").more, table_view(table, "ar").more) == (english, arabic)
