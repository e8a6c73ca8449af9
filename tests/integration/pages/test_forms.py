"""Only a form that one of our pages showed this person in this browser changes anything."""

import re
from datetime import timedelta

import pytest

from shared.domain.incidents import State
from shared.domain.severities import Severity
from shared.domain.tasks import TaskKind
from shared.usecases.act import Action
from shared.usecases.page_actions import OFFERS
from shared.usecases.records import tasks_of
from tests.integration.pages.conftest import HOST, OURS, TOKEN

MODES = ("iap", "firebase", "local")


@pytest.fixture(params=MODES)
def mona(house, request):
    browser = house.open(request.param)
    if request.param == "local":
        browser.get(f"/sign-in?token={TOKEN}")
    return browser.as_("mona@souk.example", request.param)


def wish(browser, **changes):
    return {"action": "acknowledge", "token": browser.token(), **changes}


def test_a_press_acknowledges_and_the_page_says_so_once(house, mona):
    name = house.happens()
    answer = mona.post(f"/incidents/{name}/act", wish(mona))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/incidents/{name}")
    assert (house.incident(name).owner, house.incident(name).state) == ("mona", State.ACKNOWLEDGED)
    assert f"{name}: acknowledged" in mona.get(f"/incidents/{name}").text
    assert f"{name}: acknowledged" not in mona.get(f"/incidents/{name}").text


FOREIGN = {
    "another site": {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    "a sister domain": {"Origin": "https://www.souk.example", "Sec-Fetch-Site": "same-site"},
    "an address that was typed": {"Sec-Fetch-Site": "none"},
    "an old browser on another site": {"Origin": "https://evil.example"},
    "the same host without a lock": {"Origin": "http://m.souk.example"},
    "a sandboxed frame": {"Origin": "null"},
    "a host that begins alike": {"Origin": f"{HOST}.evil.example"},
    "nobody says": {},
}


@pytest.mark.parametrize("whence", FOREIGN)
def test_a_form_from_elsewhere_is_refused_even_with_a_token(house, mona, whence):
    name, before = house.happens(), None
    form = wish(mona)
    before = house.everything()
    assert mona.post(f"/incidents/{name}/act", form, headers=FOREIGN[whence]).status_code == 403
    assert house.everything() == before


def test_an_old_browser_that_names_only_its_origin_may(house, mona):
    name = house.happens()
    assert mona.post(f"/incidents/{name}/act", wish(mona), headers={"Origin": HOST}).status_code == 303
    assert house.incident(name).owner == "mona"


@pytest.mark.parametrize("token", ["", "x", "é", None, 4_000 * "x"])
def test_a_form_without_our_token_is_refused(house, mona, token):
    name = house.happens()
    form = {"action": "acknowledge"} if token is None else wish(mona, token=token)
    assert mona.post(f"/incidents/{name}/act", form).status_code == 403
    assert house.incident(name).owner == ""


def test_a_form_of_another_browser_or_another_person_is_refused(house):
    name = house.happens()
    first, second = (house.open("iap").as_("mona@souk.example", "iap") for _ in range(2))
    second.get("/incidents")
    assert second.post(f"/incidents/{name}/act", wish(first)).status_code == 403
    shared = wish(first)
    assert first.as_("omar@souk.example", "iap").post(f"/incidents/{name}/act", shared).status_code == 403
    assert house.incident(name).owner == ""
    assert first.as_("mona@souk.example", "iap").post(f"/incidents/{name}/act", shared).status_code == 303


def test_a_form_without_the_browser_s_cookie_is_refused(house):
    name = house.happens()
    browser = house.open("iap").as_("mona@souk.example", "iap")
    form = wish(browser)
    browser.client.delete_cookie("__Host-soukmon-form", domain="m.souk.example")
    assert browser.post(f"/incidents/{name}/act", form).status_code == 403
    assert house.incident(name).owner == ""


def test_a_get_changes_nothing_whatever_it_carries(house, mona):
    name = house.happens()
    form, before = wish(mona), house.everything()
    query = "&".join(f"{key}={value}" for key, value in form.items())
    assert mona.get(f"/incidents/{name}/act?{query}", **OURS).status_code == 405
    assert mona.get(f"/incidents/{name}?{query}", **OURS).status_code == 200
    assert house.everything() == before


def test_signing_out_takes_a_form_of_ours_as_well_and_ends_the_session(house):
    house.happens()
    browser = house.open("local")
    browser.get(f"/sign-in?token={TOKEN}")
    assert browser.post("/sign-out").status_code == 403
    assert browser.get("/incidents").status_code == 200
    assert browser.post("/sign-out", {"token": browser.token()}).status_code == 303
    assert browser.get("/incidents").status_code == 401


def test_cookies_are_bound_to_the_host_and_no_script_reads_them(house):
    browser = house.open("local")
    answers = [browser.get(f"/sign-in?token={TOKEN}&lang=ar"), browser.get("/incidents")]
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    assert len(cookies) == 3
    for cookie in cookies:
        assert cookie.startswith("__Host-soukmon")
        assert {"Path=/", "SameSite=Lax", "HttpOnly", "Secure"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


def test_a_session_ends_after_a_night_and_needs_the_token_again(house, clock):
    browser = house.open("local")
    browser.get(f"/sign-in?token={TOKEN}")
    clock.advance(timedelta(hours=11, minutes=59))
    assert browser.get("/incidents").status_code == 200
    clock.advance(timedelta(minutes=1))
    assert browser.get("/incidents").status_code == 401


def test_the_token_does_not_stay_in_the_address(house):
    answer = house.open("local").get(f"/sign-in?token={TOKEN}&next=/incidents/INC-1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/incidents/INC-1")


@pytest.mark.parametrize(
    "there",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/incidents/../../x",
        "javascript:alert(1)",
        "/incidentsx",
        "/incidents/%0d%0aSet-Cookie:x",
    ],
)
def test_a_sign_in_leads_nowhere_else(house, there):
    location = (
        house.open("local")
        .client.get("/sign-in", query_string={"token": TOKEN, "next": there}, base_url=HOST)
        .headers["Location"]
    )
    assert location.startswith("/incidents")
    assert not re.search(r"[\r\n\\:]|\.\.", location)


def test_a_token_of_the_app_becomes_a_session(house):
    browser = house.open("firebase").as_("mona@souk.example", "firebase")
    assert browser.post("/session").status_code == 303
    browser.proof = {}
    assert "Mona Adel" in browser.get("/incidents").text
    assert browser.post("/session").status_code == 401


def test_the_proxy_makes_no_sessions(house):
    browser = house.open("iap").as_("mona@souk.example", "iap")
    assert browser.post("/session").status_code == 401


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"action": "nothing"}, 400),
        ({}, 400),
        ({"action": "snooze", "lasting": "9" * 40}, 303),
        ({"action": "snooze", "lasting": "١٢"}, 303),
        ({"action": "note", "note": "x" * 20_000}, 413),
    ],
)
def test_forms_that_no_page_of_ours_holds_do_no_harm(house, form, status):
    name = house.happens()
    browser = house.open("iap").as_("mona@souk.example", "iap")
    assert browser.post(f"/incidents/{name}/act", {"token": browser.token(), **form}).status_code == status


