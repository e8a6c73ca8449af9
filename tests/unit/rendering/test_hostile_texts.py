"""One table: each hostile text on each way out leaves the same structure as a harmless one."""

import json
import logging
import re
from email.message import EmailMessage
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar

from shared.domain.incidents import TimelineEntry
from shared.domain.reasons import Notify
from shared.logs import JsonFormatter
from shared.rendering import pages, voice
from shared.rendering.calendar import feed
from shared.rendering.email import incident_email
from shared.rendering.push import TEXT, TITLE, incident_push
from shared.rendering.slack import escalation_note, incident_message
from shared.rendering.sms import incident_sms
from shared.rendering.twiml import asking, telling, text_answer
from tests.conftest import NIGHT, configuration
from tests.unit.rendering.paging import incident_page

HOSTILE = {
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "an attribute": "\" onmouseover=\"alert(1)\" x='",
    "a mention": "<!channel> <!here> <@U0MONA> @here @channel",
    "a link in Slack": "<https://evil.example/x|reset your password>",
    "a link": "https://evil.example/x javascript:alert(1)",
    "Markdown": "*a* _b_ ~c~ `d` ```e``` [f](https://evil.example/x)\n> quoted\n# head",
    "headers": "x\r\nBcc: a@evil.example\r\n\r\n<p>body",
    "directions": "a\u202eb\u2066c\u200fd\u061c",
    "no width": "a\u200bb\u200c\u2060c\ufeff",
    "control": "a\x00b\x1b[31mc\x07\x9bd\u2028e\u2029f\x85g",
    "half a character": "a\ud800b",
    "XML": "</Say><Hangup/><Say>]]><!-- <?x ?>&amp;&#10;",
    "SQL": "'; DROP TABLE incidents; --",
    "a formula": "=cmd|' /C calc'!A0",
    "Typst": '#eval("1") $x$ @ref <l>',
    "a calendar": "x\nATTENDEE:mailto:a@evil.example\nEND:VEVENT",
    "a log line": 'x"}\n{"severity": "CRITICAL", "message": "made up"}',
    "a template": "{{7*7}} ${7*7} {0} %s %n",
    "YAML": "- a: &b !!python/object:x\n...\n---",
    "very long": "ص" * 70_000,
    "both directions": "فشل pay(\u200e) عند /v1/orders فشل",
}  # fmt: skip


class Structure(HTMLParser):
    """The tags of a page with the names of their attributes, in order, and where its links lead."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        leads = [value for name, value in attributes if name in {"href", "src", "action"}]
        self.found.append((tag, sorted({name for name, _ in attributes}), leads))


def evil(view, text):
    return view(
        title=text, summary=text, service=text, values={"path": text}, labels={"x": text}, note=text, owner=text
    )


def mail(view, text):
    body = incident_email(evil(view, text), reason=Notify.FIRST, locale="en")
    message = EmailMessage()
    message["Subject"] = body.subject
    return {
        "headers": [name for name, _ in message.items()],
        "lines of the subject": len(body.subject.splitlines()),
        "HTML": Structure(body.html).found,
        "our lines": [
            line.partition(":")[0] for line in body.text.splitlines() if line.startswith(("Acknowledge:", "State:"))
        ],
    }


def texts_with_markup(node):
    """Slack reads markup in "mrkdwn" alone; a plain text is shown as it is."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        node = list(node.values())
    for child in node if isinstance(node, (list, tuple)) else ():
        yield from texts_with_markup(child)


def slack(view, text):
    shown = evil(view, text)
    bodies = [
        incident_message(shown, reason=Notify.FIRST),
        escalation_note(shown, reason=Notify.ESCALATED, mention=["U0OMAR"]),
    ]
    kinds = [[block["type"] for block in body.blocks] for body in bodies]
    said = [one for body in bodies for one in (body.text, *texts_with_markup(body.blocks))]
    return kinds, sorted(found for one in said for found in re.findall("<[^>]*>", one))


def sms(view, text):
    said = incident_sms(evil(view, text), reason=Notify.FIRST, locale="en").text
    assert len(said) <= 320
    return len(said.splitlines()), re.findall(r"https?://\S+", said)


def call(view, text):
    lines = [*voice.opening(evil(view, text), reason=Notify.FIRST, locale="en"), voice.owned(text, NIGHT, "en")]
    found = asking(lines, answer_to="https://m.souk.example/a", silence_to="https://m.souk.example/b"), telling(lines)
    return [[one.tag for one in ET.fromstring(xml).iter()] for xml in (*found, text_answer(voice.plain(text)))]


def push(view, text):
    body = incident_push(evil(view, text), reason=Notify.FIRST, locale="en")
    assert (len(body.title) <= TITLE, len(body.text) <= TEXT) == (True, True)
    return len(body.title.splitlines()), len(body.text.splitlines()), body.url


def page(view, text):
    shown, line = evil(view, text), TimelineEntry(NIGHT, "opened", "r", text, text)
    told = incident_page(shown.incident, [line], [], now=NIGHT, runbook="")
    return [Structure(one).found for one in (told, pages.acknowledge_page(shown))]


def calendar(view, text):
    config = configuration()
    made = feed([], title=text, directory=config.directory, now=NIGHT)
    return (
        [name for name, _ in Calendar.from_ical(made).property_items()],
        made.count(b"\nBEGIN:"),
        made.count(b"\nATTENDEE"),
    )


def log(view, text):
    record = logging.LogRecord("shared.x", logging.WARNING, "f", 1, "said: %s", (text,), None)
    record.reason = text
    line = JsonFormatter().format(record)
    return line.count("\n"), sorted(json.loads(line))


WAYS = {one.__name__: one for one in (mail, slack, sms, call, push, page, calendar, log)}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("way", WAYS)
def test_E47_a_hostile_text_is_inert_on_every_way_out(view, way, what):
    assert WAYS[way](view, HOSTILE[what]) == WAYS[way](view, "harmless")
