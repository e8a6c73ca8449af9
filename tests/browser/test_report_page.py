"""A report as its readers open it: behind a signed link in a sandbox, from a disk, on paper, and without scripts."""

import json

import pytest
from flask import Flask
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from infra.local.sandbox.server import serve
from shared.rendering.chart_colours import THEMES
from shared.rendering.report_html import html
from shared.rendering.report_view import view
from shared.usecases.report_link import HEADERS
from tests.browser.conftest import DESK, PHONE, serious
from tests.unit import report_samples as samples

CHARTS = 4


@pytest.fixture(scope="module")
def files():
    return {locale: html(view(samples.report(), locale)) for locale in ("en", "ar")}


@pytest.fixture(scope="module")
def site(files):
    app = Flask("reports")

    @app.get("/<locale>")
    def shown(locale):
        return files[locale], 200, {"Content-Type": "text/html; charset=utf-8", **HEADERS}

    with serve(app) as server:
        yield server.url


@pytest.fixture
def opened(screen, site):
    def show(locale="en", size=DESK, *, dark=False, address=""):
        browser = screen(size, dark=dark)
        browser.get_log("browser")
        browser.get_log("performance")
        browser.get(address or f"{site}/{locale}")
        WebDriverWait(browser, 40).until(
            lambda driver: driver.execute_script("return document.documentElement.dataset.drawn")
        )
        return browser

    return show


def drawn(browser):
    return browser.execute_script("return document.querySelectorAll('.chart.drawn .plot svg').length")


def errors(browser):
    return [one["message"] for one in browser.get_log("browser") if "favicon" not in one["message"]]


def grounds(browser):
    """The colours behind the page's cards and behind its charts."""
    return browser.execute_script(
        "return [getComputedStyle(document.querySelector('.card')).backgroundColor,"
        " ...[...document.querySelectorAll('.plot svg')].map(one => one.style.backgroundColor)]"
    )


def rgb(colour):
    return f"rgb({', '.join(str(int(colour[place : place + 2], 16)) for place in (1, 3, 5))})"


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_it_draws_in_the_sandbox_without_an_error_and_without_asking_anybody(opened, site, locale):
    browser = opened(locale)
    assert browser.execute_script("return self.origin") == "null"
    assert (drawn(browser), errors(browser)) == (CHARTS, [])
    sent = [json.loads(one["message"])["message"] for one in browser.get_log("performance")]
    asked = [one["params"]["request"]["url"] for one in sent if one["method"] == "Network.requestWillBeSent"]
    assert [url for url in asked if url not in {f"{site}/{locale}", f"{site}/favicon.ico"}] == []


def test_it_opens_from_a_disk(opened, files, tmp_path):
    path = tmp_path / "report.html"
    path.write_bytes(files["ar"])
    browser = opened(address=path.as_uri())
    assert (drawn(browser), errors(browser)) == (CHARTS, [])


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("dark", [True, False], ids=["night", "day"])
def test_it_is_accessible_and_fits(opened, size, locale, dark):
    browser = opened(locale, size, dark=dark)
    browser.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert serious(browser) == []
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")


def test_it_follows_the_reader_s_colours_until_the_button_says_otherwise(opened, screen):
    browser = opened(dark=True)
    light, dark = ([rgb(THEMES[name]["paper"])] * (CHARTS + 1) for name in ("light", "dark"))
    assert grounds(browser) == dark
    button = browser.find_element(By.ID, "theme")
    button.click()
    WebDriverWait(browser, 20).until(lambda driver: grounds(driver) == light)
    screen(DESK, dark=True)
    assert grounds(browser) == light
    button.click()
    WebDriverWait(browser, 20).until(lambda driver: grounds(driver) == dark)


def test_a_key_switches_its_line_off_and_on(opened):
    browser = opened()
    figure = browser.find_element(By.CSS_SELECTOR, ".chart")
    key = figure.find_element(By.CSS_SELECTOR, "[data-lines='1']")
    paths = (
        "return [...arguments[0].querySelectorAll('.plot .mark-line path')].filter(one => one.getAttribute('d')).length"
    )
    for pressed, lines in (("false", 1), ("true", 2)):
        key.click()
        assert key.get_attribute("aria-pressed") == pressed
        WebDriverWait(browser, 20).until(lambda driver, lines=lines: driver.execute_script(paths, figure) == lines)


def test_tables_are_sorted_by_what_their_cells_stand_for(opened):
    browser = opened()
    table = browser.find_element(By.CSS_SELECTOR, "section div.card table.sorts")
    column = "return [...arguments[0].tBodies[0].rows].map(row => row.cells[arguments[1]].textContent)"
    lasted = next(one for one in table.find_elements(By.TAG_NAME, "button") if one.text == "Lasted")
    number = browser.execute_script("return arguments[0].closest('th').cellIndex", lasted)
    for direction, found in (
        ("descending", ["10 min", "5 min", "under 1 min"]),
        ("ascending", ["under 1 min", "5 min", "10 min"]),
    ):
        lasted.click()
        assert browser.execute_script(column, table, number) == found
        assert browser.execute_script("return arguments[0].closest('th').ariaSort", lasted) == direction


def test_what_has_no_figure_comes_last_in_either_direction(opened):
    browser = opened()
    table = browser.find_element(By.CSS_SELECTOR, "section div.card table.sorts")
    lost = next(one for one in table.find_elements(By.TAG_NAME, "button") if one.text == "Orders lost")
    for _ in range(2):
        lost.click()
        last = "return arguments[0].tBodies[0].rows[2].cells[7].textContent"
        assert browser.execute_script(last, table) == "n/a"


def test_without_scripts_the_charts_are_still_there(screen, site):
    browser = screen(DESK, dark=False)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(f"{site}/en")
        still = browser.find_elements(By.CSS_SELECTOR, ".still svg")
        assert [one.is_displayed() for one in still] == [True] * CHARTS
        assert not browser.find_element(By.ID, "theme").is_displayed()
        assert not any(one.is_displayed() for one in browser.find_elements(By.CSS_SELECTOR, ".live"))
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_on_paper_it_is_black_on_white_with_still_charts_whatever_the_screen_was(opened):
    browser = opened(dark=True)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert all(one.is_displayed() for one in browser.find_elements(By.CSS_SELECTOR, ".still svg"))
    assert not any(one.is_displayed() for one in browser.find_elements(By.CSS_SELECTOR, ".live, nav, #theme, details"))
    assert browser.find_element(By.TAG_NAME, "body").value_of_css_property("color") == "rgba(0, 0, 0, 1)"
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
