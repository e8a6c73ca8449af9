"""Evidence wherever an incident is shown: Slack, mail in both forms and languages, and the incident's page."""

import json
import re
from dataclasses import replace

import pytest

from infra.local.sandbox.slack_blocks import faults_of
from shared.domain.evidence import NAMED_BY
from shared.domain.reasons import Notify
from shared.rendering import pages
from shared.rendering.email import incident_email
from shared.rendering.evidence import facts
from shared.rendering.screens import shown as on_screen
from shared.rendering.slack import incident_message
from tests.conftest import NIGHT
from tests.unit.evidence_samples import evidence
from tests.unit.rendering.paging import incident_page, without_our_script

URL = "https://m.souk.example/c/e1/en/MARK.png"
PNG = b"\x89PNG picture"


@pytest.fixture
def proven(view):
    """A view of an incident that a metric rule opened."""

    def make(**changes):
        return replace(view(values={NAMED_BY: "e1"}), **{"evidence": evidence(), "chart_url": URL, **changes})

    return make


def blocks_of(view):
    return list(incident_message(view, reason=Notify.FIRST).blocks)


def test_slack_shows_every_fact_and_fetches_the_chart(proven):
    blocks = blocks_of(proven())
    (image,) = [block for block in blocks if block["type"] == "image"]
    assert (image["image_url"], image["alt_text"].startswith("Error rate, last 6 h")) == (URL, True)
    said = json.dumps(blocks, ensure_ascii=False)
    assert all(f"{name}: {text}" in said for name, text in facts(evidence()))
    assert faults_of(blocks) == []


def test_slack_shows_no_chart_without_its_address_and_nothing_without_evidence(proven, view):
    assert "image" not in {block["type"] for block in blocks_of(proven(chart_url=""))}
    assert "Confidence" not in json.dumps(blocks_of(view()))


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_a_mail_has_the_facts_in_both_forms_and_shows_its_picture(proven, locale):
    mail = incident_email(proven(), reason=Notify.FIRST, locale=locale, chart=PNG)
    (picture,) = mail.pictures
    assert (picture.data, f'src="cid:{picture.name}"' in mail.html) == (PNG, True)
    for name, text in facts(evidence(), locale):
        assert f"{name}: {text}" in mail.text.splitlines()
        assert f"<bdi>{text}</bdi>" in mail.html


def test_a_mail_without_a_picture_still_has_the_facts(proven, view):
    mail = incident_email(proven(), reason=Notify.FIRST, locale="en")
    assert ("cid:" in mail.html, mail.pictures, "1 in 2,000,000 by chance" in mail.html) == (False, (), True)
    assert "Evidence" not in incident_email(view(), reason=Notify.FIRST, locale="en").html


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_the_page_has_the_facts_the_drawing_and_not_the_name_it_is_kept_under(proven, locale):
    page = incident_page(proven().incident, [], [], now=NIGHT, locale=locale, evidence=evidence())
    assert f'src="/incidents/{proven().incident.id}/chart.svg?lang={locale}"' in page
    assert all(f"<bdi>{text}</bdi>" in page for _, text in facts(evidence(), locale))
    assert re.search('<img class="chart"[^>]* alt="[^"]+"', page)
    assert "<bdi>e1</bdi>" not in page


def test_E47_a_metric_s_name_is_markup_nowhere(proven):
    evil = evidence(metric="<script>alert(1)</script>", reason="</td><script>", change="<script>")
    page = incident_page(proven().incident, [], [], now=NIGHT, evidence=evil)
    mail = incident_email(proven(evidence=evil), reason=Notify.FIRST, locale="en", chart=PNG)
    assert "<script" not in without_our_script(page) + mail.html


def test_the_inbox_shows_pictures_as_slack_and_mail_readers_do(proven):
    mail = incident_email(proven(), reason=Notify.FIRST, locale="en", chart=PNG)
    messages = [
        {"id": "1", "provider": "slack", "to": "x", "created_at": "2026", "content": {"blocks": blocks_of(proven())}},
        {"id": "2", "provider": "smtp", "to": "x", "created_at": "2026",
         "content": {"html": mail.html, "pictures": {mail.pictures[0].name: "UE5H"}}},
    ]  # fmt: skip
    page = pages.inbox(messages)
    assert f'<img src="{URL}" alt="Error rate' in page
    assert "data:image/png;base64,UE5H" in page
    assert "cid:" not in page


def test_E47_a_picture_from_nowhere_is_named_and_not_loaded():
    block = {"type": "image", "image_url": "javascript:alert(1)", "alt_text": "odd"}
    message = {"id": "1", "provider": "slack", "to": "x", "created_at": "2026", "content": {"blocks": [block]}}
    assert on_screen(message)["blocks"] == [{"type": "context", "parts": [{"text": "[odd]", "url": ""}]}]


def test_raw_figures_that_the_evidence_says_better_are_shown_once(proven, view):
    raw = {"samples": "1240", "window_seconds": "300", "path": "/orders"}
    incident = view(values=raw).incident
    with_evidence = incident_page(incident, [], [], now=NIGHT, evidence=evidence())
    assert ("<bdi>300</bdi>" in with_evidence, "<bdi>/orders</bdi>" in with_evidence) == (False, True)
    assert "<bdi>300</bdi>" in incident_page(incident, [], [], now=NIGHT)
