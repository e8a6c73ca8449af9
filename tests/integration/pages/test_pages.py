"""What a reader gets: small pages from our host alone, the list in its order, one incident with all there is to it."""

import gzip
import json
import re
from datetime import timedelta

import pytest

from shared.domain.incidents import TimelineEntry
from shared.domain.severities import Severity
from shared.rendering.assets import KINDS, content
from shared.usecases.chart_link import evidence_write
from shared.usecases.incident_list import ON_A_PAGE
from shared.usecases.page_site import SAFE
from shared.usecases.records import incident_writes, read_incident
from tests.integration.pages.conftest import TOKEN
from tests.unit.evidence_samples import evidence

KILOBYTES_100 = 100_000
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


@pytest.fixture
def mona(house):
    return house.open("iap").as_("mona@souk.example", "iap")


def change(house, name, *, entries=(), **changes):
    incident, version = read_incident(house.store, name)
    for key, value in changes.items():
        object.__setattr__(incident, key, value)
    house.store.commit(incident_writes(incident, entries, version))


def loaded(browser, path):
    """The bytes of a page with everything it loads."""
    page = browser.get(path)
    parts = set(re.findall(r'(?:href|src)="(/assets/[^"]+|[^"]+chart\.svg[^"]*)"', page.text))
    answers = [browser.get(part.replace("&amp;", "&")) for part in parts]
    assert {answer.status_code for answer in [page, *answers]} == {200}
    return len(page.data) + sum(len(answer.data) for answer in answers)


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_a_long_incident_with_its_chart_loads_under_100_kilobytes(house, mona, locale):
    name = house.happens(title="فشل الدفع " * 20)
    lines = [TimelineEntry(house.clock.now(), "note", "note added", "mona", "ملاحظة طويلة " * 75) for _ in range(400)]
    house.store.commit([evidence_write("e1", evidence())])
    change(house, name, entries=lines, values={"evidence": "e1", "status": "500"}, runbook="payments")
    assert loaded(mona, f"/incidents/{name}?lang={locale}") < KILOBYTES_100


def test_a_full_list_loads_under_100_kilobytes(house, mona):
    for number in range(2 * ON_A_PAGE):
        house.happens(name=f"f{number}", title=f"{number} فشل الدفع " * 20)
    assert loaded(mona, "/incidents") < KILOBYTES_100


def test_every_answer_is_safe_to_show(house, mona):
    name = house.happens()
    for path in ("/incidents", f"/incidents/{name}", "/nothing", "/api/incidents", "/sign-in", "/assets/site.css"):
        headers = mona.get(path).headers
        assert set(SAFE) <= set(headers.items()), path
    policy = dict(SAFE)["Content-Security-Policy"]
    assert ("unsafe" in policy, "default-src 'none'" in policy, "frame-ancestors 'none'" in policy) == (
        False,
        True,
        True,
    )


def test_files_of_ours_may_be_kept_because_their_address_changes_and_others_are_not_found(mona):
    for name, kind in KINDS.items():
        answer = mona.get(f"/assets/{name}")
        assert ("immutable" in answer.headers["Cache-Control"], answer.headers["Content-Type"]) == (True, kind)
    for name in ("incident.html", "..%2f__init__.py", "site.css/x"):
        assert mona.get(f"/assets/{name}").status_code == 404


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, br", "gzip"), ("br;q=1, gzip;q=0.5", "gzip"), ("gzip;q=0", None), ("br", None), ("", None)],
)
def test_files_of_ours_are_compressed_for_who_takes_it(mona, accepted, encoding):
    answer = mona.get("/assets/site.css", **{"Accept-Encoding": accepted})
    assert (answer.headers.get("Content-Encoding"), answer.headers["Vary"]) == (encoding, "Accept-Encoding")
    assert (gzip.decompress(answer.data) if encoding else answer.data) == content("site.css")


def test_E47_hostile_texts_stay_texts(house, mona):
    name = house.happens(title=EVIL)
    change(house, name, summary=EVIL, service=EVIL, values={"path": EVIL}, owner=EVIL)
    for path in ("/incidents", f"/incidents/{name}", "/incidents?service=" + EVIL, f"/incidents/{name}?lang={EVIL}"):
        page = mona.get(path).text
        assert "<script>" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(1)" in page or "lang=" in path


