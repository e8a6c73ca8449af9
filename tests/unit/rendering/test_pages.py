"""Pages: literal, readable without scripts, in both directions."""

import pytest

from shared.domain.incidents import Acked, State, TimelineEntry
from shared.domain.reasons import Notify
from shared.rendering import pages
from shared.rendering.email import incident_email
from shared.rendering.slack import incident_message
from shared.rendering.sms import incident_sms
from tests.conftest import NIGHT

EVIL = '"><script>alert(1)</script>'


def message(provider, content, **changes):
    base = {"id": "C1:1.1", "provider": provider, "to": "x", "created_at": NIGHT.isoformat(), "updated_at": NIGHT.isoformat(),
            "status": "posted", "thread": "", "content": content}  # fmt: skip
    return {**base, **changes}


def inbox_of(view, **options):
    body = incident_message(view, reason=Notify.FIRST)
    mail = incident_email(view, reason=Notify.FIRST, locale="en")
    text = incident_sms(view, reason=Notify.FIRST, locale="en").text
    messages = [
        message("slack", {"text": body.text, "blocks": list(body.blocks)}),
        message("twilio", {"body": text}),
        message("smtp", {"subject": mail.subject, "text": mail.text, "html": mail.html}),
    ]
    return pages.inbox(messages, **options)


def test_the_inbox_shows_every_channel_as_its_receiver_sees_it(view):
    page = inbox_of(view(), user="U0MONA")
    for part in (
        "Slack (1)",
        "SMS (1)",
        "E-mail (1)",
        "<iframe",
        "GSM-7",
        'value="U0MONA"',
        'name="action" value="acknowledge"',
    ):
        assert part in page
    assert f'href="{view().ack_url}"' in page


def test_the_inbox_can_show_one_channel(view):
    page = inbox_of(view(), only="twilio")
    assert ("<iframe" in page, "GSM-7" in page) == (False, True)


def test_E47_nothing_from_a_crash_is_markup_on_any_page(view):
    evil = view(title=EVIL, summary=EVIL, service=EVIL, values={"status": EVIL}, labels={"x": EVIL})
    line = TimelineEntry(NIGHT, "opened", "r", EVIL, EVIL)
    all_pages = [
        inbox_of(evil),
        pages.incident_page(evil.incident, [line], [], now=NIGHT, runbook=EVIL),
        pages.acknowledge_page(evil),
        pages.acknowledged_page(Acked.ACCEPTED, incident=evil.incident, text=EVIL),
    ]
    for page in all_pages:
        assert "<script" not in page


@pytest.mark.parametrize(("locale", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_E71_the_page_of_a_link_asks_and_only_its_form_acts(view, locale, direction):
    page = pages.acknowledge_page(view(), locale=locale)
    assert f'dir="{direction}"' in page
    assert '<form method="post">' in page
    assert "<script" not in page
    assert "http-equiv" not in page
    assert "<form" not in pages.acknowledge_page(view(state=State.ACKNOWLEDGED, owner="Mona"), locale=locale)


@pytest.mark.parametrize(
    ("outcome", "words"), [(Acked.ACCEPTED, "You own this incident now"), (Acked.ALREADY_OVER, "Nothing was changed")]
)
def test_the_answer_says_what_became_of_it(view, outcome, words):
    assert words in pages.acknowledged_page(outcome, incident=view().incident, text="...")


def test_the_home_page_shows_given_figures_and_an_empty_one_says_what_to_do():
    page = pages.home(
        {"now": NIGHT, "virtual": True, "incidents": [], "messages": 3, "dead_letters": 1, "functions": ["f"]}
    )
    assert ("Nothing has happened yet" in page, '<span class="figure">3</span>' in page) == (True, True)


def test_an_incident_page_in_arabic_reads_from_the_right(view):
    page = pages.incident_page(view().incident, [], [], now=NIGHT, locale="ar")
    assert ('<html lang="ar" dir="rtl">' in page, "سجل الأحداث" in page) == (True, True)
