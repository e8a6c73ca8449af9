"""The dashboards as people use them: ranges, comparison, the way to an incident, both languages, night, and renewal."""

import json

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

from infra.local import samples
from infra.local.platform import Platform
from shared.rendering.chart_colours import THEMES
from tests.browser.conftest import DESK, PHONE, incident, serious, shows, sign_in
from tests.integration.pages.figures import MINUTE, TABLE, a_day, with_figures
from tests.integration.reporting.newsroom import point

DRAWN = """return [...document.querySelectorAll("[data-chart]")].every(
  (one) => one.querySelector(".plot").hidden || one.querySelector(".plot svg"))"""
TITLE = "<b>Checkout</b>.kt فشل الدفع"


@pytest.fixture
def platform(tmp_path, clock):
    """A crash has just paged somebody, and there is a day of figures."""
    running = Platform(tmp_path / "state", clock=clock, configuration=with_figures())
    running.warehouse.append(TABLE, list(a_day(clock.now())))
    event = samples.crash(clock.now(), "velocityAlert", issue="1", title=TITLE, crashCount="132", crashPercentage=12.4)
    running.call(event.function, event.body, event.headers)
    running.drain()
    running.run(workers=1)
    yield running
    running.close()


@pytest.fixture
def board(screen, platform):
    """Opens a dashboard and waits for its charts."""

    def show(path="technical", size=DESK, *, dark=False):
        browser = screen(size, dark=dark)
        sign_in(browser, platform)
        browser.get_log("browser")
        browser.get_log("performance")
        browser.get(f"{platform.url}/dashboard/{path}")
        drawn(browser)
        return browser

    return show


def drawn(browser):
    WebDriverWait(browser, 60).until(lambda one: one.execute_script(DRAWN))


def text(browser, metric, name):
    return browser.find_element(By.CSS_SELECTOR, f'[data-tile="{metric}"] [data-text="{name}"]').text


def goes(browser, element):
    """Follow a link and wait for the page behind it."""
    element.click()
    WebDriverWait(browser, 20).until(staleness_of(element))


def line(browser):
    return browser.execute_script(
        """return document.querySelector("#chart-errors .mark-line path")?.getAttribute("d")"""
    )


def strokes(browser):
    lines = browser.find_elements(By.CSS_SELECTOR, "#chart-errors .mark-line path")
    return {one.get_attribute("stroke") for one in lines}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("dark", [True, False], ids=["night", "day"])
def test_dashboards_are_accessible_and_fit(board, size, locale, dark):
    browser = board(f"technical?compare=1&lang={locale}", size, dark=dark)
    browser.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert serious(browser) == []
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.execute_script("return document.dir") == ("rtl" if locale == "ar" else "ltr")


@pytest.mark.parametrize("name", ["executive", "technical"])
def test_a_dashboard_makes_no_error_and_asks_no_other_host(board, platform, name):
    browser = board(name)
    assert browser.get_log("browser") == []
    sent = [json.loads(one["message"])["message"] for one in browser.get_log("performance")]
    asked = [one["params"]["request"]["url"] for one in sent if one["method"] == "Network.requestWillBeSent"]
    assert len(asked) > 5
    assert [url for url in asked if not url.startswith(platform.url)] == []


def test_a_chart_is_drawn_with_its_lines_and_keys_in_the_page_s_colours(board):
    browser = board("technical?compare=1", dark=True)
    assert len(browser.find_elements(By.CSS_SELECTOR, "#chart-errors .plot svg .mark-line path")) == 2
    keys = [one.text for one in browser.find_elements(By.CSS_SELECTOR, "#chart-errors .key")]
    assert keys[1] == "period before"
    key = browser.find_element(By.CSS_SELECTOR, "#chart-errors .key")
    assert key.value_of_css_property("position") == "static"
    assert strokes(browser) == {THEMES["dark"][name] for name in ("first", "before")}
    day = {"name": "prefers-color-scheme", "value": "light"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [day]})
    light = {THEMES["light"][name] for name in ("first", "before")}
    WebDriverWait(browser, 10).until(lambda one: strokes(one) == light)


def test_range_and_comparison_are_addresses_that_the_browser_remembers(board):
    browser = board()
    goes(browser, browser.find_element(By.LINK_TEXT, "3 hours"))
    goes(browser, browser.find_element(By.ID, "compare"))
    assert "range=3h&compare=1" in browser.current_url
    assert browser.find_element(By.CSS_SELECTOR, ".ranges [aria-current]").text == "3 hours"
    browser.back()
    assert "range=3h&compare=0" in browser.current_url
    browser.back()
    assert browser.find_element(By.CSS_SELECTOR, ".ranges [aria-current]").text == "24 hours"


