"""M6: a report as a PDF. It says what the view says, in both languages, to eyes, ears and programs."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

import pytest

from shared.domain.figures import Gap
from shared.domain.reports import Edition, Finding, Section, Table
from shared.rendering.report_pdf import pdf
from shared.rendering.report_view import view
from tests.unit.rendering.pdf_reading import UNSEEN, Pdf
from tests.unit.report_samples import MADE_AT, figure, incidents_table, line_chart, report, sentence, written

LOCALES = ("en", "ar")
HOSTILE = (
    '#import "x.typ": * $x^2$ @ref <label> *b* _i_ `raw` \\u{41} // = #panic() \u202e<script>alert(1)</script> [a](b)'
)
VOWEL_MARKS = re.compile("[\u064b-\u0652]")


@lru_cache
def shown(locale):
    return view(report(), locale, final_by=MADE_AT + timedelta(days=2))


@lru_cache
def made(locale):
    return Pdf(pdf(shown(locale)))


def small(*sections, edition=Edition.FINAL, locale="en"):
    return Pdf(pdf(view(report(edition, sections=sections), locale)))


def plain(text):
    """What a text comes to where lines break elsewhere and isolates are not seen."""
    return "".join(UNSEEN.sub("", text).split())


def texts(found):
    """Every text of a view that a reader is to find."""
    yield from (found.title, found.period, found.edition, found.edition_note, found.made_at, found.compared)
    yield from found.highlights
    for row in found.headline:
        yield from (row.name, row.value, row.target, row.state, row.change, row.source)
    for section in found.sections:
        yield from (section.heading, *section.sentences, *section.notes)
        for row in section.figures:
            yield from (row.name, row.value, row.target, row.state, row.change, row.source)
        for table in section.tables:
            yield from (table.title, *table.columns, *(cell for row in table.rows for cell in row))
        yield from (one.gap or one.caption for one in section.charts)
        if section.written:
            yield from (section.written.by, *(line for one in section.written.passages for line in one.lines))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_and_figure_of_the_view_is_read_from_the_file_in_the_order_of_reading(locale):
    found = plain(made(locale).text)
    assert [text for text in texts(shown(locale)) if plain(VOWEL_MARKS.sub("", text)) not in found] == []


def test_letters_are_joined_into_one_that_programs_read_the_wrong_way_round_only_where_they_have_to_be():
    found = small(Section("overview", sentences=tuple(map(sentence, Finding))), locale="ar")
    joined = {letters for letters in found.joined if re.fullmatch("[\u0621-\u064a]+", letters)}
    has_lam_alef = [word for word in found.text.split() if re.search("ل[اأإآ]", word)]
    assert [letters for letters in joined if not any(letters in word for word in has_lam_alef)] == []
    assert joined & {"لا", "لأ"}


@pytest.mark.parametrize("locale", LOCALES)
def test_each_section_has_its_bookmark_and_its_line_in_the_contents(locale):
    headings = [section.heading for section in shown(locale).sections]
    assert made(locale).bookmarks == headings
    contents = made(locale).pages[0]
    places = {heading: re.search(rf"{heading} \.+ (\d+)\n", contents) for heading in headings}
    assert all(heading in made(locale).pages[int(place[1]) - 1] for heading, place in places.items())


@pytest.mark.parametrize(("locale", "words"), [("en", "Page {n} of {all}"), ("ar", "صفحة {n} من {all}")])
def test_every_page_says_which_of_how_many_it_is_and_of_which_report(locale, words):
    pages = made(locale).pages
    assert len(pages) > 3
    for n, page in enumerate(pages, 1):
        assert words.format(n=n, all=len(pages)) in page
        assert shown(locale).title in page


def test_a_report_of_few_pages_needs_no_contents():
    assert "Contents" not in small(Section("errors", figures=(figure("uptime", 99.9, 99.8),))).text


@pytest.mark.parametrize(("locale", "direction"), [("en", ""), ("ar", "/Direction/R2L")])
def test_programs_are_told_what_the_file_is(locale, direction):
    found, view_ = made(locale), shown(locale)
    assert f"/Lang({locale})" in found.catalog
    assert "/DisplayDocTitle true" in found.catalog
    assert direction in found.catalog
    assert f"{view_.title} · {view_.period}</rdf:li>" in found.metadata
    assert view_.words["publisher"] in found.metadata
    assert f"<pdf:Keywords>{view_.id}, " in found.metadata
    assert "<xmp:CreateDate>2026-11-30T07:00:00+00:00</xmp:CreateDate>" in found.metadata


@pytest.mark.parametrize("locale", LOCALES)
def test_it_is_tagged_for_who_hears_it(locale):
    found, view_ = made(locale), shown(locale)
    assert "<pdfuaid:part>1</pdfuaid:part>" in found.metadata
    assert found.pictures == [one.alt for section in view_.sections for one in section.charts if not one.gap]
    tables = [table for section in view_.sections for table in section.tables if table.rows]
    figures = sum(bool(section.figures) for section in view_.sections)
    assert found.tags("TH") == 6 * figures + sum(len(table.columns) for table in tables)
    assert found.tags("H1") == len(view_.sections) + 2  # "at a glance" and the contents


def test_the_same_report_is_the_same_bytes():
    assert pdf(view(report(), "ar", final_by=MADE_AT + timedelta(days=2))) == made("ar").data


@pytest.mark.parametrize("locale", LOCALES)
def test_e82_a_provisional_edition_is_marked_on_every_page_and_says_what_it_waits_for(locale):
    found, view_ = made(locale), shown(locale)
    assert plain(VOWEL_MARKS.sub("", view_.edition_note)) in plain(found.pages[0])
    assert all(view_.edition in page for page in found.pages)
    assert found.data != pdf(view(report(Edition.FINAL), locale))


def test_e83_a_report_of_gaps_alone_stands_and_says_them():
    gaps = tuple(figure(name, gap=gap) for name, gap in (("revenue", Gap.NO_DATA), ("uptime", Gap.FAILED)))
    found = small(
        Section("overview", figures=gaps, sentences=(sentence(Finding.NONE),)),
        Section("errors", gap=Gap.FAILED),
        Section("releases", tables=(Table("releases", ("service", "when"), ()),)),
        Section("roadmap", is_written=True),
    )
    for text in (
        "nothing was measured",
        "could not be read",
        "A part of this section is missing: could not be read.",
        "There is nothing to report.",
        "Nobody has written this yet: add roadmap to written.yaml.",
        "None.",
    ):
        assert text in " ".join(found.text.split())


@pytest.mark.parametrize("locale", LOCALES)
def test_no_text_from_outside_becomes_markup(locale):
    incidents = incidents_table(1)
    row = (*incidents.rows[0][:1], HOSTILE, *incidents.rows[0][2:])
    found = small(Section("errors", tables=(replace(incidents, rows=(row,)),), charts=(line_chart(),)), locale=locale)
    assert plain(HOSTILE.replace("\u202e", "")) in plain(found.text)
    assert "\u202e" not in found.text
    assert "/JavaScript" not in found.data.decode("latin-1")


def test_a_letter_that_the_font_lacks_does_not_cost_the_report():
    chinese = replace(
        incidents_table(1), rows=(("INC-1", "\U0001f525 \u7ed3\u8d26 fails \x00", *incidents_table(1).rows[0][2:]),)
    )
    found = small(Section("errors", tables=(chinese,)))
    assert "fails" in found.text
    assert found.bookmarks == ["Errors"]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_text_that_has_no_place_to_break_stays_in_its_column(locale):
    address = f"https://souk.example/{'a' * 120}"
    incidents = incidents_table(1)
    row = (address, *incidents.rows[0][1:])
    found = small(Section("errors", tables=(replace(incidents, rows=(row,)),)), locale=locale)
    assert address in plain(found.text)
    assert max(line.count("a") for line in found.text.splitlines()) < 40


def test_a_long_table_repeats_its_header_on_each_page_and_tells_what_it_left_out():
    found = small(Section("errors", tables=(replace(incidents_table(60), more=1_240),)))
    with_rows = [page for page in found.pages if "INC-" in page]
    assert len(with_rows) > 1
    assert all("What happened" in page for page in with_rows)
    assert "and 1,240 more" in found.text


@pytest.mark.parametrize("value", [figure("uptime", 99.91, 99.95), figure("uptime", 99.1, 99.0)])
def test_a_state_is_never_told_by_its_colour_alone(value):
    (row,) = view(report(sections=(Section("errors", figures=(value,)),)), "en").sections[0].figures
    assert row.state in small(Section("errors", figures=(value,))).text


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_written_in_one_language_alone_is_heard_in_it_in_both(locale):
    english = replace(written(), texts={"en": written().texts["en"]})
    section = Section("competition", written=english, is_written=True)
    assert small(section, locale=locale).languages == {locale, "en"}


def test_no_font_but_ours_is_ever_used():
    fonts = set(re.findall(r"/FontName/[A-Z]{6}\+(\w+)", made("ar").data.decode("latin-1")))
    assert fonts == {"IBMPlexSansArabic"}
