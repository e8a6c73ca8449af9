"""Messages: literal wherever they go, complete, and within every limit."""

import json
import re
import unicodedata
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.local.sandbox.slack_blocks import faults_of
from shared.domain.incidents import State
from shared.domain.reasons import Notify
from shared.domain.severities import Severity
from shared.rendering import catalogue
from shared.rendering.email import incident_email
from shared.rendering.escaping import ISOLATE, slack_literal, without_links
from shared.rendering.segments import cut, is_gsm, length, segments
from shared.rendering.slack import escalation_note, incident_message, reply
from shared.rendering.sms import incident_sms
from tests.conftest import NIGHT

EVIL = "<!channel> <https://evil.example|reset password> *x* _y_ `z` ~q~ &amp;"
REASONS = list(Notify)


def texts(blocks, kind):
    found = []

    def walk(node):
        if isinstance(node, dict):
            if node.get("type") == kind and "text" in node:
                found.append(node["text"])
            for child in node.values():
                walk(child)
        elif isinstance(node, list | tuple):
            for child in node:
                walk(child)

    walk(list(blocks))
    return found


@pytest.mark.parametrize("reason", REASONS)
def test_E47_a_crash_s_title_is_literal_in_slack_blocks_and_fallback(view, reason):
    evil = view(
        title=EVIL,
        summary=EVIL,
        service=EVIL,
        values={"app_version": EVIL},
        links={EVIL: "https://console.firebase.google.com/x"},
    )
    for body in (incident_message(evil, reason=reason), escalation_note(evil, reason=reason), reply(EVIL)):
        marked = [body.text, *texts(body.blocks, "mrkdwn")]
        for text in marked:
            assert "<!channel>" not in text
            assert "evil.example|" not in text.replace("&lt;https://evil.example|reset", "")
            assert not re.search(r"(?<!\u200b)[*_`~](?=[xyzq])", text)
    assert EVIL in texts(incident_message(evil, reason=reason).blocks, "plain_text")


def test_plain_text_of_others_never_turns_into_emoji(view):
    blocks = incident_message(view(title=":fire: :boom:"), reason=Notify.FIRST).blocks
    assert [
        b["text"]["emoji"] for b in blocks if b["type"] == "section" and ":fire:" in b.get("text", {}).get("text", "")
    ] == [False]


@pytest.mark.parametrize("size", [10, 3_000, 60_000])
def test_slack_s_limits_hold_for_any_length(view, size):
    long = "ص" * size
    body = incident_message(
        view(title=long, summary=long + "!", service=long, values=dict.fromkeys(catalogue.FACTS, long), note=long),
        reason=Notify.FIRST,
    )
    assert faults_of(list(body.blocks)) == []
    assert len(body.text) < 3_000
    for block in body.blocks:
        if block["type"] == "header":
            assert len(block["text"]["text"]) <= 150
        if "fields" in block:
            assert len(block["fields"]) <= 10
            assert max(len(field["text"]) for field in block["fields"]) <= 2_000
        elif block["type"] == "section":
            assert 0 < len(block["text"]["text"]) <= 3_000


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=300) | st.sampled_from(["", "\u202e" * 400, "<" * 3_000, "&*_`~" * 2_000, "a\n" * 2_000]),
    reason=st.sampled_from(REASONS),
    state=st.sampled_from(list(State)),
)
def test_the_living_message_and_its_thread_stay_within_slack_s_limits_whatever_others_wrote(view, text, reason, state):
    shown = view(
        title=text, summary=text + "!", service=text, state=state, note=text, owner=text, notes=3, acknowledged_at=NIGHT,
        values=dict.fromkeys(catalogue.FACTS, text), links={text: "https://console.cloud.google.com/x"},
    )  # fmt: skip
    for body in (incident_message(shown, reason=reason, mention=["U1"]), escalation_note(shown, reason=reason)):
        assert faults_of(list(body.blocks)) == []
        assert len(body.text) < 4_000