def test_open_incidents_come_first_and_the_worst_without_an_owner_on_top(house, mona):
    names = {}
    for key in ("over", "low", "owned", "critical"):
        names[key] = house.happens(name=key)
        house.clock.advance(timedelta(minutes=1))
    change(house, names["low"], severity=Severity.LOW)
    mona.post(f"/incidents/{names['owned']}/act", {"action": "acknowledge", "token": mona.token()})
    mona.post(f"/incidents/{names['over']}/act", {"action": "resolve", "token": mona.token()})
    page = mona.get("/incidents").text
    order = re.findall(r'<a href="/incidents/([^"]+)"><span', page)
    assert order == [names[key] for key in ("critical", "low", "owned", "over")]
    assert "<strong>3</strong>" in page


FILTERS = {
    "state=open": {"a", "b"}, "state=over": {"c"}, "state=unowned": {"a", "b"}, "severity=low": {"b"},
    "service=api": {"b"}, "severity=low&service=api&state=open": {"b"}, "service=nothing": set(),
    "severity=made-up&state=odd&page=x": {"a", "b", "c"}, "page=99": set(), "page=0": {"a", "b", "c"},
}  # fmt: skip


@pytest.mark.parametrize("query", FILTERS)
def test_the_list_is_filtered(house, mona, query):
    names = {key: house.happens(name=key) for key in "abc"}
    change(house, names["b"], severity=Severity.LOW, service="api")
    mona.post(f"/incidents/{names['c']}/act", {"action": "resolve", "token": mona.token()})
    page = mona.get(f"/incidents?{query}").text
    assert {key for key, name in names.items() if f'href="/incidents/{name}"' in page} == FILTERS[query]


def test_pages_of_the_list_show_every_incident_once_though_all_began_at_once(house, mona):
    names = {house.happens(name=f"f{number}") for number in range(2 * ON_A_PAGE + 3)}
    seen, path = [], "/incidents"
    while path:
        page = mona.get(path).text
        seen += re.findall(r'<a href="/incidents/([^"]+)"><span', page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert (len(seen), set(seen)) == (len(names), names)


def test_one_s_own_language_is_the_first_and_what_was_chosen_stays(house):
    browser = house.open("local")
    browser.get(f"/sign-in?token={TOKEN}~omar")
    assert '<html lang="ar" dir="rtl">' in browser.get("/incidents").text
    assert '<html lang="en" dir="ltr">' in browser.get("/incidents?lang=en").text
    assert '<html lang="en" dir="ltr">' in browser.get("/incidents").text


def test_an_observer_sees_everything_and_no_button(house):
    name = house.happens()
    page = house.open("iap").as_("board@souk.example", "iap").get(f"/incidents/{name}").text
    assert ("<form" in page, "You may read, and not act." in page, "Checkout.kt line 88" in page) == (False, True, True)


def test_a_stranger_is_told_how_to_sign_in_and_nobody_s_address_what_to_ask_for(house):
    for mode, told in {
        "iap": "company account",
        "firebase": "app",
        "local": "soukmon up",
        "": "SOUKMON_SIGN_IN",
    }.items():
        answer = house.open(mode).get("/incidents")
        assert (answer.status_code, told in answer.text) == (401, True)
    unknown = house.open("iap").as_("eve@souk.example", "iap").get("/incidents?lang=ar")
    assert ("oncall.yaml" in unknown.text, "eve" in unknown.text) == (True, False)


def test_programs_get_what_is_kept_and_a_version_that_changes_with_every_act(house, mona):
    name = house.happens()
    (listed,) = json.loads(mona.get("/api/incidents?limit=1").text)
    one, before = mona.get(f"/api/incidents/{name}").json, mona.get(f"/api/incidents/{name}/version").json
    assert listed["id"] == one["id"] == name
    assert (len(one["timeline"]) > 0, len(one["notifications"]) > 0) == (True, True)
    mona.post(f"/incidents/{name}/act", {"action": "note", "note": "x", "token": mona.token()})
    assert mona.get(f"/api/incidents/{name}/version").json["version"] != before["version"]


def test_everything_of_a_long_record_is_shown_when_asked_for(house, mona):
    name = house.happens()
    lines = [TimelineEntry(house.clock.now(), "note", "note added", "mona", f"line {n}.") for n in range(50)]
    change(house, name, entries=lines)
    short, whole = mona.get(f"/incidents/{name}").text, mona.get(f"/incidents/{name}?all=1").text
    assert ("line 3." in short, "line 49." in short, "line 3." in whole) == (False, True, True)
    assert ("Show everything" in short, "Show everything" in whole) == (True, False)


def test_nothing_is_planned_by_looking(house, mona):
    name = house.happens()
    before = house.everything()
    for path in ("/incidents", f"/incidents/{name}", f"/api/incidents/{name}", "/sign-in"):
        mona.get(path)
    assert house.everything() == before
