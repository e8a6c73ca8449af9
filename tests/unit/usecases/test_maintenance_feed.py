"""The calendar of maintenance that calendars subscribe to: stable events, Egypt's hours in UTC, outcomes and moves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar

from shared.adapters.clocks import VirtualClock
from shared.adapters.sqlite_state import SqliteState
from shared.config.loader import load
from shared.domain.jobs import Run, StepResult, Verdict
from shared.domain.maintenance import Window
from shared.errors import RefusedError
from shared.ports.store import Put
from shared.usecases.calendar_link import calendar_url, respond
from shared.usecases.jobs.runs import run_body
from shared.usecases.records import JOB_RUNS, WINDOWS
from shared.usecases.window_records import window_write
from tests.conftest import configuration

NOW = datetime(2026, 4, 20, 10, 0, tzinfo=UTC)  # the clocks go forward on the 24th
HOUR = timedelta(hours=1)
CONFIG = replace(configuration(), jobs=load().jobs)
KEYS = ("old", "new")


@pytest.fixture
def store(tmp_path):
    return SqliteState(tmp_path / "state.db")


def fetched(store, *, name="en", now=NOW):
    path = urlsplit(calendar_url("https://m.souk.example/cal", "maintenance", name, keys=KEYS)).path
    body, status, _ = respond(path, keys=KEYS, config=CONFIG, store=store, clock=VirtualClock(now))
    assert status == 200
    return {str(event["uid"]): event for event in Calendar.from_ical(body).walk("VEVENT")}


def starts(events, title):
    return sorted(event.start for event in events.values() if event["summary"] == title)


def ran(store, verdict=Verdict.FAIL, *, finished=True):
    due = datetime(2026, 4, 20, 0, 0, tzinfo=UTC)
    end = due + 12 * timedelta(minutes=1) if finished else None
    run = Run("log_rotation", due, due + timedelta(minutes=2), due + HOUR, results=(StepResult("error_logs", verdict),), finished_at=end)  # fmt: skip
    store.commit([Put(JOB_RUNS, run.id, run_body(run))])
    return run


def test_every_turn_of_the_next_four_weeks_is_an_event_at_egypts_hour_on_both_sides_of_the_clock_change(store):
    events = fetched(store)
    nights = starts(events, "Log rotation")
    assert len(nights) == 28
    assert (nights[0], nights[-1]) == (
        datetime(2026, 4, 21, 0, 0, tzinfo=UTC), datetime(2026, 5, 17, 23, 0, tzinfo=UTC),
    )  # fmt: skip
    assert starts(events, "Backup integrity test") == [datetime(2026, 5, 4, 2, 0, tzinfo=UTC)]
    assert starts(events, "Health check") == [], "six a day would bury the rest"


def test_a_turn_keeps_its_event_from_its_plan_to_its_outcome(store):
    before = fetched(store, now=NOW - timedelta(days=1))
    run = ran(store, finished=False)
    during, planned = fetched(store), {uid for uid, one in before.items() if one.start == run.occurrence}
    uid = (planned & set(during)).pop()
    assert str(during[uid]["summary"]) == "Log rotation: Running now"
    ran(store)
    after = fetched(store)[uid]
    assert str(after["summary"]) == "Log rotation: failed"
    assert (after.start, after.end) == (run.started_at, run.occurrence + timedelta(minutes=12))
    assert [int(one["sequence"]) for one in (before[uid], during[uid], after)] == [0, 1, 2]


def test_a_window_keeps_its_event_when_it_is_moved_and_is_cancelled_in_the_same(store):
    window = Window("w1", NOW + 30 * HOUR, NOW + 32 * HOUR, "Move; the, orders\nnow", "mona")
    store.commit([window_write(window, None)])
    first = next(one for one in fetched(store).values() if "Move" in one["summary"])
    moved = replace(window, start=NOW + 50 * HOUR, end=NOW + 51 * HOUR, revision=1)
    gone = replace(moved, closed_by="mona", end=NOW)
    seen = []
    for version in (moved, gone):
        row = store.get(WINDOWS, "w1")
        store.commit([window_write(version, row.version)])
        seen.append(fetched(store)[str(first["uid"])])
    assert str(first["summary"]) == "Maintenance window: Move; the, orders\nnow"
    assert (seen[0].start, seen[0].end) == (NOW + 50 * HOUR, NOW + 51 * HOUR)
    assert [str(one["status"]) for one in (first, *seen)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    sequence = [int(one["sequence"]) for one in (first, *seen)]
    assert sequence == sorted(set(sequence))


def test_it_speaks_arabic_too_and_opens_to_its_link_only(store):
    assert "أرشفة السجلات" in {str(one["summary"]) for one in fetched(store, name="ar").values()}
    with pytest.raises(RefusedError):
        respond("/maintenance/en/forged.ics", keys=KEYS, config=CONFIG, store=store, clock=VirtualClock(NOW))
