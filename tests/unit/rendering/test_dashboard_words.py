"""The words and colours of dashboards and of the archive: both languages say the same, and keys look like their lines."""

import re
from string import Formatter

import pytest

from shared.config.loader import load
from shared.domain.boards import Reach
from shared.domain.report_plans import Form
from shared.rendering import archive_words, dashboard_words
from shared.rendering.archive_words import form_name
from shared.rendering.assets import content
from shared.rendering.chart_colours import THEMES
from shared.rendering.dashboard_words import LAST, REACHES, TITLES, dashboard_title
from shared.rendering.navigation import navigation
from shared.rendering.page_words import page_words

ARABIC = re.compile("[\u0600-\u06ff]")


def fields(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


@pytest.mark.parametrize("words", [dashboard_words, archive_words])
def test_both_languages_have_the_same_words_with_the_same_places_in_them(words):
    assert set(words.EN) == set(words.AR)
    assert [name for name in words.EN if fields(words.EN[name]) != fields(words.AR[name])] == []
    assert [name for name in words.AR if not ARABIC.search(words.AR[name]) and not words.AR[name].startswith("{")] == []


def test_every_dashboard_range_and_form_has_a_name_in_both_languages():
    assert set(load().reporting.dashboards) <= set(TITLES)
    assert set(REACHES) == set(LAST) == set(Reach)
    assert all(form_name(form, "ar") for form in Form)
    assert all(reach in page_words(locale)["unknown range"] for reach in Reach for locale in ("en", "ar"))


def test_a_dashboard_without_a_title_reads_as_it_is_named():
    assert dashboard_title("spare_parts", "en") == "Spare parts"


@pytest.mark.parametrize(("theme", "place"), [("light", 0), ("dark", 1), ("print", 2)])
def test_the_keys_of_a_chart_have_the_colours_of_its_lines(theme, place):
    block = re.findall(r":root\{([^}]*)\}", content("dashboard.css").decode())[place]
    declared = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6})", block))
    wanted = ("first", "second", "third", "typical", "slow", "slowest", "before", "ghost", "release")
    assert {name: declared[name] for name in wanted} == {name: THEMES[theme][name] for name in wanted}


def test_one_is_somewhere_on_a_page_and_on_those_below_it():
    ways = navigation(("executive",), "/incidents/INC-1", "en")
    assert [(way.title, way.is_here) for way in ways] == [
        ("Incidents", True),
        ("Executive", False),
        ("Reports", False),
        ("Maintenance", False),
    ]
    assert not any(way.is_here for way in navigation((), "/incidents-of-yesterday", "en"))