def test_the_message_says_until_when_it_is_snoozed_who_has_not_answered_yet_and_how_many_notes_there_are(view):
    until = NIGHT + timedelta(hours=2)
    owned = {
        "state": State.ACKNOWLEDGED,
        "acknowledged_at": NIGHT,
        "ack_expires_at": until,
        "owner": "Mona Adel",
        "notes": 2,
    }
    snoozed = incident_message(view(**owned, snoozed_until=until), reason=Notify.UPDATED)
    offered = incident_message(view(**owned, offered_until=until), reason=Notify.UPDATED)
    assert "Snoozed, Mona Adel, until 10 Mar 04:10 EET" in json.dumps(snoozed.blocks)
    assert "Handed over, not answered yet, Mona Adel, until 10 Mar 04:10 EET" in json.dumps(offered.blocks)
    for body in (snoozed, offered):
        assert "Notes: 2" in json.dumps(body.blocks)
        assert '"action_id": "acknowledge"' in json.dumps(body.blocks)
    stale = incident_message(view(**owned, snoozed_until=until - timedelta(hours=1)), reason=Notify.UPDATED)
    assert "Acknowledged, Mona Adel" in json.dumps(stale.blocks)


def test_a_note_stands_in_the_thread_whole_and_literal(view):
    text = "Mona Adel: first\nsecond " + EVIL
    body = escalation_note(view(note=text), reason=Notify.NOTED)
    assert texts(body.blocks, "plain_text") == [f"Note · {text}"]


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        (State.TRIGGERED, ["acknowledge", "snooze", "escalate", "resolve", "not_useful", "more"]),
        (State.ACKNOWLEDGED, ["mitigate", "resolve", "escalate", "not_useful", "more"]),
        (State.MITIGATED, ["resolve", "escalate", "not_useful", "more"]),
        (State.RESOLVED, ["reopen"]),
        (State.CLOSED, []),
        (State.MERGED, []),
    ],
)
def test_the_buttons_fit_the_state_and_the_message_says_who_owns_it(view, state, buttons):
    shown = incident_message(view(state=state, owner="Mona Adel", resolved_at=NIGHT), reason=Notify.FIRST)
    found = [e["action_id"] for b in shown.blocks if b["type"] == "actions" for e in b["elements"]]
    assert found == buttons
    assert "Mona Adel" in json.dumps(shown.blocks)


def test_a_message_says_what_since_when_how_bad_what_to_do_and_where(view):
    text = json.dumps(
        incident_message(view(values={"crash_count": "132"}), reason=Notify.FIRST).blocks, ensure_ascii=False
    )
    for part in (
        "CRITICAL",
        "Checkout.kt line 88",
        "02:10 EET (00:10 UTC), 4 min",
        "crashes: 132",
        "Open the Crashlytics issue",
        "/incidents/1",
    ):
        assert part in text


def test_only_google_s_consoles_are_linked(view):
    links = {
        "good": "https://console.firebase.google.com/p",
        "evil": "https://console.firebase.google.com.evil.example/",
        "user": "https://console.cloud.google.com@evil.example/",
        "plain": "http://console.cloud.google.com/",
    }
    linked = view(links=links)
    assert list(linked.links) == ["good"]
    assert "evil.example" not in incident_email(linked, reason=Notify.FIRST, locale="en").html


def test_E47_a_subject_is_one_line_and_html_is_escaped(view):
    mail = incident_email(
        view(title="a\r\nBcc: x@y.example\t<script>alert(1)</script>"), reason=Notify.FIRST, locale="en"
    )
    assert mail.subject == "[CRITICAL] a Bcc: x@y.example <script>alert(1)</script>"
    assert "<script>" not in mail.html
    assert "&lt;script&gt;" in mail.html


@pytest.mark.parametrize(
    ("locale", "head"), [("ar", '<html lang="ar" dir="rtl">'), ("en", '<html lang="en" dir="ltr">')]
)
@pytest.mark.parametrize("reason", REASONS)
def test_E49_a_mail_has_the_reader_s_language_and_direction_and_the_link(view, locale, head, reason):
    mail = incident_email(view(note="possible duplicate"), reason=reason, locale=locale)
    assert head in mail.html
    assert "<bdi>Checkout.kt line 88</bdi>" in mail.html
    assert "/a/1234567890abcdef1234" in mail.html
    assert "/a/1234567890abcdef1234" in mail.text
    assert catalogue.words(locale)[reason] in mail.html
    assert (mail.thread.startswith("INC-"), catalogue.noted("possible duplicate", locale) in mail.html) == (True, True)


