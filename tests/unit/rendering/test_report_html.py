"""A report as one file: it needs nothing, allows nothing but itself, and says in both languages what the report says."""

import hashlib
import json
import re
from base64 import b64encode
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from shared.domain.chart_data import Mark, MarkKind
from shared.domain.figures import Gap
from shared.domain.reports import Edition, Section
from shared.rendering import chart_specs
from shared.rendering.report_drawings import drawing
from shared.rendering.report_html import html
from shared.rendering.report_view import view
from tests.unit import report_samples as samples

EVIL = "</script></style><img src=x onerror=alert(1)>\u2028<!--<script>\u202e' + alert(2) + '"
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """What a browser would make of it: elements with their attributes, raw texts of scripts and styles, texts."""

    def __init__(self, data):
        super().__init__(convert_charrefs=True)
        self.elements, self.raw, self.texts, self._inside = [], [], [], []
        self.feed(data.decode())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in {"script", "style"}:
            self.raw.append((tag, dict(attrs), ""))
        if tag not in VOID:
            self._inside.append(tag)

    def handle_endtag(self, tag):
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data):
        if self._inside and self._inside[-1] in {"script", "style"}:
            tag, attrs, before = self.raw[-1]
            self.raw[-1] = (tag, attrs, before + data)
        else:
            self.texts.append(data)

    @property
    def text(self):
        return " ".join("".join(self.texts).split())

    @property
    def policy(self):
        (found,) = [a["content"] for _, a in self.elements if a.get("http-equiv") == "Content-Security-Policy"]
        return dict(part.strip().split(" ", 1) for part in found.split(";"))

    @property
    def specs(self):
        (found,) = [text for _, attrs, text in self.raw if attrs.get("type") == "application/json"]
        return json.loads(found)


@pytest.fixture(scope="module", params=["en", "ar"])
def locale(request):
    return request.param


@pytest.fixture(scope="module")
def shown(locale):
    return view(samples.report(), locale)


@pytest.fixture(scope="module")
def page(shown):
    return Page(html(shown))


def test_it_asks_nobody_for_anything(page):
    loads = [(tag, a) for tag, a in page.elements if {"src", "srcset", "data", "poster", "action"} & set(a)]
    links = [a["href"] for _, a in page.elements if "href" in a]
    assert (loads, [one for one in links if not one.startswith("#")]) == ([], [])
    styles = "".join(text for tag, _, text in page.raw if tag == "style")
    assert re.findall(r"url\(|@import|@font-face", styles) == []


