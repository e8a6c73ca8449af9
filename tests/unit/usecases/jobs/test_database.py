"""The look at the database: plans of every declared query, documents and growth between runs, connections."""

import sqlite3
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.indexes import INDEXES
from shared.adapters.no_platform_metrics import NoPlatformMetrics
from shared.adapters.no_pool import NoPool
from shared.adapters.sqlite_indexes import SqliteIndexes
from shared.adapters.sqlite_pool import SqlitePool
from shared.config.loader import load
from shared.domain.jobs import Run, StepResult, Verdict
from shared.errors import NotMeasuredError, QueryError
from shared.ports.audits import Connections
from shared.ports.store import Put
from shared.ports.warehouse import Answer, PlatformFigure
from shared.usecases.jobs import reviewing
from shared.usecases.jobs.database import Database, database_steps
from tests.conftest import NIGHT

SHIPPED = load()
RUN = Run("database_optimization", NIGHT, NIGHT, NIGHT)
LATER = Run("database_optimization", NIGHT + timedelta(days=7), NIGHT, NIGHT)


class Measured:
    """A warehouse that holds one measurement of database_connections, or none, or fails."""

    def __init__(self, value=None, *, fails=False):
        self.value, self.fails = value, fails

    def query(self, name, parameters, *, maximum_bytes=None):
        if self.fails:
            raise QueryError("no")
        row = {
            "part": "now",
            "metric": "database_connections",
            "start": NIGHT - timedelta(days=1),
            "seconds": 3600,
            "count": 1,
            "sum": self.value,
            "bad": 0,
            "bad_clients": 0,
            "buckets": [],
        }
        return Answer(() if self.value is None else (row,))


class Platform:
    """Platform metrics by their group."""

    def __init__(self, **groups):
        self.groups = groups

    def figures(self, group, *, usual_since, since, until):
        return [PlatformFigure("(default)", what, now) for what, now in self.groups.get(group, {}).items()]


class Full:
    """A pool with so many connections of 100."""

    def __init__(self, count):
        self.count = count

    def connections(self):
        return Connections(self.count, 100)


def take(world, step, run=RUN, *, target=None, **changes):
    metrics = {
        **SHIPPED.metrics,
        "database_connections": replace(SHIPPED.metrics["database_connections"], target=target),
    }
    config = replace(world.config, metrics=metrics, sources=SHIPPED.sources)
    given = {
        "indexes": SqliteIndexes(world.store.path),
        "pool": NoPool(),
        "platform": NoPlatformMetrics(),
        "warehouse": Measured(),
    }
    made = Database(config, INDEXES, world.store, world.store, **{**given, **changes})
    return database_steps(made, lambda run: StepResult("storage", Verdict.PASS))[step](run)


def change(world, sql):
    connection = sqlite3.connect(world.store.path)
    connection.executescript(sql)
    connection.close()


def test_every_declared_query_is_served_by_an_index_of_its_own(world):
    found = take(world, "indexes")
    assert (found.verdict, found.findings) == (Verdict.PASS, ())
    assert found.evidence["needed"] > 40


@pytest.mark.parametrize("name", ["incidents_service_opened_at", "receipts_at"])
def test_a_query_whose_index_is_gone_fails_by_its_name(world, name):
    change(world, f"DROP INDEX doc_{name}_id")
    found = take(world, "indexes")
    assert found.verdict is Verdict.FAIL
    assert {one.subject.partition("(")[0] for one in found.findings} == {name.partition("_")[0]}


def test_an_index_that_would_have_to_be_sorted_afterwards_serves_nothing(world):
    change(
        world,
        "DROP INDEX doc_receipts_at_id; CREATE INDEX doc_receipts_at_id ON doc_receipts (json_extract(body, '$.at'))",
    )
    assert {one.subject for one in take(world, "indexes").findings} == {"receipts(at)", "receipts(at DESC)"}


def test_an_index_that_nothing_needs_is_a_warning(world):
    change(world, "CREATE INDEX odd ON doc_incidents (json_extract(body, '$.title'), json_extract(body, '$.rule'))")
    found = take(world, "indexes")
    assert (found.verdict, [one.subject for one in found.findings]) == (Verdict.WARN, ["incidents(title, rule)"])


def test_indexes_that_may_not_be_listed_are_skipped_with_the_role_to_give(world):
    class Refused:
        def states(self):
            raise NotMeasuredError("give our account roles/datastore.user")

    found = take(world, "indexes", indexes=Refused())
    assert (found.verdict, found.reason) == (Verdict.SKIPPED, "give our account roles/datastore.user")


def put(world, collection, **bodies):
    world.store.commit([Put(collection, name, body) for name, body in bodies.items()])


