"""From checks of two places to a page that anybody reads, over the functions as they run in production."""

import re
from urllib.parse import urlsplit

import pytest
import requests

from infra.local import samples
from shared import bootstrap
from shared.domain.status import Bilingual, Stage
from shared.usecases.post_status import PostWish, post_update

PLACES = ("cairo", "frankfurt")


class Town:
    """The shipped installation, with probes elsewhere and readers of the page."""

    def __init__(self, driver):
        self.driver = driver
        self.key = bootstrap.settings().probe_keys

    def looks(self, reason="", *, places=PLACES):
        now = self.driver.clock.now()
        found = [
            (target, place, reason if target == "website" else "")
            for target in ("website", "api", "accounts")
            for place in places
        ]
        return self.driver.send(samples.probes(now, *found, key=self.key))

    def minutes(self, count, reason=""):
        for _ in range(count):
            self.driver.after(minutes=1)
            assert self.looks(reason) == 202

    def page(self, name="index.html"):
        return requests.get(f"{self.driver.platform.url}/status/{name}", timeout=10).content.decode()

    def mails(self):
        return [one for one in self.driver.messages("smtp") if "visitor@" in str(one["to"])]

    def ask(self, method, path, **data):
        return self.driver.post("manage_subscriptions", data, path=path, method=method)


@pytest.fixture
def town(shipped):
    made = Town(shipped)
    made.minutes(2)
    return made


def test_E85_two_failing_places_are_on_the_page_within_the_minute_and_an_incident_is_open(town):
    assert "Everything works" in town.page()
    before = town.driver.clock.now()
    town.driver.after(seconds=5)
    town.looks("dns", places=PLACES[:1])
    assert "Everything works" in town.page()
    town.driver.after(seconds=10)
    town.looks("slow", places=PLACES[1:])
    assert (town.driver.clock.now() - before).total_seconds() < 60
    page = town.page()
    assert "Some parts are down" in page
    assert "Our checks see a disruption of Website" in page
    assert "بعض الأجزاء متعطلة" in town.page("ar/index.html")
    (incident,) = [one for one in town.driver.incidents if one.alert_type == "monitoring.uptime"]
    assert (incident.service, incident.severity) == ("website", "critical")


def test_E85_it_ends_by_itself_once_checks_are_well_and_no_critical_incident_is_open(town):
    town.minutes(3, "status")
    town.minutes(8)
    assert "It works again" in town.page()
    town.minutes(20)
    assert [one.state for one in town.driver.incidents if one.alert_type == "monitoring.uptime"] == ["resolved"]
    assert "Everything works" in town.page()
    assert "This incident is over" in town.page(re.search(r"incidents/\w+\.html", town.page("history.html"))[0])


def test_E85_a_critical_incident_keeps_the_posted_one_open(town):
    town.minutes(3, "status")
    crash = samples.crash(
        town.driver.clock.now(), "velocityAlert", issue="1", title="A.kt", crashCount="900", crashPercentage=40.0
    )
    town.driver.send(crash)
    assert [one.severity for one in town.driver.incidents if "velocity" in one.alert_type] == ["critical"]
    town.minutes(60)
    assert "What we are working on" in town.page()


def test_the_page_is_served_while_every_function_is_away(town, tmp_path):
    files = bootstrap.website()
    assert b"Everything works" in files.read("index.html")
    for name in ("index.html", "ar/index.html", "history.html", "subscribe.html"):
        text = files.read(name).decode()
        assert len(text.encode()) < 100_000
        assert "<script" not in text
        links = re.findall(r'(?:href|src|action)="([^"]+)"', text)
        outside = {urlsplit(link).netloc for link in links if link.startswith("http")}
        assert outside <= {urlsplit(bootstrap.subscriptions_url()).netloc}


def test_subscribing_takes_a_confirmation_and_one_click_ends_it(town):
    assert town.ask("post", "/", email="visitor@example.org", lang="ar").status_code == 200
    town.driver.platform.drain()
    (asked,) = town.mails()
    link = re.search(r"/s(/confirm/[\w-]+\?lang=ar)", asked["content"]["text"])[1]
    assert town.ask("get", link).status_code == 200
    town.minutes(2, "dns")
    assert len(town.mails()) == 1
    assert town.ask("post", link).status_code == 200
    town.minutes(9)
    told = town.mails()[-1]
    assert "عادت الخدمة إلى العمل" in told["content"]["text"]
    off = re.search(r"/s(/off/[\w-]+)", told["content"]["text"])[1]
    assert town.ask("post", off, **{"List-Unsubscribe": "One-Click"}).status_code == 200
    count = len(town.mails())
    town.minutes(20)
    assert len(town.mails()) == count


def test_after_a_person_wrote_the_machine_is_silent(town):
    town.minutes(1, "dns")
    wish = PostWish(
        next(iter(bootstrap.config().directory.people)),
        Bilingual("A cable was cut."),
        Stage.IDENTIFIED,
        components=("website",),
    )
    post_update(
        wish,
        config=bootstrap.config(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
    town.minutes(40)
    assert "A cable was cut." in town.page()
    assert "It works again" not in town.page()


@pytest.mark.parametrize(("change", "status"), [("none", 202), ("key", 401), ("replay", 401), ("target", 400)])
def test_only_signed_probes_are_taken_and_each_once(town, change, status):
    now, target = town.driver.clock.now(), "moon" if change == "target" else "website"
    event = samples.probes(now, (target, "cairo", "dns"), key="other" if change == "key" else town.key)
    if change == "replay":
        town.driver.send(event)
    assert town.driver.send(event) == status
