"""What helps a reader: durations, dates, runbooks, the ladder, and every recorded word in Arabic."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.detection import Breach
from shared.domain.escalation import Ladder, Policy, Step
from shared.domain.incidents import Acked
from shared.domain.judgements import Outcome
from shared.domain.notifications import Channel, LedgerState
from shared.domain.reasons import Notify, Suppressed
from shared.rendering import catalogue
from shared.rendering.ladder import rungs
from shared.rendering.runbook import Part, parts
from shared.rendering.view import cairo, span
from tests.conftest import NIGHT

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("minutes", "english", "arabic"),
    [
        (-5, "just now", "الآن"),
        (0, "just now", "الآن"),
        (1, "1 min", "دقيقة"),
        (2, "2 min", "دقيقتان"),
        (3, "3 min", "3 دقائق"),
        (10, "10 min", "10 دقائق"),
        (11, "11 min", "11 دقيقة"),
        (60, "1 h", "ساعة"),
        (125, "2 h 5 min", "ساعتان و5 دقائق"),
        (47 * 60 + 59, "47 h 59 min", "47 ساعة و59 دقيقة"),
        (49 * 60, "2 d 1 h", "يومان وساعة"),
        (72 * 60, "3 d", "3 أيام"),
        (103 * 24 * 60, "103 d", "103 أيام"),
    ],
)
def test_durations_are_short_and_take_their_plural(minutes, english, arabic):
    assert (span(minutes * MINUTE), span(minutes * MINUTE, "ar")) == (english, arabic)


@pytest.mark.parametrize(
    ("at", "locale", "expected"),
    [
        (NIGHT, "en", "10 Mar 02:10 EET (00:10 UTC)"),
        (datetime(2026, 7, 1, 21, 5, tzinfo=UTC), "en", "02 Jul 00:05 EEST (21:05 UTC)"),
        (NIGHT, "ar", "\u206810 مارس 02:10 EET (00:10 UTC)\u2069"),
        (NIGHT.astimezone(tz=None), "en", "10 Mar 02:10 EET (00:10 UTC)"),
    ],
)
def test_an_instant_is_read_in_cairo_with_utc_beside_it(at, locale, expected):
    assert cairo(at, locale) == expected


def test_a_runbook_becomes_headings_lists_and_paragraphs():
    text = "# Title\n\nWhat **it** is.\nMore.\n\n## Check\n1. Open `x`.\n2. Look.\n\n* one\n- two\n404 is a number\n"
    assert parts(text) == (
        Part("p", ("What it is.",)),
        Part("p", ("More.",)),
        Part("h", ("Check",)),
        Part("ol", ("Open x.", "Look.")),
        Part("ul", ("one", "two")),
        Part("p", ("404 is a number",)),
    )


STEPS = (Step(("person:mona", "slack:incidents")), Step(("oncall:primary@sms",), 15 * MINUTE))
POLICY = Policy("p", STEPS, repeat_every=10 * MINUTE, repeats=2, last_resort=("person:boss",))


@pytest.mark.parametrize(
    ("changes", "standings"),
    [
        ({"step": 1, "next_at": NIGHT}, ["done", "next", "later", "later"]),
        ({"step": 2, "next_at": NIGHT}, ["done", "done", "next", "later"]),
        ({"step": 2, "round": 2, "next_at": NIGHT}, ["done", "done", "done", "next"]),
        ({"step": 2, "round": 2, "last_resort_told": True}, ["done", "done", "done", "done"]),
        ({"step": 1}, ["done", "stopped", "stopped", "stopped"]),
    ],
)
def test_the_ladder_shows_what_was_done_what_is_next_and_when(changes, standings):
    shown = rungs(replace(Ladder(POLICY), **changes), people={"mona": "Mona Adel"}, locale="en")
    assert [rung.standing for rung in shown] == standings
    assert [rung.at for rung in shown] == [NIGHT if standing == "next" else None for standing in standings]
    assert (shown[0].targets, shown[0].after) == (("Mona Adel", "slack:incidents"), "at once")
    assert (shown[1].targets, shown[1].after) == (("oncall:primary@sms",), "15 min")


def test_a_policy_without_repetition_and_last_resort_has_its_steps_only():
    assert len(rungs(Ladder(Policy("p", STEPS, repeats=0)), people={}, locale="ar")) == 2


@pytest.mark.parametrize("words", [Notify, Suppressed, LedgerState, Channel, Acked, Outcome, Breach])
def test_every_recorded_word_has_its_arabic(words):
    assert set(words) <= set(catalogue.RECORDED_AR)
    assert catalogue.recorded(LedgerState.FAILED_TEMPORARY, "en") == "failed temporary"
    assert catalogue.recorded("something new", "ar") == "something new"
