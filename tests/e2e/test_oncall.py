"""On call on the whole platform: the Sunday notice, a duty taken over, and the calendar behind the gateway."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from icalendar import Calendar

from infra.local import samples
from infra.local.platform import Platform
from shared import bootstrap
from shared.adapters.clocks import VirtualClock
from shared.domain.duties import TakeDuty
from shared.usecases.calendar_link import PERSON, calendar_url
from shared.usecases.duties import take_duty
from tests.conftest import configuration
from tests.e2e.conftest import Driver

SUNDAY = datetime(2026, 3, 15, 5, 58, tzinfo=UTC)  # 07:58 in Cairo


@pytest.fixture
def sunday(tmp_path):
    platform = Platform(tmp_path / "state", clock=VirtualClock(SUNDAY), configuration=configuration())
    yield Driver(platform)
    platform.close()


def takes(person):
    now = bootstrap.clock().now()
    wish = TakeDuty("primary", person, now, now + timedelta(days=1), person)
    return take_duty(wish, config=bootstrap.config(), store=bootstrap.state(), clock=bootstrap.clock())


def test_on_sunday_at_eight_the_week_is_told_once(sunday):
    sunday.after(minutes=1)
    assert sunday.messages("smtp") == sunday.messages("slack") == []
    sunday.after(minutes=9)
    assert sorted(row.recipient for row in sunday.ledger) == ["mona", "omar", "slack:incidents"]
    assert all(row.state.is_final or row.state == "sent" for row in sunday.ledger)
    sunday.post("announce_oncall")
    assert len(sunday.ledger) == 3


def test_E62_who_takes_the_duty_over_is_the_one_who_is_woken(sunday):
    assert takes("boss").outcome.happened
    sunday.send(samples.crash(SUNDAY, "velocityAlert", issue="i", title="A.kt", crashCount="132", crashPercentage=12.4))
    assert {row.recipient for row in sunday.ledger if row.channel == "sms"} == {"boss"}


def test_the_calendar_shows_at_once_what_was_taken_over_and_opens_to_its_link_only(sunday):
    base = f"{sunday.platform.url}/cal"
    address = calendar_url(base, PERSON, "boss", keys=bootstrap.link_keys())
    assert Calendar.from_ical(requests.get(address, timeout=30).content).walk("VEVENT") == []
    takes("boss")
    answer = requests.get(address, timeout=30)
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (event.start, event.end) == (SUNDAY, SUNDAY + timedelta(days=1))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert requests.get(address.replace("boss", "mona"), timeout=30).status_code == 401
