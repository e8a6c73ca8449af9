"""Pictures for the README, in real Chromium: inbox, an incident on a telephone, status page, dashboards, reports."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import presence_of_element_located
from selenium.webdriver.support.wait import WebDriverWait

from infra.local.demo import play
from infra.local.platform import Platform
from infra.local.report_pictures import take
from infra.local.sample_reports import SampleReports
from shared import bootstrap
from shared.adapters.clocks import SystemClock, VirtualClock
from shared.config.loader import load
from shared.domain.editions import Issued
from shared.ports.store import Query
from shared.usecases.records import INCIDENTS, REPORTS, value_of

FOLDER = Path(__file__).parent / "pictures"
DESK, TELEPHONE = (1100, 1500), (390, 1500)
DRAWN = ".plot svg"  # a chart that the page's script has drawn
SECONDS = 60.0
OUTAGE = "monitoring.uptime"
OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars")


@dataclass(frozen=True, slots=True)
class Picture:
    """What is taken: a path of the platform, as wide and high as said (CSS pixels)."""

    name: str
    path: str
    size: tuple[int, int]
    shows: str = "body"


def main() -> None:
    """Take every picture anew."""
    browser = _browser()
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="soukmon-") as state:
        platform = Platform(Path(state), clock=VirtualClock(SystemClock().now()), configuration=load())
        play(platform, say=lambda _: None)
        SampleReports(bootstrap.press(), say=lambda _: None).make_all()
        issued = [value_of(row, Issued) for row in bootstrap.state().find(Query(REPORTS, order_by="at"))]
        take(issued, bootstrap.reports(), FOLDER)
        browser.get(f"{platform.url}/sign-in?token={platform.settings.sign_in_token}")
        for picture in (*_pictures(), *_dashboards(), *_pages(issued)):
            width, height = picture.size
            shape = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": picture.size == TELEPHONE}
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", shape)
            browser.get(platform.url + picture.path)
            WebDriverWait(browser, SECONDS).until(presence_of_element_located((By.CSS_SELECTOR, picture.shows)))
            browser.save_screenshot(str(FOLDER / f"{picture.name}.png"))
        platform.close()
    browser.quit()


def _pictures() -> Iterator[Picture]:
    yield Picture("inbox_en", "/inbox?only=slack&lang=en", DESK)  # what engineers see
    yield Picture("inbox_ar", "/inbox?only=twilio&lang=ar", DESK)  # and the texts of night and day
    rows = bootstrap.state().find(Query(INCIDENTS, order_by="opened_at"))
    outage = next(row.id for row in rows if row.body["alert_type"] == OUTAGE)
    for locale in ("en", "ar"):
        yield Picture(f"incident_{locale}", f"/incidents/{outage}?lang={locale}", TELEPHONE)
    yield Picture("status_en", "/status/", TELEPHONE)
    yield Picture("status_ar", "/status/ar/", TELEPHONE)


def _dashboards() -> Iterator[Picture]:
    yield Picture("dashboard_executive_en", "/dashboard/executive?lang=en", DESK, DRAWN)
    yield Picture("dashboard_technical_ar", "/dashboard/technical?range=7d&lang=ar", DESK, DRAWN)


def _pages(issued: list[Issued]) -> Iterator[Picture]:
    """Reports that are pages themselves."""
    for name, report, locale in (
        ("report_business_en", "business_report", "en"),
        ("report_intelligence_ar", "business_intelligence", "ar"),
    ):
        files = (file for one in issued if one.report == report for file in one.files)
        file = next(file.name for file in files if (file.locale, file.form) == (locale, "html"))
        yield Picture(name, f"/reports/{file}", DESK, "svg")


def _browser() -> webdriver.Chrome:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        raise SystemExit("chromium (Debian: chromium, chromium-driver) is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for option in OPTIONS:
        options.add_argument(option)
    return webdriver.Chrome(options=options, service=Service(driver))


if __name__ == "__main__":
    main()
