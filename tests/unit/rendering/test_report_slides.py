"""M6: a report as a presentation: native tables and charts with the report's own figures, readable in both languages."""

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE

from shared.domain.chart_data import Chart, ChartKind, Line, Rank, Role
from shared.domain.figures import Gap
from shared.domain.reports import Edition, Finding, Section, Table
from shared.domain.rules import Unit
from shared.rendering.report_slides import slides
from shared.rendering.report_view import view
from shared.rendering.slide_captions import marks_line
from shared.rendering.slide_charts import shown_of, skip_of, workbook
from shared.rendering.slide_formats import axis_of, label_format
from shared.rendering.slide_text import lines_of, plain
from tests.unit.report_samples import (
    DAY,
    MADE_AT,
    MONTH,
    bar_chart,
    empty_chart,
    incidents_table,
    line_chart,
    ranked_chart,
    report,
    sentence,
    success_table,
    written,
)

LOCALES = ("en", "ar")
INVISIBLE = re.compile("[\u200e\u200f\u202b\u202c\u2066-\u2069]")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def bare(text):
    return INVISIBLE.sub("", text)


def opened(shown):
    return Presentation(BytesIO(slides(shown)))


def made(*sections, locale="en", edition=Edition.FINAL, **changes):
    return opened(replace(view(report(edition, sections=sections), locale), **changes))


