"""What shows that a step is done, and a procedure's lines of the record, for readers of either language."""

import re
from datetime import timedelta

import pytest

from shared.config.loader import load
from shared.domain.acting import By
from shared.domain.incidents import TimelineEntry
from shared.domain.procedure_runs import WRITTEN, Beginning, acted, finish, start
from shared.rendering.procedure_clocks import lines, rows
from shared.rendering.step_words import record_in_words, shown_by
from shared.usecases.breach_notice import DRAFTED, FALSE_ALARM, NO_BREACH
from shared.usecases.communication_actions import AWAITS, NO_PART, NOBODY_KNOWS
from shared.usecases.outage_actions import NO_PROBES
from tests.conftest import NIGHT

ITSELF = By("soukmon", "the procedure", NIGHT)
ARABIC = re.compile("[\u0621-\u064a]")
SAID = {
    "the first message left by sms": "خرجت الرسالة الأولى عبر: رسالة نصية",
    "Mona Adel was told by voice": "تم إبلاغ Mona Adel عبر: مكالمة",
    "14 probes have answered": "عدد الفحوص التي أجابت: 14",
    AWAITS.format("INC-1-customers-began-1"): "رسالة للعملاء تنتظر الموافقة (INC-1-customers-began-1)",
    "the message to customers was approved by Mona Adel, Omar Said": (
        "تمت الموافقة على الرسالة إلى العملاء: Mona Adel, Omar Said"
    ),
    "the incident was over first": "انتهى البلاغ قبل ذلك",
    "the incident was resolved": "تم حل البلاغ",
    "post P-1 about apps, web": "منشور على صفحة الحالة (P-1) بشأن: apps, web",
    "revision 3 of the post-mortem is complete": "اكتملت المراجعة بنسختها رقم 3",
    "a package of evidence is kept (ab12)": "حُفظت حزمة أدلة (ab12)",
    "the regulator has the report of Mona Adel": "لدى الجهة الرقابية تقرير قدمه Mona Adel",
    "action items of Mona Adel: T-1, T-2": "إجراءات متابعة لدى Mona Adel: T-1, T-2",
    "by 2026-03-10 00:25 UTC": "الموعد: 2026-03-10 00:25 بتوقيت UTC",
}  # fmt: skip


@pytest.mark.parametrize("said", SAID)
def test_what_the_machine_did_reads_as_a_sentence_with_its_figure_in_arabic_and_as_it_is_in_english(said):
    assert shown_by(said, "ar") == SAID[said]
    assert shown_by(said, "en") == said


@pytest.mark.parametrize(
    "said", [NO_PART, NO_PROBES, NOBODY_KNOWS.what, DRAFTED, FALSE_ALARM.what, NO_BREACH.what, WRITTEN]
)
def test_whatever_a_step_may_say_has_its_arabic(said):
    shown = shown_by(said, "ar")
    assert ARABIC.search(shown)
    assert not re.search("[a-z]{3}", shown.replace("breach.yaml", ""))


def test_what_a_person_wrote_stays_beside_what_the_machine_says():
    both = "restarted api_gateway; 14 probes have answered"
    assert shown_by(both, "ar") == "restarted api_gateway; عدد الفحوص التي أجابت: 14"
    assert shown_by(both, "en") == both


@pytest.fixture
def run():
    begun = start(
        load().procedures.by_name["outage"], Beginning("INC-1", NIGHT, By("mona", "test", NIGHT), timedelta(hours=4))
    )
    return acted(begun.run, "alert", ITSELF, "the first message left by sms").run


def test_a_procedure_reads_well_in_both_languages(run):
    alert = {
        locale: next(r for r in rows(run, NIGHT, people={}, locale=locale) if r.name == "alert")
        for locale in ("en", "ar")
    }
    assert alert["en"].evidence == "the first message left by sms"
    assert alert["ar"].evidence == "خرجت الرسالة الأولى عبر: رسالة نصية"
    assert any("the first message left by sms" in line for line in lines(run, NIGHT, people={}))


def test_the_record_calls_a_step_by_its_text_and_not_by_its_name_in_yaml(run):
    moved = finish(run, "root_cause", By("mona", "test", NIGHT), "a full disk: sda1")
    seen = acted(run, "alert", ITSELF, "14 probes have answered")
    plain = TimelineEntry(NIGHT, "note", "noted", "mona", "outage, alert: as it was written")
    entries = (*moved.entries, plain)
    assert [entry.detail for entry in record_in_words(entries, [run], "en")] == [
        "Outage, Find the root cause: a full disk: sda1",
        "outage, alert: as it was written",
    ]
    assert (
        record_in_words(moved.entries, [run], "ar")[0].detail == "انقطاع الخدمة، تحديد السبب الجذري: a full disk: sda1"
    )
    assert seen.entries == ()
    assert record_in_words(moved.entries, [], "ar") == list(moved.entries)


def test_a_line_about_a_draft_reads_well_in_arabic():
    entry = TimelineEntry(
        NIGHT, "draft", "draft rejected", "mona", "D-1, status page and e-mail to customers: too early"
    )
    assert record_in_words([entry], [], "ar")[0].detail == "D-1، صفحة الحالة والبريد الإلكتروني، إلى العملاء: too early"
    assert record_in_words([entry], [], "en") == [entry]
