"""A post-mortem as Markdown and as a page: the record's facts, people's words, and nothing made up."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.post_mortems import Section
from shared.domain.reviews import Month, Review
from shared.domain.tasks import Task, TaskKind
from shared.inbound.post_mortems import edited
from shared.rendering.monthly_review import review_text
from shared.rendering.post_mortem import post_mortem_file, post_mortem_page
from shared.rendering.post_mortem_facts import facts, is_to_be_written, times
from shared.rendering.post_mortem_markdown import END_OF_RECORD, FROM_RECORD, post_mortem_markdown
from shared.rendering.post_mortem_notices import opened_texts, reminder_texts
from shared.rendering.post_mortem_words import AR, EN
from tests.conftest import NIGHT
from tests.unit.story_samples import a_story, an_incident

HOSTILE = '<script>alert(1)</script> <!-- end --> [x](http://evil.example) | # "quoted"'
ACTION = Task("TSK-1", "INC-1", "a test of the cart", TaskKind.ACTION, "mona", NIGHT, NIGHT, "mona")


def with_text(story=None, **sections):
    story = story or a_story()
    return replace(story, post_mortem=replace(story.post_mortem, sections=sections, revision=2))


def test_every_word_is_there_in_both_languages_with_the_same_places():
    assert EN.keys() == AR.keys()
    for name, text in EN.items():
        assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", AR[name])), name


def test_an_empty_section_says_who_is_to_write_it_and_is_not_invented():
    text = post_mortem_markdown(a_story())
    causes = text.split("## Causes")[1].split("## ")[0]
    assert "To be written by Mona Adel." in causes
    assert "A change shortly before: release 4.2 of orders-api" in causes
    well = text.split("## What went well")[1].split("## ")[0]
    assert re.sub(r"<!--.*?-->", "", well).strip() == "_To be written by Mona Adel._"


def test_figures_are_the_records_and_a_section_without_any_is_to_be_written():
    assert facts(a_story(), Section.IMPACT, "en") == ["users hit in the last hour: 132"]
    bare = a_story(an_incident(values={"path": "/orders"}))
    assert facts(bare, Section.IMPACT, "en") == []
    assert is_to_be_written(bare, Section.IMPACT)


def test_times_say_what_is_on_record_and_what_is_not():
    assert dict(times(a_story(), "en")) == {
        "Seen after": "1 min",
        "Somebody told after": "2 min",
        "Taken over after": "10 min",
        "Eased after": "not on record",
        "Ended after": "20 min",
    }


def test_action_items_and_the_reason_for_none_stand_under_actions():
    assert facts(replace(a_story(), tasks=(ACTION,)), Section.ACTIONS, "en") == [
        "open: a test of the cart, Mona Adel, due 10 Mar 02:10 EET (00:10 UTC), TSK-1"
    ]
    story = a_story()
    reasoned = replace(story, post_mortem=replace(story.post_mortem, no_action="the vendor's fault"))
    assert facts(reasoned, Section.ACTIONS, "en") == ["No action, because: the vendor's fault"]
    assert not is_to_be_written(reasoned, Section.ACTIONS)


TEXT = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Cs"]), max_size=40), max_size=5
)
PLAIN = TEXT.map("\n".join).map(str.strip).filter(lambda t: not re.search(r"^\s*(##? |<!--)", t, re.MULTILINE))


@given(st.dictionaries(st.sampled_from(sorted(Section)), PLAIN.filter(bool)), st.sampled_from(["en", "ar"]))
def test_what_people_wrote_is_read_back_as_it_was_in_either_language(sections, locale):
    story = with_text(**sections)
    found = edited(post_mortem_markdown(story, locale))
    assert (found.incident, found.base) == (story.incident.id, 2)
    assert {name: text for name, text in found.sections.items() if text} == sections


def test_texts_from_outside_can_neither_end_the_marked_part_nor_become_markup():
    hostile = a_story(an_incident(title=HOSTILE, service=HOSTILE))
    text = post_mortem_markdown(hostile)
    marks = [line for line in text.splitlines() if line in {FROM_RECORD, END_OF_RECORD}]
    assert marks == [FROM_RECORD, END_OF_RECORD] * (len(marks) // 2)
    assert len(re.findall(r"(?<!\\)<!--", text)) == text.count("<!--") == len(marks) + 1
    assert "<script>" not in text
    assert "[x](" not in text
    assert "http://" not in text
    assert all(not section for section in edited(text).sections.values())


FRAME = {"reader": "Mona Adel", "token": "t0ken", "said": "", "signs_out": True, "turned": "?lang=ar", "pages": ()}


def pages(story, locale="en"):
    """The page for somebody who may write, and the file."""
    return post_mortem_page(story, FRAME, may_write=True, locale=locale) + post_mortem_file(story, locale=locale)


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_the_page_escapes_what_came_from_outside_and_what_people_wrote(locale):
    page = pages(with_text(a_story(an_incident(title=HOSTILE)), causes=HOSTILE), locale)
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert 'href="http://evil.example' not in page
    assert f'<html lang="{locale}" dir="{"rtl" if locale == "ar" else "ltr"}">' in page
    assert "@media print" in page


def test_lists_and_headings_that_people_wrote_are_shown_as_such():
    page = pages(with_text(causes="### First\n- a null\n- no test\n\nThen silence."))
    assert '<h3 dir="auto">First</h3>' in page
    assert '<li dir="auto">no test</li>' in page
    assert '<p dir="auto">Then silence.</p>' in page


def test_an_arabic_page_has_no_english_word_of_ours():
    page = pages(a_story(), "ar")
    for name, text in EN.items():
        if len(text) > 5 and "{" not in text:
            assert text not in page, name
    assert "تقرير ما بعد البلاغ" in page


def test_forms_are_there_for_who_may_write_and_hold_what_was_written():
    story = with_text(causes="A null </textarea> in the cart.")
    page = post_mortem_page(story, FRAME, may_write=True)
    assert page.count('name="token" value="t0ken"') == len(Section) + 2  # each section, the end, and signing out
    assert "A null &lt;/textarea&gt; in the cart.</textarea>" in page
    assert page.count('name="base" value="2"') == len(Section)
    assert "<textarea" not in post_mortem_page(story, FRAME, may_write=False) + post_mortem_file(story)


def test_standing_is_told_draft_overdue_completed_or_not_opened():
    story = a_story()
    assert "Draft, due 11 Mar 02:10 EET" in pages(story)
    late = replace(story, now=NIGHT + timedelta(days=3))
    assert "Overdue since 11 Mar 02:10 EET" in pages(late)
    done = replace(story, post_mortem=replace(story.post_mortem, completed_at=NIGHT, completed_by="mona"))
    assert "Completed by Mona Adel, 10 Mar 02:10 EET" in pages(done)
    assert "Not opened yet" in pages(replace(story, is_kept=False))


def test_notices_name_the_incident_and_how_to_go_on_in_both_languages():
    mortem = a_story().post_mortem
    assert opened_texts(mortem)["en"].title == f"Post-mortem of {mortem.incident}: the draft is yours"
    late = reminder_texts(mortem, mortem.due_at + timedelta(hours=5))
    assert late["en"].lines[0] == "5 h late"
    assert "متأخر" in late["ar"].title
    assert any("--complete --by mona" in line for line in late["ar"].lines)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: "", "line 1: the mark of a post-mortem is missing"),
        (lambda t: t.partition("\n")[2], "line 1: the mark of a post-mortem is missing"),
        (lambda t: t.replace("# Post-mortem", "Lost words\n# Post-mortem", 1), "'Lost words' stands outside"),
        (lambda t: t.replace("## Time line\n", "## Time line\nlost\n"), "'lost' stands outside"),
        (lambda t: t.replace(END_OF_RECORD, "", 1), "is one too many"),
        (lambda t: t.rpartition(END_OF_RECORD)[0], "<!-- end --> is missing"),
        (lambda t: t + "x" * 1_000_000, "longer than a million"),
    ],
)
def test_a_file_in_which_words_would_be_lost_is_refused_with_its_line(change, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        edited(change(post_mortem_markdown(a_story())))


def test_the_review_lists_what_is_left_without_a_title():
    incident, mortem = an_incident(), a_story().post_mortem
    late = replace(mortem, due_at=NIGHT)
    review = Review(
        Month(2026, 3), ((incident, late), (an_incident(id="INC-2"), None)), (late,), (ACTION,), (("crash_velocity", 4),),
        NIGHT + timedelta(days=1),
    )  # fmt: skip
    text = review_text(review, {"mona": "Mona Adel"})
    assert text.title == "Incidents of 2026-03: the review"
    assert "• CRITICAL INC-2, orders-api, 20 min, no post-mortem" in text.lines
    assert f"• {incident.id}, Mona Adel, 24 h late" in text.lines
    assert "• crash_velocity: 4 incidents" in text.lines
    assert "Checkout" not in str(text)
    assert review_text(replace(review, ended=(), overdue=(), actions=(), repeats=()), {}).lines.count("• nothing") == 4
    assert "مراجعة" in review_text(review, {}, "ar").title
