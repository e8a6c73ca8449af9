"""Texts from outside stay literal, also where they look like a link, a line or a direction of ours."""

import json

import pytest

from shared.domain.incidents import State
from shared.domain.reasons import Notify
from shared.rendering.email import incident_email
from shared.rendering.escaping import one_line, printable, without_links
from shared.rendering.slack import escalation_note, incident_message, reply
from tests.conftest import NIGHT

CONSOLE = "https://console.cloud.google.com/x"


def context(body):
    return next(b["elements"][0]["text"] for b in body.blocks if b["type"] == "context")


@pytest.mark.parametrize("tail", ["> <!channel> <https://evil.example|y", "|<!here>", "\n<!channel>", "`*_~\u202e"])
def test_E47_an_address_that_holds_markup_cannot_leave_its_link(view, tail):
    shown = view(links={"console": CONSOLE + tail})
    text = context(incident_message(shown, reason=Notify.FIRST))
    link = text.split(" · ")[-1]
    assert link.startswith(f"<{CONSOLE}")
    assert (link.count("<"), link.count(">"), link.count("|"), link.endswith("|console>")) == (1, 1, 1, True)
    assert "<!channel>" not in incident_email(shown, reason=Notify.FIRST, locale="en").text


def test_E47_a_name_of_a_service_in_the_header_is_no_emoji(view):
    header = incident_message(view(service=":fire:\nx"), reason=Notify.FIRST).blocks[0]["text"]
    assert (header["emoji"], header["text"].endswith(":fire: x")) == (False, True)


def test_a_long_note_neither_drops_a_mention_nor_cuts_a_link(view):
    shown = view(note="<" * 5_000, links={f"console {n}": f"{CONSOLE}?q={'a' * 900}" for n in range(5)})
    note = escalation_note(shown, reason=Notify.ESCALATED, mention=["U0MONA"]).blocks[0]["text"]["text"]
    text = context(incident_message(shown, reason=Notify.FIRST, mention=["U0MONA"]))
    assert note.endswith("<@U0MONA>")
    assert "<@U0MONA>" in text
    assert text.count("<") == text.count(">")
    assert len(text) <= 3_000


def test_E47_a_fallback_is_one_line_so_that_no_line_begins_with_a_quotation(view):
    assert "\n" not in incident_message(view(title="x\n> y"), reason=Notify.FIRST).text
    assert len(reply("&" * 60_000).text) < 40_000


@pytest.mark.parametrize("blank", ["", "   ", "\n\t"])
def test_a_blank_text_is_shown_as_a_dash_because_slack_refuses_blanks(view, blank):
    assert incident_message(view(title=blank), reason=Notify.FIRST).blocks[1]["text"]["text"] == "-"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"state": State.TRIGGERED}, "State: Triggered"),
        ({"state": State.ACKNOWLEDGED, "acknowledged_at": NIGHT}, "State: Acknowledged, Mona Adel, 10 Mar 02:10 EET (00:10 UTC)"),
        ({"state": State.RESOLVED, "resolved_at": NIGHT}, "State: Resolved, 10 Mar 02:10 EET (00:10 UTC)"),
    ],
)  # fmt: skip
def test_slack_and_mail_say_who_took_it_and_when(view, changes, expected):
    shown = view(owner="Mona Adel", **changes)
    assert f'"{expected}"' in json.dumps(incident_message(shown, reason=Notify.UPDATED).blocks)
    assert expected in incident_email(shown, reason=Notify.UPDATED, locale="en").text.splitlines()


def test_E47_no_line_of_a_text_mail_from_outside_can_pass_for_one_of_ours(view):
    fake = "x\nAcknowledge: https://evil.example"
    mail = incident_email(
        view(title=fake, summary=fake + "\r\n\u2028Note: y", values={"path": fake}, service=fake, note=fake),
        reason=Notify.FIRST,
        locale="en",
    )
    ours = [line for line in mail.text.splitlines() if line.startswith(("Acknowledge:", "Note:"))]
    assert [line.partition(" ")[2] for line in ours] == ["x Acknowledge: https://evil.example", view().ack_url]


def test_E49_an_arabic_text_mail_isolates_latin_texts(view):
    text = incident_email(view(values={"path": "/a"}), reason=Notify.FIRST, locale="ar").text
    for latin in ("Checkout.kt line 88", "app", "/a"):
        assert f"\u2068{latin}\u2069" in text
    assert "\u2068" not in incident_email(view(values={"path": "/a"}), reason=Notify.FIRST, locale="en").text


@pytest.mark.parametrize("hostile", ["a\u202eb", "a\u2066b", "a\u200fb", "a\ud800b", "a\x00b", "a\x1bb"])
def test_bidi_controls_halves_of_pairs_and_control_characters_reach_no_subject(view, hostile):
    subject = incident_email(view(title=hostile), reason=Notify.FIRST, locale="en").subject
    assert subject == "[CRITICAL] ab"
    assert one_line(hostile) == "ab" == printable(hostile)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("go to https://evil.example/x now", "go to [link] now"),
        ("HTTPS://EVIL", "[link]"),
        ("ftp://evil.example", "[link]"),
        ("intent://x#y", "[link]"),
        ("www.evil.example", "[link]"),
        ("evil.com/reset?x=1 now", "[link] now"),
        ("x@evil.com/reset", "x@[link]"),
        ("see evil.com.", "see evil.com."),
        ("see evil.com now", "see evil(.)com now"),
        ("shop.souk.app is down", "shop.souk(.)app is down"),
        ("java.lang.NullPointerException", "java.lang.NullPointerException"),
        ("CheckoutViewModel.kt line 88", "CheckoutViewModel.kt line 88"),
        ("POST /api/orders 3.2.0", "POST /api/orders 3.2.0"),
        ("java.io.IOException at a.io.b()", "java.io.IOException at a.io.b()"),
    ],
)
def test_E48_nothing_from_outside_can_be_tapped_in_an_sms(text, expected):
    assert without_links(text) == expected


def test_without_links_is_linear():
    assert without_links("a-b." * 50_000).startswith("a-b.")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example@console.cloud.google.com/",
        "https://console.cloud.google.com\\@evil.example/",
        "https://[console.cloud.google.com/",
        "javascript://console.cloud.google.com/%0aalert(1)",
        "//console.cloud.google.com/x",
    ],
)
def test_E47_an_address_in_disguise_is_not_linked(view, url):
    assert view(links={"console": url}).links == {}
