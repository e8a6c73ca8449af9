"""A real Chromium, and a platform on which a crash has just paged somebody."""

import os
import shutil
from datetime import timedelta

import pytest
from axe_core_python.selenium import Axe
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import text_to_be_present_in_element
from selenium.webdriver.support.wait import WebDriverWait

from infra.local import samples
from infra.local.platform import Platform
from shared import bootstrap
from shared.domain.incidents import Incident
from shared.domain.reasons import Notify
from shared.ports.store import Query
from shared.usecases.records import INCIDENTS, notifications_of, value_of
from tests.conftest import configuration

PHONE, DESK = (360, 780), (1440, 900)
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1000,1400",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    if not (CHROMIUM and DRIVER):
        assert not os.environ.get("CI"), "continuous integration must have chromium and chromium-driver"
        pytest.skip("chromium and chromium-driver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def screen(browser):
    def show(size, *, dark=True):
        metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size == PHONE}
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        return browser

    yield show
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    browser.delete_all_cookies()


@pytest.fixture
def platform(tmp_path, clock):
    running = Platform(tmp_path / "state", clock=clock, configuration=configuration())
    event = samples.crash(
        clock.now(),
        "velocityAlert",
        issue="1",
        title="<b>Checkout</b>.kt فشل الدفع",
        crashCount="132",
        crashPercentage=12.4,
    )
    running.call(event.function, event.body, event.headers)
    running.drain()
    running.run(workers=1)
    yield running
    running.close()


def serious(browser):
    found = Axe().run(browser)["violations"]
    return [(one["id"], one["nodes"][0]["html"][:120]) for one in found if one["impact"] in {"serious", "critical"}]


def shows(browser, text):
    """Wait until the page a click leads to has arrived and shows the text."""
    WebDriverWait(browser, 20).until(text_to_be_present_in_element((By.TAG_NAME, "body"), text))


def incident():
    (row,) = bootstrap.state().find(Query(INCIDENTS, order_by="opened_at"))
    return value_of(row, Incident)


def pages_escalated(platform):
    platform.advance(timedelta(minutes=50))
    return [row for row in notifications_of(bootstrap.state(), incident().id) if row.reason is Notify.ESCALATED]


def sign_in(browser, platform, person="mona"):
    """Open the address that `soukmon up` prints."""
    browser.get(f"{platform.url}/sign-in?token={platform.settings.sign_in_token}~{person}")
