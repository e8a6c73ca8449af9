"""Pictures for the README: the demo day's inbox, an incident on a telephone, and the status page, in real Chromium."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from infra.local.demo import play
from infra.local.platform import Platform
from shared import bootstrap
from shared.adapters.clocks import SystemClock, VirtualClock
from shared.config.loader import load
from shared.ports import Query
from shared.usecases.records import INCIDENTS

FOLDER = Path(__file__).parent / "pictures"
DESK, TELEPHONE = (1100, 1500), (390, 1500)
OUTAGE = "monitoring.uptime"
OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars")


@dataclass(frozen=True, slots=True)
class Picture:
    """What is taken: a path of the platform, as wide and high as said (CSS pixels)."""

    name: str
    path: str
    size: tuple[int, int]


def main() -> None:
    """Take every picture anew."""
    browser = _browser()
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="soukmon-") as state:
        platform = Platform(Path(state), clock=VirtualClock(SystemClock().now()), configuration=load())
        play(platform, say=lambda _: None)
        browser.get(f"{platform.url}/sign-in?token={platform.settings.sign_in_token}")
        for picture in _pictures():
            width, height = picture.size
            shape = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": picture.size == TELEPHONE}
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", shape)
            browser.get(platform.url + picture.path)
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
