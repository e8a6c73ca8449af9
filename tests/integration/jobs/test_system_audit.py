"""The system audit over a real warehouse: months beside each other, and when resources are full."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from infra.local.warehouse.preparing import prepare
from shared.adapters.clocks import VirtualClock
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.adapters.folder import FolderObjects
from shared.adapters.sqlite_state import SqliteState
from shared.config.loader import load
from shared.domain.audits import AuditPlan, Resource
from shared.domain.histograms import bucket_of
from shared.domain.jobs import JobPlan, Run, StepResult, Verdict
from shared.ports.store import Put
from shared.usecases.jobs.auditor import Auditor
from shared.usecases.jobs.running import Workshop, run_due_jobs
from shared.usecases.jobs.runs import history
from shared.usecases.jobs.system_audit import system_audit_steps
from shared.usecases.records import JOB_RUNS, body_of
from tests.unit.usecases.world import MemoryBus

FIRST = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)  # 05:00 in Cairo
MIDNIGHT = datetime(2026, 3, 31, 22, 0, tzinfo=UTC)  # of that day
DAY = timedelta(days=1)
FEBRUARY, MARCH = range(31 + 27, 30, -1), range(30, -1, -1)  # in days before the first
SHIPPED = load()
RUN = Run("system_audit", FIRST, FIRST, FIRST)


class Place:
    """What an audit needs, on real engines."""

    def __init__(self, folder):
        self.store = SqliteState(folder / "state.db")
        self.seals = FolderObjects(folder / "seals")
        self.warehouse = DuckDBWarehouse(None)
        self.plan = AuditPlan()
        prepare(self.warehouse)

    @property
    def steps(self):
        return system_audit_steps(Auditor(replace(SHIPPED, audit=self.plan), self.store, self.seals, self.warehouse))

    def take(self, step):
        return self.steps[step](RUN)

    def measured(self, metric, days, value, *, source="requests", bad=0):
        """A hundred measurements at noon of each day, counted back from the first; `value` is asked for each."""
        rows = []
        for back in days:
            at, one = MIDNIGHT - back * DAY - DAY / 2, value(back)
            rows.append(
                {
                    "metric": metric,
                    "minute": at.isoformat(),
                    "dimensions": "",
                    "source": source,
                    "count": 100,
                    "sum": one * 100,
                    "bad": bad,
                    "bad_clients": bad,
                    "buckets": [{"i": bucket_of(one), "n": 100}],
                }
            )
        self.warehouse.append("soukmon.metric_points", rows)

    def backed_up(self, back, size, **changes):
        at = FIRST - back * DAY - timedelta(hours=2)
        result = StepResult("database", Verdict.PASS, evidence={"bytes": size})
        run = Run("backup_verification", at, at, at, results=(result,), finished_at=at, **changes)
        self.store.commit([Put(JOB_RUNS, run.id, {**body_of(run), "is_due": "yes"})])


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def around(level, seed=1):
    chance = Random(seed)
    return lambda back: level + chance.gauss(0, 15)


def benchmark(place, *metrics):
    place.plan = AuditPlan(benchmark=metrics)
    return place.take("benchmark")


def test_a_month_that_is_slower_than_the_last_is_a_warning_with_its_chance(place):
    place.measured("api_response_time", FEBRUARY, around(500))
    place.measured("api_response_time", MARCH, around(600, 2))
    found = benchmark(place, "api_response_time")
    assert [(one.subject, one.verdict) for one in found.findings] == [("benchmark/api_response_time", Verdict.WARN)]
    assert "api_response_time is worse than last month: " in found.reason
    assert "(p=" in found.reason
    assert found.evidence["month"] == "2026-03"
    assert found.evidence["api_response_time.value"] == pytest.approx(620, abs=30)
    assert found.evidence["api_response_time.p"] < 0.001


def test_beyond_its_target_it_fails(place):
    place.measured("api_response_time", FEBRUARY, around(900))
    place.measured("api_response_time", MARCH, around(1_200, 2))
    found = benchmark(place, "api_response_time")
    assert (found.verdict, found.findings[0].alert) == (Verdict.FAIL, "system_audit")
    assert "target 1000 ms" in found.reason


def test_the_same_month_twice_passes_and_what_was_not_measured_is_named(place):
    place.measured("api_response_time", FEBRUARY, around(500))
    place.measured("api_response_time", MARCH, around(500, 2))
    found = benchmark(place, "api_response_time", "conversion_rate")
    assert (found.verdict, found.reason) == (Verdict.PASS, "not compared: conversion_rate (nothing was measured)")


def test_too_few_days_of_a_month_are_not_compared(place):
    place.measured("api_response_time", list(FEBRUARY)[:19], around(500))
    place.measured("api_response_time", MARCH, around(900, 2))
    found = benchmark(place, "api_response_time")
    assert (found.verdict, found.reason) == (
        Verdict.SKIPPED, "not compared: api_response_time (too little was measured)",
    )  # fmt: skip


def test_a_build_that_grew_is_worse_and_one_over_its_target_fails(place):
    place.measured("bundle_size", [45], lambda _: 600_000.0, source="measurements")
    place.measured("bundle_size", [10], lambda _: 700_000.0, source="measurements")
    assert benchmark(place, "bundle_size").verdict is Verdict.WARN
    place.measured("bundle_size", [5], lambda _: 800_000.0, source="measurements")
    assert benchmark(place, "bundle_size").verdict is Verdict.FAIL


def test_without_metrics_nothing_is_claimed(place):
    assert benchmark(place).verdict is Verdict.SKIPPED


CONNECTIONS = Resource("connections", 100.0, metric="database_connections")
BACKUP = Resource("backup", 1_000.0, job="backup_verification", step="database", evidence="bytes")


def capacity(place, *resources):
    place.plan = AuditPlan(resources=resources)
    return place.take("capacity")


def grown(per_day, at_end):
    return lambda back: at_end - per_day * back


@pytest.mark.parametrize(
    ("at_end", "verdict", "day"),
    [(80.0, Verdict.FAIL, "2026-04-20"), (50.0, Verdict.WARN, "2026-05-20"), (8.0, Verdict.PASS, "2026-07-01")],
)
def test_a_metric_that_grows_is_full_on_its_day(place, at_end, verdict, day):
    place.measured("database_connections", range(40), grown(1.0, at_end), source="measurements")
    found = capacity(place, CONNECTIONS)
    assert (found.verdict, found.evidence["connections.likely"]) == (verdict, day)
    assert found.evidence["connections.growth"] == pytest.approx(1.0, rel=0.02)
    assert [one.alert for one in found.findings] == ([] if verdict is Verdict.PASS else ["capacity"])


def test_what_stays_as_it_is_is_not_full_within_a_year(place):
    place.measured("database_connections", range(40), around(40), source="measurements")
    found = capacity(place, CONNECTIONS)
    assert (found.verdict, found.evidence["connections.likely"]) == (Verdict.PASS, "not within a year")


def test_under_two_weeks_nothing_is_foretold(place):
    for back in range(13):
        place.backed_up(back, 500 - back)
    found = capacity(place, BACKUP)
    assert (found.verdict, found.reason) == (Verdict.SKIPPED, "backup: 13 of 14 days with measurements")


def test_what_a_job_found_each_day_is_a_series_too_and_dry_runs_are_none(place):
    for back in range(30):
        place.backed_up(back, 980 - 10 * back)
    place.backed_up(3.1, 0, is_dry=True)
    found = capacity(place, BACKUP)
    assert found.verdict is Verdict.FAIL
    assert found.reason.startswith("backup reaches its limit of 1,000: 2026-04-0")
    assert found.reason.endswith("; now 980, 10 a day more")
    assert found.evidence["backup.days"] == 30


def test_one_that_is_too_new_does_not_hide_one_that_is_nearly_full(place):
    for back in range(30):
        place.backed_up(back, 980 - 10 * back)
    found = capacity(place, CONNECTIONS, BACKUP)
    assert (found.verdict, [one.subject for one in found.findings]) == (Verdict.FAIL, ["capacity/backup"])
    assert found.evidence["connections.days"] == 0


def test_the_audit_goes_on_after_a_crash_and_tells_what_it_found(place):
    """Killed in its third step; the next wake takes that step again, and only the audit's own alerts are told."""
    plan = JobPlan("system_audit", "0 5 1 * *", ("security", "benchmark", "compliance", "capacity"))
    for back in range(30):
        place.backed_up(back, 980 - 10 * back)
    place.plan = AuditPlan(resources=(BACKUP,))
    before = FIRST - 40 * DAY  # there are scans, but none of the month that is audited
    scan = Run(
        "security_scan", before, before, before, results=(StepResult("access", Verdict.PASS),), finished_at=before
    )
    place.store.commit([Put(JOB_RUNS, scan.id, {**body_of(scan), "is_due": "yes"})])
    killed = []

    def steps(_):
        made = dict(place.steps)

        def dies(run):
            killed.append(run.id)
            if len(killed) == 1:
                raise KeyboardInterrupt
            return place.steps["compliance"](run)

        return {**made, "compliance": dies}

    clock, bus = VirtualClock(FIRST), MemoryBus()
    shop = Workshop((plan,), frozenset({"system_audit"}), steps, place.store, bus, clock, lambda _: False)
    with pytest.raises(KeyboardInterrupt):
        run_due_jobs(shop)
    clock.advance(timedelta(minutes=15))
    assert run_due_jobs(shop) == 1
    (run,) = history(place.store, "system_audit")
    assert [(one.step, one.verdict.value) for one in run.results] == [
        ("security", "fail"), ("benchmark", "skipped"), ("compliance", "skipped"), ("capacity", "fail"),
    ]  # fmt: skip
    alerts = {(body["alert_type"], body["labels"]["subject"]) for topic, body in bus.messages if topic == "signals"}
    assert alerts == {("soukmon.system_audit", "security_scan"), ("soukmon.capacity", "capacity/backup")}