def test_a_resolved_mail_offers_no_acknowledgement(view):
    over = view(state=State.RESOLVED, resolved_at=NIGHT)
    mail = incident_email(over, reason=Notify.RESOLVED, locale="en")
    assert mail.subject.startswith("[Resolved]")
    assert "/a/" not in mail.text + mail.html


def test_E48_an_sms_loses_control_characters_bidi_overrides_and_foreign_links(view):
    text = incident_sms(
        view(title="a\x07b\u202egnp.exe https://evil.example/x www.evil.example"), reason=Notify.FIRST, locale="en"
    ).text
    assert "evil" not in text
    assert not [c for c in text if unicodedata.category(c) in {"Cc", "Cf"} and c != "\n"]
    assert text.endswith("/a/1234567890abcdef1234.MARKMARKMARKMARKMARK")


def test_E50_typographic_characters_do_not_turn_an_english_sms_into_ucs2(view):
    text = incident_sms(
        view(title="It\u2019s \u201cdown\u201d\u00a0\u2013 again\u2026"), reason=Notify.FIRST, locale="en"
    ).text
    assert is_gsm(text)
    assert 'It\'s "down" - again...' in text


def test_E49_an_arabic_sms_isolates_latin_names_and_keeps_the_link(view):
    text = incident_sms(view(), reason=Notify.ESCALATED, locale="ar").text
    assert (text.startswith("حرج"), f"{ISOLATE}Checkout.kt line 88" in text) == (True, True)
    assert segments(text)[0] == "UCS-2"
    assert segments(text)[1] <= 3


TITLES = st.text(max_size=400) | st.sampled_from(["فشل الدفع " * 40, "👩‍👩‍👧 " * 60, "é" * 300, "{}[]~^" * 60])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TITLES, st.sampled_from(REASONS), st.sampled_from(["en", "ar"]), st.text(max_size=60))
def test_E48_the_link_is_never_cut_and_a_message_never_grows_beyond_its_segments(view, title, reason, locale, note):
    seen = view(title=title, note=note)
    text = incident_sms(seen, reason=reason, locale=locale).text
    assert (seen.ack_url in text) is (reason is not Notify.RESOLVED)
    assert segments(text)[1] <= 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x" * 160, ("GSM-7", 1)),
        ("x" * 161, ("GSM-7", 2)),
        ("x" * 306, ("GSM-7", 2)),
        ("x" * 307, ("GSM-7", 3)),
        ("€" * 80, ("GSM-7", 1)),
        ("€" * 81, ("GSM-7", 2)),
        ("ص" * 70, ("UCS-2", 1)),
        ("ص" * 71, ("UCS-2", 2)),
        ("ص" * 134, ("UCS-2", 2)),
        ("ص" * 135, ("UCS-2", 3)),
        ("😀" * 35, ("UCS-2", 1)),
        ("😀" * 36, ("UCS-2", 2)),
        ("", ("GSM-7", 1)),
    ],
)
def test_segments_are_counted_as_the_network_counts(text, expected):
    assert segments(text) == expected


@given(st.text(max_size=200), st.integers(min_value=10, max_value=100))
def test_a_cut_text_fits_and_is_never_cut_inside_a_grapheme(text, limit):
    short = cut(text, limit)
    assert length(short) <= limit
    if short != text:
        kept = short.removesuffix("...")
        rest = text[len(kept) :].lstrip()
        assert text.startswith(kept)
        assert not rest or unicodedata.combining(rest[0]) == 0 or text[len(kept)].isspace()


@given(st.text(max_size=100))
def test_escaped_text_has_no_markup_left(text):
    shown = slack_literal(text)
    assert "<" not in shown
    assert ">" not in shown
    assert "http" not in without_links(text).lower() or "http://" not in without_links(text).lower()


def test_both_languages_have_every_word():
    assert set(catalogue.EN) == set(catalogue.AR)
    assert set(catalogue.EN) >= {*Notify, *Severity, *State}
    assert all(catalogue.EN.values())
    assert all(catalogue.AR.values())
