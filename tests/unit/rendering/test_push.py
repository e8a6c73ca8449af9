"""What a locked telephone shows: short, literal, in the reader's direction, with the way to acknowledge behind it."""

import pytest

from shared.domain.bulletins import BulletinText
from shared.domain.incidents import State
from shared.domain.reasons import Notify
from shared.domain.severities import Severity
from shared.rendering.escaping import END_ISOLATE, ISOLATE
from shared.rendering.push import TEXT, TITLE, bulletin_push, incident_push

ACK = "https://m.souk.example/a/1234567890abcdef1234.MARKMARKMARKMARKMARK"


def test_a_page_says_how_bad_what_and_since_when_and_leads_to_the_acknowledgement(view):
    body = incident_push(view(), reason=Notify.FIRST, locale="en")
    assert body.title == "CRITICAL: Checkout.kt line 88"
    assert body.text == "New incident, 4 min · app"
    assert (body.url, body.urgent) == (ACK, True)


@pytest.mark.parametrize("state", [State.ACKNOWLEDGED, State.RESOLVED])
def test_what_somebody_owns_leads_to_the_incident(view, state):
    body = incident_push(view(state=state), reason=Notify.SEVERITY_RAISED, locale="en")
    assert body.url == "https://m.souk.example/incidents/1"


def test_good_news_is_not_urgent(view):
    body = incident_push(view(state=State.RESOLVED), reason=Notify.RESOLVED, locale="en")
    assert (body.title, body.text, body.urgent) == ("Resolved: Checkout.kt line 88", "app", False)


def test_less_than_high_is_not_urgent(view):
    assert not incident_push(view(severity=Severity.MEDIUM), reason=Notify.FIRST, locale="en").urgent


@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("reason", list(Notify))
@pytest.mark.parametrize("text", ["x" * 9_000, "ص" * 9_000, "👨‍👩‍👧‍👦" * 900, "a\u202eb\r\n\x00" * 900])
def test_both_texts_keep_their_limits_whatever_comes_from_outside(view, text, locale, reason):
    body = incident_push(view(title=text, service=text, note=text), reason=reason, locale=locale)
    assert (len(body.title) <= TITLE, len(body.text) <= TEXT) == (True, True)
    assert not {"\u202e", "\n", "\x00"} & set(body.title + body.text)


def test_E49_a_latin_name_is_isolated_in_an_arabic_push(view):
    body = incident_push(view(), reason=Notify.FIRST, locale="ar")
    assert body.title == f"حرج: {ISOLATE}Checkout.kt line 88{END_ISOLATE}"


def test_a_bulletin_is_its_title_and_as_much_of_the_rest_as_fits():
    body = bulletin_push(BulletinText("t" * 100, ("one", "two" * 200)), link="https://x.example")
    assert (len(body.title), len(body.text), body.url, body.urgent) == (TITLE, TEXT, "https://x.example", False)
