"""A diagnosis in both languages: what matters first, nothing of it markup, nothing hidden."""

from datetime import timedelta

import pytest

from shared.domain.diagnoses import Answered, Diagnosis, Finding, Measure, Part, Probe
from shared.rendering.diagnosis import diagnosis_slack, diagnosis_text, told
from shared.rendering.diagnosis_words import AR, EN, PROBES_AR, PROBES_EN
from tests.conftest import NIGHT

EVIL = "<!channel> *x* <http://evil.example|click>\n\u202egnp.exe"


@pytest.fixture
def incident(view):
    return view().incident


def diagnosis(*findings):
    return Diagnosis("INC-1", NIGHT, NIGHT + timedelta(seconds=9), NIGHT - timedelta(minutes=10), findings)


ROUTES = Finding(
    Probe.FAILING_ROUTES,
    Answered.ANSWERED,
    Measure.SHARE,
    (Part("POST /v1/orders", 92.4, 8.0, 40), Part("GET /", 4, 30, 2)),
)
TRAFFIC = Finding(Probe.TRAFFIC, Answered.ANSWERED, Measure.LEVEL, (Part("web", 120.0, 1410.0, 120),))
SLOW = Finding(Probe.UPTIME, Answered.NO_TIME)
ABSENT = Finding(Probe.FIRESTORE_HEALTH, Answered.NOT_HERE, detail="no platform metrics of firestore here")
NOTHING = Finding(Probe.CHANGES, Answered.NOTHING)


def test_what_stands_out_comes_first_then_each_probe_then_what_is_unknown(incident):
    said = told(diagnosis(ROUTES, TRAFFIC, SLOW, ABSENT, NOTHING), incident)
    assert said.sentences == (
        "Requests to web: 120 (usually 1,410).",
        "92\u00a0% of the failed requests are POST /v1/orders (usually 8\u00a0%).",
    )
    assert said.details == (
        ("Failing routes", "POST /v1/orders 92\u00a0% (usually 8\u00a0%), GET / 4\u00a0% (usually 30\u00a0%)"),
        ("Traffic", "web 120 (usually 1,410)"),
        ("Nothing found", "Changed before it"),
    )
    assert said.unknown == (
        "Could not say: Checks from outside (no answer in time); Firestore (no platform metrics of firestore here)"
    )


def test_it_reads_in_arabic_with_names_kept_in_their_own_direction(incident):
    said = told(diagnosis(ROUTES, SLOW, ABSENT), incident, "ar")
    assert said.sentences == (
        "\u206892%\u2069 من الطلبات الفاشلة على \u2068POST /v1/orders\u2069 (المعتاد \u20688%\u2069).",
    )
    assert "لم يصل رد في الوقت المحدد" in said.unknown
    assert "platform" not in said.unknown


def test_nothing_that_stands_out_and_nobody_who_could_answer_are_two_things(incident):
    assert told(diagnosis(NOTHING), incident).sentences == (EN["nothing"],)
    assert told(diagnosis(SLOW, ABSENT), incident).sentences == (EN["none"],)


def test_nothing_a_probe_found_is_markup_in_slack(incident):
    found = Finding(Probe.ERROR_GROUPS, Answered.ANSWERED, Measure.SHARE, (Part(EVIL, 90, 10, 40),))
    body = diagnosis_slack(diagnosis(found), incident)
    assert {block["text"]["type"] for block in body.blocks} == {"plain_text"}
    assert all(len(block["text"]["text"]) <= 3000 for block in body.blocks)
    assert "<!channel>" not in body.text
    assert "\u202e" not in body.text + str(body.blocks)
    assert not [line for line in diagnosis_text(told(diagnosis(found), incident)) if "\n" in line]


def test_every_probe_and_every_word_is_there_in_both_languages():
    assert set(PROBES_EN) == set(PROBES_AR) == set(Probe)
    assert set(EN) == set(AR)
    for probe in Probe:
        for sentence in (PROBES_EN[probe][1], PROBES_AR[probe][1]):
            assert sentence.format(now="1", usual="2", name="3", ago="4")