def test_from_a_figure_to_what_went_wrong_about_it_and_from_the_top_to_the_incident(board):
    browser = board()
    goes(browser, browser.find_element(By.CSS_SELECTOR, '[data-tile="error_rate"] .more a'))
    assert browser.current_url.endswith("/incidents?metric=error_rate")
    browser.back()
    goes(browser, browser.find_element(By.CSS_SELECTOR, "#incidents a"))
    assert browser.current_url.endswith(incident().id)
    shows(browser, TITLE)


def test_the_other_language_is_one_click_away(board):
    browser = board("executive?range=7d")
    goes(browser, browser.find_element(By.CSS_SELECTOR, ".top a[hreflang]"))
    assert browser.find_element(By.CSS_SELECTOR, ".ranges [aria-current]").text == "7 أيام"
    assert browser.execute_script("return document.documentElement.lang") == "ar"


def test_new_figures_come_in_place_without_taking_the_reader_s(board, platform):
    browser = board()
    before, drawing = text(browser, "error_rate", "value"), line(browser)
    browser.execute_script(
        "window.stays = true; document.querySelector('#chart-errors details').open = true;"
        "document.querySelector('#chart-errors').scrollIntoView();"
        "document.querySelector('#incidents a').focus({preventScroll: true}); window.picture = document.querySelector('#chart-errors svg')"
    )
    platform.advance(20 * MINUTE)
    platform.warehouse.append(TABLE, [point("error_rate", platform.clock.now() - 17 * MINUTE, 1_000, 900)])
    browser.execute_script("dispatchEvent(new Event('online'))")
    WebDriverWait(browser, 20).until(lambda one: text(one, "error_rate", "value") != before)
    WebDriverWait(browser, 20).until(lambda one: line(one) != drawing)
    assert browser.execute_script(
        "return stays && document.querySelector('#chart-errors details').open"
        " && document.activeElement === document.querySelector('#incidents a')"
        " && picture === document.querySelector('#chart-errors svg')"
    )


def test_a_lost_connection_is_said_and_taken_back(board):
    browser = board()
    trouble = browser.find_element(By.ID, "trouble")
    assert (trouble.get_attribute("role"), trouble.text) == ("status", "")
    offline = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
    browser.execute_script("dispatchEvent(new Event('online'))")
    WebDriverWait(browser, 20).until(lambda _: trouble.text.startswith("The connection is lost."))
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", {**offline, "offline": False})
    browser.execute_script("dispatchEvent(new Event('online'))")
    WebDriverWait(browser, 20).until(lambda _: trouble.text == "")


def test_who_is_signed_out_is_told(board):
    """On one machine programs need no token, so what other installations answer stands in for it."""
    browser = board()
    trouble = browser.find_element(By.ID, "trouble")
    browser.execute_script(
        "window.fetch = async () => new Response('', {status: 401}); dispatchEvent(new Event('online'))"
    )
    assert WebDriverWait(browser, 20).until(lambda _: "not signed in" in trouble.text)


def test_without_the_charts_script_there_are_pictures(screen, platform):
    browser = screen(DESK, dark=False)
    sign_in(browser, platform)
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*charts.js*"]})
    browser.get(f"{platform.url}/dashboard/technical")
    found = "return document.querySelector('#chart-errors .plot img')?.naturalWidth ?? 0"
    assert WebDriverWait(browser, 30).until(lambda one: one.execute_script(found) > 0)
    browser.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})


def test_without_scripts_the_page_is_whole(screen, platform):
    browser = screen(PHONE, dark=False)
    sign_in(browser, platform)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(f"{platform.url}/dashboard/technical")
    assert text(browser, "error_rate", "state") == "misses its target"
    assert browser.find_element(By.CSS_SELECTOR, "#chart-errors img").is_displayed()
    assert "refreshes" not in browser.find_element(By.TAG_NAME, "main").text
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_everything_that_is_touched_is_as_large_as_a_finger(board):
    browser = board("technical", PHONE)
    shown = [one for one in browser.find_elements(By.CSS_SELECTOR, "a, button, summary") if one.is_displayed()]
    small = [one.text for one in shown if one.size["height"] < 44 and "skip" not in one.get_attribute("class")]
    assert small == []
