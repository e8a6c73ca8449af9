"""The calendar of a person's duties: signed, for as long as the person is there, stable from look to look."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar

from shared.adapters.clocks import VirtualClock
from shared.domain.oncall import Layer, Override, Rotation
from shared.errors import RefusedError
from shared.usecases.calendar_link import calendar_url, respond
from tests.conftest import NIGHT, configuration

KEYS = ("old", "new")
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
CONFIG = configuration()


def path(kind, name, keys=KEYS):
    return urlsplit(calendar_url("https://m.souk.example/cal", kind, name, keys=keys)).path


def fetched(kind="person", name="mona", *, config=CONFIG, now=NIGHT, keys=KEYS):
    body, status, headers = respond(
        path(kind, name, keys), keys=KEYS, config=config, store=None, clock=VirtualClock(now)
    )
    assert status == 200
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["Cache-Control"].startswith("private")
    return Calendar.from_ical(body)


def events(**wish):
    return [(e["summary"], e.start, e.end) for e in fetched(**wish).walk("VEVENT")]


def test_it_holds_the_persons_own_duties_of_the_next_eight_weeks_in_utc():
    found = events()
    assert found[0] == ("On call: primary", datetime(2026, 3, 15, 7, tzinfo=UTC), datetime(2026, 3, 22, 7, tzinfo=UTC))
    assert len(found) == 4
    assert ("On call: primary", datetime(2026, 4, 26, 6, tzinfo=UTC), datetime(2026, 5, 3, 6, tzinfo=UTC)) in found
    assert all(start < NIGHT + 8 * WEEK for _, start, _ in found)


def test_it_speaks_the_persons_language():
    calendar = fetched(name="omar")
    assert {str(e["summary"]) for e in calendar.walk("VEVENT")} == {"مناوبة: primary"}
    assert str(calendar["x-wr-calname"]).startswith("المناوبات")


def test_a_rotation_names_who_is_on_call_and_its_gaps():
    hole = Override("primary", None, NIGHT + 20 * DAY, NIGHT + 21 * DAY)
    config = configuration(directory=replace(CONFIG.directory, overrides=(hole,)))
    summaries = [str(summary) for summary, _, _ in events(kind="rotation", name="primary", config=config)]
    assert summaries[:2] == ["primary: Omar Said", "primary: Mona Adel"]
    assert "primary: nobody (Laila Nour is told)" in summaries


def test_an_event_keeps_its_uid_from_look_to_look_and_moves_when_its_end_does():
    def uids(**wish):
        return {str(e["uid"]): e.end for e in fetched(**wish).walk("VEVENT")}

    first, later = uids(), uids(now=NIGHT + 3 * DAY)
    assert first.keys() <= later.keys()
    relieved = Override("primary", "lead", datetime(2026, 3, 21, 7, tzinfo=UTC), datetime(2026, 3, 22, 7, tzinfo=UTC))
    moved = uids(config=configuration(directory=replace(CONFIG.directory, overrides=(relieved,))))
    assert first.keys() == moved.keys()
    assert sum(first[uid] != moved[uid] for uid in first) == 1


def test_a_duty_without_end_keeps_its_uid_too():
    alone = Rotation("primary", Layer(("mona",), CONFIG.directory.rotations["primary"].base.first_day))
    config = configuration(directory=replace(CONFIG.directory, rotations={"primary": alone}))
    (first,), (second,) = (
        [str(e["uid"]) for e in fetched(config=config, now=at).walk("VEVENT")] for at in (NIGHT, NIGHT + DAY)
    )
    assert first == second


def test_it_holds_no_number_and_no_address():
    body, _, _ = respond(path("rotation", "primary"), keys=KEYS, config=CONFIG, store=None, clock=VirtualClock(NIGHT))
    assert b"@souk.example" not in body
    assert b"+20" not in body


@pytest.mark.parametrize(
    "forged",
    [
        "/cal/person/mona/AAAA.ics",
        "/cal/person/mona",
        "/cal",
        "",
        path("person", "omar").replace("omar", "mona"),
        path("rotation", "primary").replace("rotation", "person"),
        path("person", "mona", ("stranger",)),
    ],
)
def test_a_forged_address_is_refused(forged):
    with pytest.raises(RefusedError) as refusal:
        respond(forged, keys=KEYS, config=CONFIG, store=None, clock=VirtualClock(NIGHT))
    assert refusal.value.status == 401


def test_a_link_of_the_old_key_still_reads():
    assert events(keys=("old",)) == events()


def test_who_left_has_no_calendar_any_more():
    people = {name: person for name, person in CONFIG.directory.people.items() if name != "mona"}
    config = configuration(directory=replace(CONFIG.directory, people=people))
    with pytest.raises(RefusedError) as refusal:
        fetched(config=config)
    assert refusal.value.status == 404


def test_somebody_without_duties_has_an_empty_calendar():
    assert events(name="boss") == []
