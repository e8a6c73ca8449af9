"""Pages: literal, readable without scripts, in both directions."""

import re
from datetime import timedelta

import pytest

from shared.domain.incidents import Acked, State, TimelineEntry
from shared.domain.reasons import Notify
from shared.rendering import pages
from shared.rendering.assets import content
from shared.rendering.email import incident_email
from shared.rendering.slack import incident_message
from shared.rendering.slack_modal import more_modal
from shared.rendering.sms import incident_sms
from tests.conftest import NIGHT
from tests.unit.rendering.paging import incident_page, without_our_script

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
        incident_page(evil.incident, [line], [], now=NIGHT, runbook=EVIL),
        pages.acknowledge_page(evil),
        pages.acknowledged_page(Acked.ACCEPTED, incident=evil.incident, text=EVIL),
    ]
    for page in all_pages:
        assert "<script" not in without_our_script(page)


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
    page = incident_page(view().incident, [], [], now=NIGHT, locale="ar")
    assert ('<html lang="ar" dir="rtl">' in page, "سجل الأحداث" in page) == (True, True)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"type": "divider"}, "<hr>"),
        ({"type": "rich_text", "elements": []}, "[rich_text]"),
        ({"type": "image", "alt_text": "a chart", "image_url": "https://x.example/y.png"}, '<img src="https://x.example/y.png" alt="a chart"'),
        ({"type": "context", "elements": [{"type": "image", "alt_text": "logo", "image_url": "https://x.example"}]}, "logo"),
        ({"type": "section", "text": {"type": "mrkdwn", "text": "above"}, "fields": [{"type": "mrkdwn", "text": "beside"}]}, "above"),
        ({"type": "section", "fields": [{"type": "mrkdwn", "text": "<https://x.example|here>"}]}, '<a href="https://x.example">here</a>'),
        ({"type": "section", "text": {"type": "mrkdwn", "text": "&lt;!channel&gt; <https://x.example/?a=1&amp;b=2>"}}, 'href="https://x.example/?a=1&amp;b=2"'),
        ({"type": "section", "text": {"type": "plain_text", "text": "<https://x.example|no>"}}, "&lt;https://x.example|no&gt;"),
        ({"type": "section", "text": {"type": "mrkdwn", "text": "<javascript:alert(1)|no>"}}, "&lt;javascript:alert(1)|no&gt;"),
    ],
)  # fmt: skip
def test_the_inbox_draws_any_block_that_was_posted(block, expected):
    assert expected in pages.inbox([message("slack", {"text": "t", "blocks": [block]})])


def test_a_slack_message_without_blocks_shows_its_text():
    assert "only text" in pages.inbox([message("slack", {"text": "only text"})])


def test_a_button_that_asks_first_asks_first_in_the_inbox(view):
    page = inbox_of(view())
    asked = re.search(r"<details class=.confirm.>(.*?)</details>", page)[1]
    assert ("Everybody who was told" in asked, 'value="resolve"' in asked) == (True, True)
    assert page.count('value="resolve"') == 1


def test_a_modal_is_a_form_while_it_is_open_with_what_was_typed_and_what_was_wrong(view):
    opened = more_modal(view().incident, [("mona", "Mona <b>Adel")])
    content = {"text": "t", "blocks": opened["blocks"], "view": opened, "only_for": "U0MONA"}
    empty = pages.inbox([message("slack", content, status="open")])
    assert 'action="/inbox/submit"' in empty
    assert '<option value="mona">Mona &lt;b&gt;Adel</option>' in empty
    typed = {"values": {"note": "</textarea><b>", "to": "mona"}, "errors": {"lasting": "choose one"}}
    refused = pages.inbox([message("slack", {**content, **typed}, status="open")])
    assert '<option value="mona" selected>' in refused
    assert ("</textarea><b>" in refused, "choose one</strong>" in refused) == (False, True)
    sent = pages.inbox([message("slack", {**content, **typed}, status="submitted")])
    assert ("<form" in sent, "<textarea" in sent) == (False, False)


def test_a_mail_without_html_shows_its_text_and_links_of_a_mail_open_a_page_of_their_own(view):
    plain = pages.inbox([message("smtp", {"subject": "s", "text": "<b>hello</b>"})])
    assert ("<pre" in plain, "&lt;b&gt;hello" in plain, "<iframe" in plain) == (True, True, False)
    assert "&lt;base target=&#34;_blank&#34;&gt;" in inbox_of(view())


def test_the_newest_message_stands_first():
    old = message("twilio", {"body": "older"}, created_at=NIGHT.isoformat())
    new = message("twilio", {"body": "newer"}, created_at=(NIGHT + timedelta(minutes=1)).isoformat())
    page = pages.inbox([old, new])
    assert page.index("newer") < page.index("older")


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_pages_keep_the_reader_s_language_in_their_links(view, locale):
    page = inbox_of(view(), locale=locale)
    assert f'href="/inbox?only=slack&lang={locale}"' in page.replace("&amp;", "&")
    assert f'href="?lang={"en" if locale == "ar" else "ar"}"' in page


def test_the_incident_page_shows_the_ladder_the_end_and_the_runbook(view):
    shown = view(runbook="r").incident
    page = incident_page(shown, [], [], now=NIGHT, runbook="# T\n## Check first\n1. Look.", people={"mona": "Mona"})
    for part in (
        "team:engineering",
        "15 min",
        "next: <bdi>10 Mar 02:25 EET (00:25 UTC)</bdi>",
        "<h3>Check first</h3>",
        "<li>Look.</li>",
    ):
        assert part in page


def test_the_incident_page_in_arabic_has_no_english_word_of_ours(view):
    line = TimelineEntry(NIGHT, "raised", Notify.SEVERITY_RAISED)
    page = incident_page(view().incident, [line], [], now=NIGHT, locale="ar")
    for word in ("raised", "Escalation", "Time line", "min", "told"):
        assert f">{word}" not in page
    assert "ارتفعت الخطورة" in page


@pytest.mark.parametrize(
    ("outcome", "arabic", "english"),
    [(Acked.ACCEPTED, "أصبحت مسؤولاً", False), (Acked.ALREADY_OWNED, "البلاغ له مسؤول بالفعل", True)],
)
def test_E55_a_second_person_is_told_who_and_when_in_arabic_too(view, outcome, arabic, english):
    page = pages.acknowledged_page(outcome, incident=view().incident, text="Mona since 02:10.", locale="ar")
    assert (arabic in page, "Mona since 02:10." in page) == (True, english)


def test_pages_load_nothing_from_elsewhere_and_run_nothing(view):
    for page in (inbox_of(view()), pages.acknowledge_page(view())):
        assert not re.search(r"<(?:script|link|img)|@import|url\(", page)


def test_the_incident_page_loads_only_files_of_ours_and_has_no_style_or_script_of_its_own(view):
    page = incident_page(view().incident, [], [], now=NIGHT)
    assert all(path.startswith("/") for path in re.findall(r'(?:src|href|action)="([^"#?][^"]*)"', page))
    assert not re.search(r'<style|style="| on[a-z]+="|javascript:', page)
    assert not re.search(rb"@import|url\(|https?://", content("site.css") + content("site.js"))


def test_the_home_page_speaks_arabic_from_right_to_left():
    stats = {"now": NIGHT, "virtual": False, "incidents": [], "messages": 0, "dead_letters": 0, "functions": []}
    page = pages.home(stats, locale="ar")
    assert '<html lang="ar" dir="rtl">' in page
    assert ("بلاغات مفتوحة" in page, "open incidents" in page, 'href="/inbox?lang=ar"' in page) == (True, False, True)
