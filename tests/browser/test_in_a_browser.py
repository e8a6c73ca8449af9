"""The pages in a real Chromium, used as a person uses them."""

from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from shared import bootstrap
from shared.domain.incidents import State
from shared.domain.notifications import Channel
from shared.rendering.catalogue import words
from shared.usecases.records import notifications_of
from tests.browser.conftest import incident, pages_escalated, shows, sign_in


def test_every_page_renders_without_an_error_and_asks_no_other_host_for_anything(browser, platform):
    name = incident().id
    sign_in(browser, platform)
    browser.get_log("browser")
    browser.get_log("performance")
    for path in ("/", "/inbox", "/inbox?only=smtp", "/incidents", f"/incidents/{name}", f"/incidents/{name}?lang=ar"):
        browser.get(platform.url + path)
        assert browser.find_element(By.TAG_NAME, "h1").is_displayed()
        assert browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    assert [
        line for line in browser.get_log("browser") if line["level"] == "SEVERE" and "favicon" not in line["message"]
    ] == []
    asked = [e["message"] for e in browser.get_log("performance") if "Network.requestWillBeSent" in e["message"]]
    assert [m for m in asked if '"url":"http' in m and platform.url not in m] == []


def test_an_arabic_page_reads_from_the_right_and_titles_stay_literal(browser, platform):
    sign_in(browser, platform)
    browser.get(f"{platform.url}/incidents/{incident().id}?lang=ar")
    assert browser.find_element(By.TAG_NAME, "html").value_of_css_property("direction") == "rtl"
    assert "<b>Checkout</b>.kt فشل الدفع" in browser.find_element(By.TAG_NAME, "h1").text


def test_the_button_in_the_inbox_acknowledges_and_stops_the_escalation(browser, platform):
    browser.get(f"{platform.url}/inbox?only=slack")
    browser.find_element(By.XPATH, "//button[text()='Acknowledge']").click()
    shows(browser, "Mona Adel, 10 Mar")
    assert "/inbox" in browser.current_url
    assert (incident().state, incident().owner) == (State.ACKNOWLEDGED, "mona")
    assert "Acknowledged" in browser.find_element(By.TAG_NAME, "body").text
    assert pages_escalated(platform) == []


def test_more_opens_a_form_that_says_what_is_wrong_and_then_hands_over_with_a_note(browser, platform):
    browser.get(f"{platform.url}/inbox?only=slack")
    browser.find_element(By.XPATH, "//button[text()='More…']").click()
    shows(browser, "Hand over to")
    browser.find_element(By.XPATH, "//button[text()='Save']").click()
    shows(browser, "Write a note, or choose a person or a time.")
    browser.find_element(By.NAME, "note").send_keys("payments فشل <b>")
    Select(browser.find_element(By.NAME, "to")).select_by_visible_text("Laila Nour")
    browser.find_element(By.XPATH, "//button[text()='Save']").click()
    shows(browser, "Handed over, not answered yet, Laila Nour")
    assert "Mona Adel: payments فشل <b>" in browser.find_element(By.TAG_NAME, "body").text
    assert (incident().owner, incident().notes) == ("lead", 1)


def test_the_link_in_the_sms_shows_the_incident_and_its_button_stops_the_escalation(browser, platform):
    browser.get(f"{platform.url}/inbox?only=twilio")
    browser.get(browser.find_element(By.CSS_SELECTOR, ".sms a").get_attribute("href"))
    assert incident().state is State.TRIGGERED
    browser.find_element(By.TAG_NAME, "button").click()
    shows(browser, words("ar")["ack_done"])  # omar is on call, and reads Arabic
    assert incident().state is State.ACKNOWLEDGED
    told = next(r for r in notifications_of(bootstrap.state(), incident().id) if r.channel is Channel.SMS)
    assert incident().owner == told.recipient
    assert pages_escalated(platform) == []


def test_an_e_mail_in_the_inbox_cannot_run_scripts_and_shows_its_button(browser, platform):
    browser.get(f"{platform.url}/inbox?only=smtp")
    frame = browser.find_element(By.TAG_NAME, "iframe")
    assert "allow-scripts" not in frame.get_attribute("sandbox")
    assert "/a/" in frame.get_attribute("srcdoc")