def test_every_action_of_the_page_does_what_it_says(house):
    name = house.happens()
    browser = house.open("iap").as_("mona@souk.example", "iap")

    def press(action, **fields):
        browser.post(f"/incidents/{name}/act", wish(browser, action=action, **fields))
        return house.incident(name)

    assert press("note", note="looks like payments <b>").notes == 1
    assert press("reassign", to="lead", note="yours").owner == "lead"
    assert press("escalate").state is State.TRIGGERED
    assert press("snooze", lasting="60").snoozed_until == house.clock.now() + timedelta(hours=1)
    assert press("not_useful").judged == ("mona",)
    assert press("role", role="scribe", to="omar").roles == {"scribe": "omar"}
    assert press("severity", severity="high", note="few are hit").severity is Severity.HIGH
    assert press("mitigate").state is State.MITIGATED
    assert press("resolve", note="rolled back").state is State.RESOLVED
    assert press("reopen", note="it is back").state is State.TRIGGERED
    assert press("merge", into="INC-nothing").state is State.TRIGGERED
    assert press("resolve").state is State.RESOLVED
    assert press("close").state is State.CLOSED
    shown = browser.get(f"/incidents/{name}").text
    assert ("via page" in shown, "looks like payments &lt;b&gt;" in shown) == (True, True)


def test_whatever_can_be_done_to_an_incident_can_be_done_from_its_page():
    assert {one.action for one in OFFERS} == set(Action)


def test_tasks_are_opened_and_done_from_the_page_and_only_on_their_own_incident(house):
    other, name = house.happens(name="other"), house.happens()
    browser = house.open("iap").as_("mona@souk.example", "iap")
    wanted = {"token": browser.token(), "text": "write to the bank <b>", "to": "omar", "kind": "action"}
    browser.post(f"/incidents/{name}/tasks", wanted)
    (task,) = tasks_of(house.store, name)
    assert (task.owner, task.kind, task.created_by) == ("omar", TaskKind.ACTION, "mona")
    assert "write to the bank &lt;b&gt;" in browser.get(f"/incidents/{name}").text
    assert browser.post(f"/incidents/{other}/tasks/{task.id}/done", wanted).status_code == 404
    assert tasks_of(house.store, name)[0].is_open
    assert browser.post(f"/incidents/{name}/tasks/{task.id}/done", wanted).status_code == 303
    assert tasks_of(house.store, name)[0].done_by == "mona"