def titles(deck):
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def charts(deck):
    return [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def tables(deck):
    return [shape for slide in deck.slides for shape in slide.shapes if shape.has_table]


def texts(slide):
    return [bare(shape.text_frame.text) for shape in slide.shapes if shape.has_text_frame]


def cells(shape):
    return [[bare(cell.text_frame.text) for cell in row.cells] for row in shape.table.rows]


def notes(slide):
    return bare(slide.notes_slide.notes_text_frame.text)


def sheet(blob):
    """The cells of a workbook by their names, as a spreadsheet reads them; formulas are marked."""
    with ZipFile(BytesIO(blob)) as book:
        shared = [
            "".join(text.text or "" for text in one.iter(f"{MAIN}t"))
            for one in ET.fromstring(book.read("xl/sharedStrings.xml"))
        ]
        found = {}
        for cell in ET.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(f"{MAIN}c"):
            value = cell.findtext(f"{MAIN}v")
            if cell.find(f"{MAIN}f") is not None:
                found[cell.get("r")] = "a formula"
            elif value is not None:
                found[cell.get("r")] = bare(shared[int(value)]) if cell.get("t") == "s" else float(value)
        return found


@pytest.mark.parametrize("locale", LOCALES)
def test_the_first_slides_say_what_it_is_and_the_figures_that_matter(locale):
    shown = view(report(), locale)
    deck = opened(shown)
    cover, glance = deck.slides[0], deck.slides[1]
    assert bare(cover.shapes.title.text_frame.text) == shown.title
    said = "\n".join(texts(cover))
    assert all(bare(text) in said for text in (shown.period, shown.edition, shown.edition_note, shown.made_at))
    assert bare(glance.shapes.title.text_frame.text) == shown.words["headline"]
    said = "\n".join(texts(glance))
    for row in shown.headline:
        assert all(bare(text) in said for text in (row.name, row.value, row.target, row.state, row.change))
    assert all(bare(text) in said for text in shown.highlights)


def test_a_provisional_report_says_so_on_every_slide_and_a_final_one_on_its_first():
    for slide in opened(view(report(Edition.PROVISIONAL), "en")).slides:
        assert any("Provisional edition" in text for text in texts(slide))
    final = opened(view(report(Edition.FINAL), "en"))
    assert "Final edition" in texts(final.slides[0])
    assert not any("Provisional" in text for slide in final.slides for text in texts(slide))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_slide_has_a_title_a_number_and_notes_with_the_time_it_is_about(locale):
    shown = view(report(), locale)
    deck = opened(shown)
    assert (deck.slide_width / deck.slide_height) == pytest.approx(16 / 9)
    assert all(titles(deck))
    for slide in list(deck.slides)[1:]:
        kinds = [shape.placeholder_format.type for shape in slide.placeholders]
        assert {"SLIDE_NUMBER", "FOOTER"} <= {kind.name for kind in kinds}
        assert bare(shown.period) in notes(slide)
        assert bare(shown.made_at) in notes(slide)


@pytest.mark.parametrize("locale", LOCALES)
def test_figures_are_native_tables_with_the_words_of_every_other_form(locale):
    shown = view(report(), locale)
    section = shown.sections[0]
    (table,) = tables(made(report().sections[0], locale=locale))
    header, *rows = cells(table)
    assert header == [shown.words[name] for name in ("figure", "value", "target", "state", "change", "source")]
    for row, cell in zip(section.figures, rows, strict=True):
        assert cell[0] == bare(row.name)
        assert cell[1].splitlines()[0] == bare(row.value)
        assert cell[2:] == [bare(text) for text in (row.target, row.state, row.change, row.source)]
    late = next(row for row in section.figures if row.metric == "revenue")
    assert rows[3][1].splitlines()[1] == late.gap


def test_the_notes_of_figures_say_their_sources_how_fresh_they_are_and_against_what_they_changed():
    shown = view(report(), "en")
    slide = opened(shown).slides[2]
    assert slide.shapes.title.text_frame.text == "Overview"
    assert all(source in notes(slide) for source in shown.sections[0].sources)
    assert "complete until 29 Nov 18:00" in notes(slide)
    assert shown.compared in notes(slide)


def test_a_line_chart_is_native_and_holds_exactly_the_figures_with_its_gaps_open():
    chart = line_chart()
    (shape,) = charts(made(Section("errors", charts=(chart,))))
    drawn = shape.chart
    assert drawn.chart_type == XL_CHART_TYPE.LINE
    series = list(drawn.plots[0].series)
    assert [one.name for one in series] == ["Error rate", "period before", "target 1\u00a0%"]
    for one, line in zip(series, chart.lines, strict=False):
        assert list(one.values) == [value for _, value in line.points]
    assert series[0].values[33] is None
    assert set(series[2].values) == {1.0}
    space = drawn._chartSpace
    assert space.xpath("string(.//c:dispBlanksAs/@val)") == "gap"
    assert [len(one._element.xpath(".//a:prstDash")) for one in series] == [0, 0, 1]
    assert list(drawn.plots[0].categories)[:2] == ["29 Nov 00:00", "29 Nov 00:15"]
    assert drawn.value_axis.tick_labels.number_format == '#,##0.0"\u00a0%";-#,##0.0"\u00a0%";0"\u00a0%"'


def test_the_workbook_behind_a_chart_has_the_same_figures_and_can_be_edited():
    chart = line_chart()
    (shape,) = charts(made(Section("errors", charts=(chart,))))
    found = sheet(shape.chart.part.chart_workbook.xlsx_part.blob)
    assert [found[name] for name in ("A1", "B1", "C1", "D1")] == [
        "Time (Cairo)",
        "Error rate",
        "period before",
        "target 1\u00a0%",
    ]
    values = [value for _, value in chart.lines[0].points]
    assert [found.get(f"B{n + 2}") for n in range(len(values))] == pytest.approx(values)
    assert found["A2"] == "29 Nov 00:00"
    assert "B35" not in found


def test_a_name_from_outside_is_never_a_formula_or_a_link_in_the_workbook():
    evil = ("=HYPERLINK(1)", "https://evil.example/x")
    chart = replace(ranked_chart(), ranks=tuple(Rank(name, 1.0) for name in evil))
    found = sheet(workbook(shown_of(chart, "en"), MADE_AT))
    assert [found["A2"], found["A3"]] == list(evil)


def test_a_value_between_two_gaps_is_a_dot_or_it_would_not_be_seen():
    start = DAY.start
    values = (1.0, None, 2.0, None, 3.0, 4.0)
    points = tuple((start + n * timedelta(hours=1), value) for n, value in enumerate(values))
    chart = Chart("errors", ChartKind.LINE, Unit.PERCENT, DAY.span, 3_600, (Line("error_rate", points),))
    (shape,) = charts(made(Section("errors", charts=(chart,))))
    dots = shape.chart._chartSpace.xpath(".//c:dPt/c:idx/@val")
    assert [int(dot) for dot in dots] == [0, 2]
    assert not shape.chart.has_legend


def test_of_bars_the_past_and_the_target_are_lines_over_them():
    bars = bar_chart()
    before = replace(bars.lines[0], role=Role.BEFORE)
    (shape,) = charts(made(Section("sales", charts=(replace(bars, lines=(*bars.lines, before), target=50.0),))))
    columns, lines = shape.chart.plots
    assert [one.name for one in columns.series] == ["Order volume"]
    assert [one.name for one in lines.series] == ["period before", "target 50"]
    assert list(columns.series[0].values) == [value for _, value in bars.lines[0].points]
    assert columns._element.xpath("./c:axId/@val") == lines._element.xpath("./c:axId/@val")


@pytest.mark.parametrize("locale", LOCALES)
def test_ranked_bars_have_the_longest_on_top_and_grow_in_the_direction_of_reading(locale):
    chart = ranked_chart()
    (shape,) = charts(made(Section("market", charts=(chart,)), locale=locale))
    drawn = shape.chart
    assert drawn.chart_type == XL_CHART_TYPE.BAR_CLUSTERED
    assert drawn.category_axis.reverse_order
    assert drawn.value_axis.reverse_order is (locale == "ar")
    assert list(drawn.plots[0].series[0].values) == [rank.value for rank in chart.ranks]
    assert list(drawn.plots[0].series[1].values) == [rank.before for rank in chart.ranks]
    assert bare(next(iter(drawn.plots[0].categories))) == {"en": "Cairo", "ar": "القاهرة"}[locale]


def test_many_bars_end_in_one_for_the_others_so_that_each_can_be_read():
    chart = replace(ranked_chart(), ranks=tuple(Rank(f"R{n}", 100.0 - n) for n in range(27)))
    (shape,) = charts(made(Section("market", charts=(chart,))))
    values = list(shape.chart.plots[0].series[0].values)
    assert len(values) == 12
    assert sum(values) == sum(rank.value for rank in chart.ranks)


@pytest.mark.parametrize(
    ("unit", "level", "locale", "written_as"),
    [
        (Unit.COUNT, 40.0, "en", "#,##0"),
        (Unit.MILLISECONDS, 300.0, "en", '#,##0"\u00a0ms"'),
        (Unit.MILLISECONDS, 9_000.0, "en", '#,##0,"\u00a0s"'),
        (Unit.BYTES, 600_000.0, "en", '#,##0,"\u00a0KB"'),
        (Unit.SECONDS, 400.0, "en", '#,##0"\u00a0s"'),  # no format divides by sixty
        (Unit.MONEY, 84e6, "ar", '"\u200f"#,##0,,"\u00a0مليون ج.م"'),
        (Unit.PERCENT, 50.0, "ar", '#,##0"%"'),
    ],
)
def test_the_axis_writes_raw_figures_in_the_unit_that_people_read(unit, level, locale, written_as):
    assert axis_of(line_chart(unit=unit, level=level, target=None), locale).format == written_as


def test_the_axis_of_a_share_ends_at_a_hundred_and_its_first_step_is_a_round_one():
    axis = axis_of(line_chart("availability", "uptime", level=71.0, target=99.9), "en")
    assert (axis.low, axis.high) == (0.0, 100.0)
    near = replace(line_chart(), lines=(Line("uptime", tuple((at, 99.9 + 0.05 * (n % 2)) for n, (at, _) in enumerate(line_chart().lines[0].points))),), target=99.8)  # fmt: skip
    assert axis_of(near, "en").low == pytest.approx(99.75)


def test_the_axis_is_open_above_for_who_edits_unless_a_far_target_would_press_everything_flat():
    assert axis_of(line_chart(target=0.5), "en").high is None
    assert axis_of(line_chart(target=50.0), "en").high == pytest.approx(1.0)


def test_figures_at_the_ends_of_bars_have_no_fewer_digits_than_anywhere_else():
    ranks = (Rank("Cairo", 84.4e6), Rank("Giza", 8.44e6))
    assert label_format(replace(ranked_chart(), unit=Unit.MONEY, ranks=ranks), "en").startswith(
        '#,##0.00,,"\u00a0M EGP"'
    )


@pytest.mark.parametrize(("step", "names", "every"), [(900, 96, 16), (86_400, 30, 7), (3_600, 24, 4), (86_400, 4, 1)])
def test_as_many_names_of_steps_as_have_room(step, names, every):
    assert skip_of(replace(line_chart(), step_seconds=step), ["29 Nov 2026"] * names, 800.0) == every


@pytest.mark.parametrize("locale", LOCALES)
def test_charts_and_tables_say_what_they_show_to_who_cannot_see_them(locale):
    shown = view(report(), locale)
    deck = opened(shown)
    alts = [shape.element.xpath(".//p:cNvPr")[0].get("descr") for shape in charts(deck)]
    drawn = [one for section in shown.sections for one in section.charts if not one.gap]
    assert [bare(alt) for alt in alts] == [bare(one.alt) for one in drawn]
    for shape in tables(deck):
        assert bare(shape.element.xpath(".//p:cNvPr")[0].get("descr")).endswith(bare(shape.table.cell(len(shape.table.rows) - 1, 0).text_frame.text))  # fmt: skip


def test_incidents_and_releases_stand_below_the_chart_with_who_measured_it():
    deck = made(Section("errors", charts=(line_chart(),)))
    (slide,) = [slide for slide in deck.slides if any(shape.has_chart for shape in slide.shapes)]
    caption = texts(slide)[2]
    assert "critical incident INC-0001, 29 Nov 12:30 \u2013 14:00: Checkout fails <b>#1</b>" in caption
    assert "release, 29 Nov 12:00: web 4.2.0" in caption
    assert "29 Nov 2026 · Cairo time · Source: request logs" in caption
    assert "Source: request logs" in notes(slide)
    assert "Errors" in texts(slide)


def test_of_many_incidents_the_first_few_are_named_and_the_others_counted():
    chart = line_chart()
    assert marks_line(replace(chart, marks=chart.marks[:1] * 9), "en").endswith("; and 5 more")


def test_a_late_chart_says_that_it_is_not_complete():
    deck = made(Section("errors", charts=(replace(line_chart(), gap=Gap.LATE),)))
    assert any("Not complete yet" in text for slide in deck.slides for text in texts(slide))


def test_a_section_without_anything_to_draw_still_stands_and_says_why():
    deck = made(Section("satisfaction", charts=(empty_chart(),), gap=Gap.FAILED), Section("roadmap", is_written=True))
    assert titles(deck)[-2:] == ["User satisfaction", "Roadmap"]
    said = "\n".join(texts(deck.slides[-2]))
    assert "A part of this section is missing: could not be read." in said
    assert "Nothing is drawn here: no source configured." in said
    assert "Nobody has written this yet" in "\n".join(texts(deck.slides[-1]))
    assert not charts(deck)


def test_an_empty_table_is_a_line():
    deck = made(Section("errors", tables=(Table("incidents", ("title",), ()),)))
    assert "Incidents: None." in texts(deck.slides[-1])
    assert not tables(deck)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_long_table_goes_on_on_further_slides_with_every_row_once_and_how_many_more_there_are(locale):
    deck = made(Section("errors", tables=(replace(incidents_table(40), more=7),)), locale=locale)
    parts = tables(deck)
    assert len(parts) > 3
    assert [row[0][-9:-1] for part in parts for row in cells(part)[1:]] == [f"INC-{n:04}" for n in range(40)]
    first, *others = titles(deck)[2:]
    named = {"en": ("Incidents", "Incidents, continued"), "ar": ("البلاغات", "البلاغات (تابع)")}[locale]
    assert (first, set(others)) == (named[0], {named[1]})
    assert {"en": "and 7 more", "ar": "و7 غيرها"}[locale] in texts(deck.slides[-1])


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_leaves_its_slide(locale):
    long = replace(written(), texts={"en": "\n\n".join(["A long paragraph " * 30] * 9)})
    sections = (
        *report().sections,
        Section("errors", tables=(incidents_table(40), success_table())),
        Section("roadmap", written=long, is_written=True),
    )
    deck = made(*sections, locale=locale)
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
            if shape.has_table:
                assert shape.top + sum(row.height for row in shape.table.rows) <= slide.placeholders[12].top


def test_a_small_table_stands_below_what_it_belongs_to_with_its_name_above_it():
    deck = made(Section("response", tables=(success_table(),), sentences=(sentence(Finding.BUDGET),)))
    slide = deck.slides[-1]
    assert slide.shapes.title.text_frame.text == "How we respond"
    assert "How well we respond" in texts(slide)
    assert len(tables(deck)) == 1


def test_what_the_team_wrote_is_bullets_and_paragraphs_with_who_and_when():
    deck = made(Section("competition", written=written(), is_written=True))
    said = texts(deck.slides[-1])[1].splitlines()
    assert said[0] == "Written by Nour Hassan, 20 November 2026"
    assert said[1:] == [
        "Two further marketplaces opened in Alexandria.",
        "The first sells used cars only",
        "The second <b>rents</b> them",
    ]
    properties = [p._p.pPr for p in deck.slides[-1].placeholders[1].text_frame.paragraphs]
    assert [p.find(f"{DRAWING}buChar") is not None for p in properties] == [False, False, True, True]


def test_E49_arabic_reads_from_the_right_in_texts_tables_charts_and_notes():
    deck = opened(view(report(), "ar"))
    assert deck.part._element.get("rtl") == "1"
    parts = [slide.element for slide in deck.slides] + [
        slide.notes_slide.notes_text_frame._txBody for slide in deck.slides
    ]
    said = [p for part in parts for p in part.iter(f"{DRAWING}p") if p.find(f"{DRAWING}r") is not None]
    assert said
    assert all(p.find(f"{DRAWING}pPr").get("rtl") == "1" for p in said)
    runs = [run for p in said for run in p.iter(f"{DRAWING}rPr")]
    assert {run.get("lang") for run in runs} == {"ar-EG"}
    assert {run.find(f"{DRAWING}cs").get("typeface") for run in runs} == {"Arial"}
    assert all(shape.table._tbl.tblPr.get("rtl") == "1" for shape in tables(deck))
    for shape in charts(deck):
        fonts = shape.chart._chartSpace.xpath(".//c:txPr//a:defRPr")
        assert fonts
        assert all(font.find(f"{DRAWING}cs").get("typeface") == "Arial" for font in fonts)
        assert set(shape.chart._chartSpace.xpath(".//c:txPr//a:pPr/@rtl")) == {"1"}
    english = opened(view(report(), "en"))
    assert not any(p.get("rtl") == "1" for slide in english.slides for p in slide.element.iter(f"{DRAWING}pPr"))


def test_E49_a_latin_run_keeps_its_order_in_arabic_with_marks_that_powerpoint_knows():
    assert (
        plain("زمن \u2068p95\u2069، \u206812.4%\u2069", "ar")
        == "زمن \u200f\u200ep95\u200e\u200f، \u200f\u200e12.4%\u200e\u200f"
    )
    assert plain("\u2068سوق\u2069", "ar") == "\u200fسوق\u200f"
    assert not any("\u2068" in text for slide in opened(view(report(), "ar")).slides for text in [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame])  # fmt: skip


@pytest.mark.parametrize("locale", LOCALES)
def test_E47_texts_from_outside_are_text_and_hold_nothing_that_xml_cannot(locale):
    evil = "a\x00b\x0bc\u202ed\ud800e\ufffe<b>&amp;</b>"
    sections = (
        replace(report().sections[1], charts=(replace(ranked_chart(), ranks=(Rank(evil, 1.0),)), line_chart())),
    )
    shown = view(report(sections=sections), locale)
    section = replace(shown.sections[0], heading=evil, sentences=(evil,), notes=(evil,), sources=(evil,))
    deck = opened(replace(shown, title=evil, highlights=(evil,), sections=(section,)))
    clean = "abcde<b>&amp;</b>"
    assert deck.core_properties.title.startswith(clean)
    assert bare(deck.slides[0].shapes.title.text_frame.text) == clean
    assert clean in notes(deck.slides[2])
    assert any(clean in text for text in texts(deck.slides[2]))


def test_the_file_says_what_it_is_who_made_it_and_when():
    about = opened(view(report(), "ar")).core_properties
    assert bare(about.title) == "تقرير الأداء، الأحد 29 نوفمبر 2026"
    assert (about.author, about.language) == ("مراقبة سوق السيارات", "ar")
    assert about.created == about.modified
    assert about.created.replace(tzinfo=MADE_AT.tzinfo) == MADE_AT


@pytest.mark.parametrize("locale", LOCALES)
def test_the_same_report_is_the_same_file_and_carries_no_other_date_than_its_own(locale):
    shown = view(report(), locale)
    first = slides(shown)
    assert slides(shown) == first
    with ZipFile(BytesIO(first)) as package:
        assert {info.date_time for info in package.infolist()} == {MADE_AT.timetuple()[:6]}
        books = [name for name in package.namelist() if name.endswith(".xlsx")]
        assert books
        for book in books:
            with ZipFile(BytesIO(package.read(book))) as inner:
                assert b"2026-11-30T07:00:00Z" in inner.read("docProps/core.xml")
                assert {info.date_time[0] for info in inner.infolist()} == {1980}
        assert b'typeface="Calibri"' not in package.read("ppt/theme/theme1.xml")
        assert not any("thumbnail" in name for name in package.namelist())


def test_a_month_by_day_has_its_days_as_categories():
    chart = replace(line_chart(period=MONTH), step_seconds=86_400)
    assert bare(shown_of(chart, "ar").categories[0]) == "1 نوفمبر 2026"


def test_the_room_of_a_text_counts_its_words_and_breaks_one_without_an_end():
    assert lines_of("one two", 18, 400) == 1
    assert lines_of("word " * 40, 18, 400) > 4
    assert lines_of("x" * 400, 18, 400) > 8
