"""E49: in Arabic every Latin name stands in an isolate of its own, so that it reorders nothing around it."""

import re
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain.incidents import State, TimelineEntry
from shared.domain.reasons import Notify
from shared.rendering import pages
from shared.rendering.email import incident_email
from shared.rendering.sms import incident_sms
from tests.conftest import NIGHT
from tests.unit.rendering.paging import incident_page

ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")
ADDRESS = re.compile(r"https?://\S+")
LATIN = re.compile(r"[A-Za-z][\w.-]+")
VOID = {"meta", "br", "img", "input", "hr", "base", "link"}
APART = {"bdi", "code", "style", "title", "svg", "summary", "strong"}
names = st.from_regex(r"[A-Z][a-z]{2,8}\.kt [a-z]{2,8}_[a-z]{2,8}\([0-9]{1,3}\)", fullmatch=True)
anything = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


class Loose(HTMLParser):
    """Collects Latin words that stand in Arabic text without an isolate."""

    def __init__(self):
        super().__init__()
        self.apart, self.found = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            given = dict(attrs)
            foreign = given.get("lang") == "en" or given.get("dir") in {"ltr", "auto"}
            self.apart.append(tag in APART or foreign or (bool(self.apart) and self.apart[-1]))

    def handle_endtag(self, tag):
        if tag not in VOID:
            self.apart.pop()

    def handle_data(self, data):
        if not (self.apart and self.apart[-1]):
            self.found += LATIN.findall(loose(data))


def loose(text):
    previous = None
    while previous != text:
        previous, text = text, ISOLATED.sub("", text)
    return ADDRESS.sub("", text)


def in_html(html):
    parser = Loose()
    parser.feed(html)
    return parser.found


@anything
@given(title=names, service=names, reason=st.sampled_from(Notify), state=st.sampled_from(State))
def test_E49_messages_isolate_every_latin_name(view, title, service, reason, state):
    value = f"{service} in {title}"
    seen = view(
        state=state, owner=title, title=title, service=service, summary=value, values={"app_version": value}, note=value
    )
    assert LATIN.findall(loose(incident_sms(seen, reason=reason, locale="ar").text)) == []
    mail = incident_email(seen, reason=reason, locale="ar")
    assert in_html(mail.html) == []
    assert LATIN.findall(loose(mail.text)) == []


@anything
@given(title=names, service=names, actor=names)
def test_E49_pages_isolate_every_latin_name(view, title, service, actor):
    seen = view(title=title, service=service, owner=actor)
    incident = replace(seen.incident, owner=actor)
    line = TimelineEntry(NIGHT, "opened", Notify.FIRST, actor, title)
    stats = {"now": NIGHT, "virtual": True, "messages": 1, "dead_letters": 0, "functions": [actor], "note": title}
    row = {"id": title, "title": title, "service": service, "severity": "high", "state": "triggered", "count": 1,
           "opened_at": NIGHT.isoformat(), "is_open": "yes"}  # fmt: skip
    assert in_html(incident_page(incident, [line], [], now=NIGHT, locale="ar")) == []
    assert in_html(pages.home(stats | {"incidents": [row]}, locale="ar")) == []
    assert in_html(pages.acknowledge_page(seen, locale="ar")) == []
