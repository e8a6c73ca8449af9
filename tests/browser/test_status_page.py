"""The public status page as its readers see it: on a telephone and a desk, in both languages, without scripts."""

from datetime import timedelta

import pytest
from axe_core_python.selenium import Axe
from selenium.webdriver.common.by import By

from infra.local import samples
from infra.local.replay import private_platform
from shared import bootstrap
from shared.domain.maintenance import Window
from shared.domain.status import Bilingual, Stage
from shared.usecases.post_status import PostWish, post_update
from shared.usecases.window_records import window_write
from tests.conftest import NIGHT

WIDTHS = {"telephone": 360, "desk": 1440}
PAGES = ("index.html", "history.html", "subscribe.html", "ar/index.html", "ar/history.html", "ar/subscribe.html")


@pytest.fixture
def reader(browser, request):
    """A browser of the width that the test asks for."""
    width = WIDTHS[getattr(request, "param", "telephone")]
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    return browser


@pytest.fixture(scope="module")
def site():
    """The address of a page on which something is down, something is planned, and somebody wrote."""
    with private_platform(at=NIGHT) as platform:
        key = bootstrap.settings().probe_keys
        for minute in range(4):
            platform.advance(timedelta(minutes=1))
            looks = [(target, place, "") for target in ("website", "accounts") for place in ("cairo", "paris")]
            broken = [("api", place, "slow" if minute > 1 else "") for place in ("cairo", "paris")]
            event = samples.probes(platform.clock.now(), *looks, *broken, key=key)
            platform.call(event.function, event.body, event.headers)
            platform.drain()
        plan(platform)
        yield f"{platform.url}/status/"


def plan(platform):
    now, store = platform.clock.now(), bootstrap.state()
    person = next(iter(bootstrap.config().directory.people))
    later = now + timedelta(days=2)
    store.commit([window_write(Window("w-1", later, later + timedelta(hours=1), "upgrade", person), None)])
    wish = PostWish(
        person, Bilingual("A cable was cut <b>twice</b>.", "انقطع كابل."), Stage.IDENTIFIED, components=("api",)
    )
    post_update(wish, config=bootstrap.config(), store=store, publisher=bootstrap.publisher(), clock=bootstrap.clock())
    platform.drain()


def all_pages(reader, site):
    reader.get(f"{site}history.html")
    posted = reader.find_element(By.CSS_SELECTOR, ".list a").get_attribute("href").removeprefix(site)
    return (*PAGES, posted, f"ar/{posted}")


@pytest.mark.parametrize("reader", WIDTHS, indirect=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(reader, site, scheme):
    feature = {"name": "prefers-color-scheme", "value": scheme}
    reader.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    found = {}
    for page in all_pages(reader, site):
        reader.get(site + page)
        faults = Axe().run(reader)["violations"]
        found |= {f"{page}: {fault['id']}": fault["nodes"][0]["html"] for fault in faults}
    assert found == {}


@pytest.mark.parametrize("reader", WIDTHS, indirect=True)
def test_no_page_is_wider_than_the_screen_and_none_asks_another_host_or_complains(reader, site):
    reader.get_log("browser")
    reader.get_log("performance")
    for page in all_pages(reader, site):
        reader.get(site + page)
        assert reader.find_element(By.TAG_NAME, "h1").is_displayed()
        assert reader.execute_script("return document.documentElement.scrollWidth <= window.innerWidth"), page
    assert [line for line in reader.get_log("browser") if line["level"] == "SEVERE"] == []
    asked = [e["message"] for e in reader.get_log("performance") if "Network.requestWillBeSent" in e["message"]]
    assert [m for m in asked if '"url":"http' in m and site not in m] == []


def test_everything_is_read_without_scripts(reader, site):
    reader.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        reader.get(f"{site}index.html")
        text = reader.find_element(By.TAG_NAME, "body").text
        assert "Some parts are down" in text
        assert "A cable was cut <b>twice</b>." in text
        reader.find_element(By.CSS_SELECTOR, ".incident a").click()
        assert "Cause known" in reader.find_element(By.TAG_NAME, "main").text
        reader.find_element(By.CSS_SELECTOR, ".language").click()
        assert "انقطع كابل" in reader.find_element(By.TAG_NAME, "main").text
    finally:
        reader.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_an_arabic_page_reads_from_the_right_and_its_newest_day_is_on_the_left(reader, site):
    reader.get(f"{site}ar/index.html")
    assert reader.find_element(By.TAG_NAME, "html").value_of_css_property("direction") == "rtl"
    bars = reader.find_elements(By.CSS_SELECTOR, ".bars")[0].find_elements(By.TAG_NAME, "i")
    shown = [bar for bar in bars if bar.is_displayed()]
    assert shown[0].rect["x"] > shown[-1].rect["x"]


@pytest.mark.parametrize(("reader", "days"), [("telephone", 30), ("desk", 90)], indirect=["reader"])
def test_a_telephone_shows_thirty_days_and_a_desk_ninety_and_who_sees_no_bars_is_told(reader, site, days):
    reader.get(f"{site}index.html")
    bars = reader.find_elements(By.CSS_SELECTOR, ".bars")[0]
    assert len([bar for bar in bars.find_elements(By.TAG_NAME, "i") if bar.is_displayed()]) == days
    assert bars.get_attribute("aria-label").startswith("Checks of the last 90 days: 100 %")


def test_the_form_is_sent_to_the_function_and_answered(reader, site):
    reader.get(f"{site}ar/subscribe.html")
    reader.find_element(By.ID, "address").send_keys("visitor@example.org")
    reader.find_element(By.CSS_SELECTOR, "button").click()
    assert "راجع بريدك" in reader.find_element(By.TAG_NAME, "h1").text
    assert Axe().run(reader)["violations"] == []