def test_its_policy_allows_its_own_style_and_scripts_by_their_hashes_and_nothing_else(page):
    def hashed(kind):
        texts = [text for tag, attrs, text in page.raw if tag == kind and "type" not in attrs]
        return [f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts]

    assert page.policy == {
        "default-src": "'none'",
        "script-src": " ".join(hashed("script")),
        "style-src": " ".join(hashed("style")),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert [a for _, a in page.elements if "style" in a or any(name.startswith("on") for name in a)] == []


def test_it_says_everything_the_report_says(page, shown):
    figures = [*shown.headline, *(figure for section in shown.sections for figure in section.figures)]
    told = [
        shown.title,
        shown.period,
        shown.edition,
        shown.edition_note,
        shown.made_at,
        shown.compared,
        *shown.highlights,
    ]
    told += [text for one in figures for text in (one.name, one.value, one.target, one.state, one.change)]
    for section in shown.sections:
        told += [section.heading, *section.sentences, *section.notes, *section.sources]
        told += [
            text for chart in section.charts for text in ((chart.gap,) if chart.gap else (chart.title, chart.caption))
        ]
        told += [cell for table in section.tables for row in (table.columns, *table.rows) for cell in row]
        told += [line for passage in (section.written.passages if section.written else ()) for line in passage.lines]
    assert [one for one in told if " ".join(one.split()) not in page.text] == []


def test_it_reads_in_the_direction_of_its_language(page, locale):
    (root,) = [attrs for tag, attrs in page.elements if tag == "html"]
    assert root == {"lang": locale, "dir": "rtl" if locale == "ar" else "ltr"}


def test_every_chart_is_still_in_it_alive_in_it_and_a_table_in_it(page, shown, locale):
    drawn = [chart for section in shown.sections for chart in section.charts if not chart.gap]
    assert page.specs == json.loads(json.dumps([chart_specs.live(one.chart, locale) for one in drawn]))
    assert [tag for tag, _ in page.elements].count("svg") == len(drawn) == 4
    assert [a.get("class") for _, a in page.elements].count("plot") == 4
    labels = [a["aria-label"] for _, a in page.elements if a.get("class") == "still"]
    assert labels == [one.alt for one in drawn]
    for one in drawn:
        table = drawing(one, locale).table
        assert len(table.rows) == len(table.order) == len(one.chart.ranks or one.chart.lines[0].points)
        assert [cell for row in table.rows[:20] for cell in row if " ".join(cell.split()) not in page.text] == []


def test_the_sections_are_reached_from_the_contents(page, shown):
    names = {attrs["id"] for _, attrs in page.elements if "id" in attrs}
    links = [attrs["href"][1:] for tag, attrs in page.elements if tag == "a"]
    assert set(links) <= names
    assert links.count("headline") == 1
    assert [f"s{number}" for number, _ in enumerate(shown.sections, 1)] == [
        one for one in links if one[0] == "s" and one[1:].isdigit()
    ]


def test_keys_switch_the_lines_they_name():
    legend = drawing(view(samples.report(), "en").sections[1].charts[0], "en").legend
    assert [(one.key.text, one.lines) for one in legend] == [
        ("Error rate", (0,)),
        ("period before", (1,)),
        ("critical incident", ()),
        ("release", ()),
    ]


def test_cells_are_sorted_by_what_they_stand_for_and_not_by_how_it_reads(locale):
    table = view(samples.report(), locale).sections[1].tables[0]
    column = [row[4] for row in table.order]  # how long they lasted: 0, 5 and 10 minutes
    assert column == [0.0, 300.0, 600.0]
    assert [row[7] for row in table.order] == [None, 12, 12]


def test_the_same_report_makes_the_same_file(shown):
    assert html(shown) == html(shown)


@pytest.mark.parametrize(("edition", "mark"), [(Edition.PROVISIONAL, "provisional"), (Edition.FINAL, "final")])
def test_E82_it_says_which_edition_it_is(edition, mark):
    found = Page(html(view(samples.report(edition), "en")))
    assert [a["class"] for _, a in found.elements if a.get("class", "").startswith("edition")] == [f"edition {mark}"]


def test_E83_a_report_of_nothing_but_gaps_is_a_page_that_says_so():
    sections = (
        Section("errors", charts=(samples.empty_chart(gap=Gap.FAILED),), gap=Gap.FAILED),
        Section("roadmap", is_written=True),
    )
    shown = view(samples.report(sections=sections), "en")
    found = Page(html(shown))
    assert found.specs == []
    assert shown.sections[0].charts[0].gap in found.text
    assert shown.sections[0].notes[0] in found.text


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_E47_texts_from_outside_stay_texts_wherever_they_stand(locale):
    chart = samples.line_chart()
    marks = (
        Mark(MarkKind.RELEASE, chart.span.since, text=EVIL),
        Mark(MarkKind.INCIDENT, chart.span.since, text=EVIL, severity="critical"),
    )
    ranked = samples.ranked_chart()
    ranked = replace(ranked, ranks=tuple(replace(rank, name=EVIL) for rank in ranked.ranks))
    written = replace(samples.written(), by=EVIL, texts={"en": EVIL, "ar": EVIL})
    incidents = samples.incidents_table()
    incidents = replace(incidents, rows=tuple((EVIL, EVIL, *row[2:]) for row in incidents.rows))
    sections = (
        Section(
            "errors",
            charts=(replace(chart, marks=marks), ranked),
            tables=(incidents,),
            written=written,
            is_written=True,
        ),
    )
    data = html(view(samples.report(sections=sections), locale))
    found = Page(data)
    tags = {tag for tag, _ in found.elements}
    assert (len(found.raw), "img" in tags) == (4, False)  # one style, the data, and two scripts
    assert any("onerror" in row.get("text", "") for row in found.specs[0]["datasets"]["incidents"])
    assert "\u202e" not in json.dumps(found.specs, ensure_ascii=False)
    (island,) = [text for _, attrs, text in found.raw if attrs.get("type") == "application/json"]
    assert not set(island) & set("<>&\u2028\u2029")