def test_documents_are_counted_measured_and_compared_with_the_last_run(world):
    put(world, "chains", audited={"seq": 10}, quiet={"seq": 4})
    put(world, "evidence", big={"text": "x" * 600 * 1024})
    first = take(world, "queries")
    assert [(one.subject, one.verdict) for one in first.findings] == [("evidence/big", Verdict.WARN)]
    put(world, "chains", audited={"seq": 10 + 7 * 8_640}, quiet={"seq": 4}, third={"seq": 1})
    second = take(world, "queries", LATER)
    assert [one.subject for one in second.findings] == ["evidence/big", "chains/audited"]
    assert (second.evidence["chains"], second.evidence["chains_before"]) == (3, 2)


def test_a_step_that_was_cut_off_after_it_had_kept_what_it_saw_compares_with_the_run_before(world):
    put(world, "chains", audited={"seq": 10})
    take(world, "queries")
    put(world, "chains", audited={"seq": 10 + 7 * 8_640})
    first = take(world, "queries", LATER)
    again = take(world, "queries", LATER)
    assert [one.subject for one in first.findings] == ["chains/audited"]
    assert (again.findings, again.evidence["chains_before"]) == (first.findings, 1)


def test_a_dry_run_keeps_nothing(world):
    take(world, "queries", replace(RUN, is_dry=True))
    assert world.store.get(reviewing.REVIEWS, reviewing.NEWEST) is None


def test_a_large_collection_is_looked_over_in_several_runs(world, monkeypatch):
    monkeypatch.setattr(reviewing, "EACH", 4)
    monkeypatch.setattr(reviewing, "PAGE", 2)
    put(world, "evidence", **{f"e{number}": {} for number in range(5)}, e9={"text": "x" * 600 * 1024})
    assert take(world, "queries").findings == ()
    assert [one.subject for one in take(world, "queries", LATER).findings] == ["evidence/e9"]
    again = replace(LATER, occurrence=NIGHT + timedelta(days=14))
    assert take(world, "queries", again).findings == ()


@pytest.mark.parametrize(("scanned", "verdict"), [(1_000, Verdict.PASS), (1_001, Verdict.WARN)])
def test_queries_that_read_many_documents_are_told_where_the_platform_says_so(world, scanned, verdict):
    found = take(world, "queries", platform=Platform(firestore_queries={"scanned_documents": scanned}))
    assert (found.verdict, found.evidence["scanned_documents"]) == (verdict, scanned)


def test_where_the_platform_measures_no_queries_the_documents_are_looked_at_and_it_is_said(world):
    found = take(world, "queries")
    assert (found.verdict, found.reason) == (Verdict.PASS, "no platform metrics of firestore_queries here")


@pytest.mark.parametrize(
    ("count", "verdict"), [(80, Verdict.PASS), (81, Verdict.WARN), (100, Verdict.WARN), (101, Verdict.FAIL)]
)
def test_connections_are_held_against_their_limit(world, count, verdict):
    measured = take(world, "connections", target=100, warehouse=Measured(count))
    assert (measured.verdict, measured.evidence["database_connections"]) == (verdict, count)
    assert take(world, "connections", pool=Full(count)).verdict is verdict


def test_connections_that_nobody_measures_are_skipped_with_what_to_do(world):
    found = take(world, "connections", platform=Platform(firestore_connections={"active_connections": 3}))
    assert (found.verdict, found.evidence) == (Verdict.SKIPPED, {"active_connections": 3})
    assert (
        found.reason
        == "database_connections was not measured; post it to receive_measurement; database_connections has no limit; set its target in metrics.yaml"
    )


def test_connections_without_a_limit_are_no_pass(world):
    found = take(world, "connections", warehouse=Measured(7))
    assert (found.verdict, found.reason) == (
        Verdict.SKIPPED,
        "database_connections has no limit; set its target in metrics.yaml",
    )


def test_a_warehouse_that_fails_was_not_looked_at(world):
    with pytest.raises(QueryError, match="did not answer about database_connections"):
        take(world, "connections", warehouse=Measured(fails=True))


def test_each_thread_that_lives_holds_one_connection(world):
    pool, before = SqlitePool(world.store), SqlitePool(world.store).connections()
    ready, over = threading.Event(), threading.Event()

    def works():
        world.store.get("incidents", "none")
        ready.set()
        over.wait(20)

    thread = threading.Thread(target=works)
    thread.start()
    assert ready.wait(20)
    assert (pool.connections().open, before.open) == (2, 1)
    over.set()
    thread.join()
    assert pool.connections().open == 1
    assert pool.connections().most == before.most > 1
