"""The pages of incidents on a telephone and on a desk: accessible, legible, and used to stop an escalation."""

import re
from datetime import timedelta

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from shared import bootstrap
from shared.domain.incidents import State
from shared.usecases.chart_link import evidence_write
from shared.usecases.records import incident_writes, read_incident
from tests.browser.conftest import DESK, PHONE, incident, pages_escalated, serious, shows, sign_in
from tests.unit.evidence_samples import evidence

TOUCHED = "a, button, summary, select, input:not([type=hidden]), textarea"


def with_evidence():
    """The incident rests on a chart, and on a title that wants to run out of the screen."""
    store = bootstrap.state()
    found, version = read_incident(store, incident().id)
    object.__setattr__(found, "values", {**found.values, "evidence": "e1"})
    object.__setattr__(found, "title", "TypeError: " + "x" * 180 + " فشل الدفع <b>")
    store.commit([evidence_write("e1", evidence()), *incident_writes(found, [], version)])
    return found.id


def paths(name):
    return (
        "/incidents",
        "/incidents?state=over&severity=low",
        f"/incidents/{name}",
        f"/incidents/{name}?all=1",
        "/incidents/nothing",
    )


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("dark", [True, False], ids=["night", "day"])
def test_pages_are_accessible_and_fit(screen, platform, size, locale, dark):
    browser = screen(size, dark=dark)
    name = with_evidence()
    browser.get(f"{platform.url}/incidents?lang={locale}")
    assert serious(browser) == []  # what a stranger sees
    sign_in(browser, platform)
    for path in paths(name):
        browser.get(f"{platform.url}{path}{'&' if '?' in path else '?'}lang={locale}")
        browser.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert serious(browser) == [], path
        assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth"), path
        assert browser.execute_script("return document.dir") == ("rtl" if locale == "ar" else "ltr"), path


def test_everything_that_is_touched_is_as_large_as_a_finger(screen, platform):
    browser = screen(PHONE)
    sign_in(browser, platform)
    for path in paths(with_evidence()):
        browser.get(platform.url + path)
        browser.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")
        shown = [one for one in browser.find_elements(By.CSS_SELECTOR, TOUCHED) if one.is_displayed()]
        small = [
            (one.text or one.tag_name, one.size)
            for one in shown
            if one.size["height"] < 44 and "skip" not in one.get_attribute("class")
        ]
        assert small == [], path


def test_at_night_the_button_under_the_thumb_stops_the_escalation(screen, platform):
    browser = screen(PHONE)
    sign_in(browser, platform)
    browser.get(f"{platform.url}/incidents")
    browser.find_element(By.CSS_SELECTOR, ".incidents a").click()
    shows(browser, "nobody yet")
    button = browser.find_element(By.XPATH, "//button[text()='Acknowledge']")
    assert button.rect["y"] + button.rect["height"] <= PHONE[1]
    button.click()
    shows(browser, f"{incident().id}: acknowledged")
    assert (incident().state, incident().owner) == (State.ACKNOWLEDGED, "mona")
    assert "Mona Adel" in browser.find_element(By.CLASS_NAME, "owner").text
    assert browser.find_elements(By.XPATH, "//button[text()='Acknowledge']") == []
    assert pages_escalated(platform) == []


def test_a_note_and_a_hand_over_are_made_from_the_page_and_a_reload_repeats_nothing(screen, platform):
    browser = screen(PHONE)
    sign_in(browser, platform)
    browser.get(f"{platform.url}/incidents/{incident().id}")
    summary = browser.find_element(By.XPATH, "//summary[text()='Hand over']")
    browser.execute_script("arguments[0].scrollIntoView()", summary)
    summary.click()
    Select(browser.find_element(By.ID, "reassign-to")).select_by_visible_text("Laila Nour")
    browser.find_element(By.ID, "reassign-note").send_keys("payments فشل <b>")
    browser.find_element(By.XPATH, "//button[text()='Hand over']").click()
    shows(browser, "handed over: Laila Nour")
    browser.refresh()
    shows(browser, "payments فشل <b>")
    assert (incident().owner, incident().notes) == ("lead", 1)


def test_the_clocks_count_and_without_scripts_they_say_how_it_stood(screen, platform):
    browser = screen(PHONE)
    sign_in(browser, platform)
    path = f"{platform.url}/incidents/{incident().id}"
    browser.get(path)
    clock = browser.find_element(By.CSS_SELECTOR, "time[data-runs=down]")
    first = clock.text
    assert re.fullmatch(r"\d+:\d\d", first)
    WebDriverWait(browser, 5).until(lambda _: clock.text != first)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(path)
    assert re.search(r"\d+ min", browser.find_element(By.CSS_SELECTOR, "time[data-runs=down]").text)
    browser.find_element(By.XPATH, "//button[text()='Acknowledge']").click()
    shows(browser, "acknowledged")
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert incident().owner == "mona"


def test_a_promise_that_has_passed_reads_as_late(screen, platform):
    browser = screen(PHONE)
    sign_in(browser, platform)
    platform.advance(timedelta(minutes=20))
    browser.get(f"{platform.url}/incidents/{incident().id}")
    late = [one.text for one in browser.find_elements(By.CSS_SELECTOR, ".clocks .late dt")]
    assert late in ([], ["Acknowledgement overdue by"])


def test_a_form_of_another_page_of_this_machine_is_refused(screen, platform):
    browser = screen(PHONE)
    sign_in(browser, platform)
    elsewhere = platform.url.replace("127.0.0.1", "localhost")
    browser.get(f"{elsewhere}/inbox")
    browser.execute_script(
        "const form = document.createElement('form'); form.method = 'post'; form.action = arguments[0];"
        "form.innerHTML = '<input name=action value=acknowledge><input name=token value=x>';"
        "document.body.append(form); form.submit()",
        f"{platform.url}/incidents/{incident().id}/act",
    )
    WebDriverWait(browser, 10).until(lambda _: "/act" in browser.current_url)
    assert incident().owner == ""
