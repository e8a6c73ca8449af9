"""Error logs as the warehouse has them, and performance logs processed, over the real rollups."""

from dataclasses import replace
from datetime import timedelta

import pytest

from infra.local.warehouse.preparing import prepare
from shared.adapters.clocks import VirtualClock
from shared.adapters.sqlite_state import SqliteState
from shared.adapters.warehouse_logs import WarehouseLogs
from shared.config.loader import load
from shared.domain.archives import manifest_of, read_back
from shared.domain.configuration import Limits
from shared.domain.jobs import Run, Verdict
from shared.errors import QueryError
from shared.usecases.jobs.performance_logs import Accountant, performance_logs
from tests.integration.warehouse.rows import DAY, REQUESTS, at, request, web_error
from tests.unit.usecases.jobs.crashing import Fate, Killed, MemoryObjects, MortalObjects, MortalStore

NIGHT = DAY + timedelta(days=1)  # 02:00 in Cairo; the day began at 22:00 UTC
RUN = Run("log_rotation", NIGHT, NIGHT, NIGHT)
SHIPPED = load()
MANIFEST = "performance/2026/11/10/manifest.json"


def test_failed_requests_and_errors_of_the_web_app_are_the_error_log(rolled):
    rolled.load(
        request(at("12:00"), 503, name="b", path="/api/cars?id=1"),
        request(at("12:00"), 404),
        web_error(at("11:59"), name="a"),
    )
    rolled.load(request(at("12:00"), 503, name="b", path="/api/cars?id=1"))
    found = list(WarehouseLogs(rolled.warehouse).errors(DAY, DAY + timedelta(days=1)))
    assert [(line.id, line.body["log"], line.body["severity"]) for line in found] == [
        ("a", "web_errors", "ERROR"),
        ("b", "requests", "ERROR"),
    ]
    assert (found[1].body["message"], found[1].body["status"]) == ("GET /api/cars", 503)
    assert "203.0.113.7" not in str(found), "an address names a person"


def test_the_end_of_the_span_does_not_belong_to_it_and_its_slices_leave_nothing_out(rolled):
    rolled.load(
        *(request(at("00:00") + timedelta(minutes=30 * number), 500, name=f"{number:02d}") for number in range(10))
    )
    found = list(WarehouseLogs(rolled.warehouse).errors(DAY, at("04:00")))
    assert [line.id for line in found] == [f"{number:02d}" for number in range(8)]


class Books:
    def __init__(self, rolled, folder):
        self.warehouse, self.store = rolled.warehouse, SqliteState(folder / "state.db")
        self.objects, self.clock, self.config = MemoryObjects(), VirtualClock(NIGHT), SHIPPED

    def process(self, run=RUN, *, fate=None, warehouse=None):
        store, objects = (
            (MortalStore(self.store, fate), MortalObjects(self.objects, fate)) if fate else (self.store, self.objects)
        )
        return performance_logs(Accountant(self.config, warehouse or self.warehouse, store, objects, self.clock), run)

    def summary(self):
        return {entry.id: entry.body for entry in read_back(manifest_of(self.objects[MANIFEST]), self.objects.read)}


@pytest.fixture
def books(rolled, tmp_path):
    return Books(rolled, tmp_path)


def test_rows_that_came_late_are_rolled_up_again_and_counted(books, rolled):
    rolled.load(*(request(at("12:00"), service="api", path="/api/x", seconds=0.1) for _ in range(3)))
    rolled.roll("requests")
    rolled.load(request(at("12:30"), 500, service="api", path="/api/x", seconds=0.9))
    found = books.process()
    assert (found.verdict, found.evidence["rows"], found.evidence["late"]) == (Verdict.PASS, 4, 1)
    assert rolled.total("rows.requests") == 4
    assert found.evidence["bytes_billed"] > 0


def test_the_days_summary_is_in_the_archive(books, rolled):
    rolled.load(
        *(
            request(
                at("12:00") + timedelta(seconds=number), service="api", path="/api/x", seconds=0.1 * (1 + number // 19)
            )
            for number in range(20)
        )
    )
    books.process()
    summary = books.summary()
    assert (summary["error_rate"]["count"], summary["error_rate"]["bad"]) == (20, 0)
    times = summary["api_response_time"]
    assert [round(times[name] / 100) for name in ("p50", "p75", "p95")] == [1, 1, 1]
    assert times["count"] == 20


def test_a_day_is_processed_once(books, rolled):
    rolled.load(request(at("12:00")))
    assert books.process().evidence["days"] == 7
    assert books.process().evidence["days"] == 0


def test_rows_that_are_gone_from_raw_are_a_failure(books, rolled):
    rolled.load(request(at("12:00"), name="a"), request(at("13:00"), name="b"))
    rolled.roll("requests")
    rolled.warehouse.drop(REQUESTS)
    prepare(rolled.warehouse)
    rolled.load(request(at("12:00"), name="a"))
    found = books.process()
    assert found.verdict is Verdict.FAIL
    assert [one.subject for one in found.findings] == ["performance/requests"]
    assert "1 rows of requests" in found.reason


class Refuses:
    """A warehouse whose rollups do not run."""

    def __init__(self, warehouse):
        self.warehouse = warehouse

    def stamp(self, tables):
        return self.warehouse.stamp(tables)

    def query(self, name, parameters, *, maximum_bytes=None):
        if name == "rollup_requests":
            raise QueryError("no such table")
        return self.warehouse.query(name, parameters, maximum_bytes=maximum_bytes)


def test_a_source_that_does_not_answer_is_a_failure_and_its_day_is_tried_again(books, rolled):
    rolled.load(request(at("12:00")))
    found = books.process(warehouse=Refuses(rolled.warehouse))
    assert found.verdict is Verdict.FAIL
    assert "no such table" in found.reason
    assert dict(books.objects) == {}
    assert books.process().evidence["days"] == 7


def test_without_any_raw_row_there_is_nothing_to_process(books):
    assert books.process().verdict is Verdict.SKIPPED


def test_a_dry_run_changes_nothing(books, rolled):
    rolled.load(request(at("12:00")))
    found = books.process(replace(RUN, is_dry=True))
    assert "2026-11-10" in found.reason
    assert (dict(books.objects), rolled.points()) == ({}, [])


@pytest.mark.parametrize("crash", [0, 1, 6, 27, 38])
def test_a_day_that_was_cut_off_is_taken_again(books, rolled, crash):
    rolled.load(request(at("12:00")))
    fate = Fate([crash])
    with pytest.raises(Killed):
        books.process(fate=fate)
    books.process(fate=fate)
    assert books.summary()["error_rate"]["count"] == 1
    assert rolled.total("rows.requests") == 1


def test_a_day_that_would_read_too_much_is_a_failure(books, rolled):
    rolled.load(request(at("12:00")))
    books.config = replace(SHIPPED, limits=Limits(query_bytes=1))
    with pytest.raises(QueryError):
        books.process()
