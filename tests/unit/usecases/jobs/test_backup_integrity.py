"""The monthly test: everything restored, consistent, in time, and alive; and what it says when it is not."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.scratch import SqliteScratch
from shared.domain.backups import Objectives
from shared.domain.job_catalogue import STEPS
from shared.domain.jobs import StepResult, Verdict, with_result
from shared.domain.signals import own_signal
from shared.ports.store import Delete, Put, Query
from shared.usecases.jobs.backup_integrity import Workbench, integrity_steps
from shared.usecases.jobs.backup_verification import RECOVERY, verification_steps
from shared.usecases.records import INCIDENTS, NOTIFICATIONS, TIMELINE
from shared.usecases.seal_records import seal_records
from tests.unit.usecases.jobs.backup_house import damage, keeper_of, run_of, take

JOB = "backup_integrity_test"
ORDER = STEPS[JOB]


@pytest.fixture
def house(world, tmp_path):
    world.fires("crash")
    world.pump()
    seal_records(store=world.store, objects=keeper_of(world, tmp_path).archive, clock=world.clock)
    return keeper_of(world, tmp_path)


@pytest.fixture
def bench(house):
    return Workbench(house, house.archive)


def backed_up(bench, world):
    assert verification_steps(bench.keeper)["database"](run_of(world)).verdict is Verdict.PASS
    return bench


def results_of(bench, world, *, until=4, **rules):
    keeper = replace(bench.keeper, config=replace(bench.keeper.config, backups=replace(bench.keeper.rules, **rules)))
    steps = integrity_steps(replace(bench, keeper=keeper))
    return take(steps, ORDER[:until], run_of(world, JOB)).results


def test_E87_everything_comes_back_fits_together_is_in_time_and_alerts_again(bench, world):
    world.clock.advance(timedelta(minutes=1))
    backed_up(bench, world)
    world.clock.advance(timedelta(minutes=29))
    restored, fitting, timed, drilled = results_of(bench, world)
    assert [one.verdict for one in (restored, fitting, timed, drilled)] == [Verdict.PASS] * 4, restored
    assert restored.evidence["documents"] > 5
    assert restored.evidence["behind_s"] == 30 * 60
    assert fitting.evidence["open_incidents"] == 1
    assert timed.evidence["recovery_point_s"] == 30 * 60
    assert drilled.evidence["incident"]
    assert drilled.evidence["paged"] > 0
    assert drilled.evidence["escalated"] > 0


def test_the_drill_leaves_the_live_store_and_everybody_alone(bench, world):
    backed_up(bench, world)
    before = {row.id: row.version for row in world.store.find(Query(INCIDENTS, after="", limit=99))}
    published = len(world.bus.messages)
    results_of(bench, world)
    assert {row.id: row.version for row in world.store.find(Query(INCIDENTS, after="", limit=99))} == before
    assert len(world.bus.messages) == published


def test_E87_without_a_backup_the_restore_fails_and_the_rest_is_skipped(bench, world):
    first, *others = results_of(bench, world)
    assert (first.verdict, first.reason) == (Verdict.FAIL, "there is no backup to restore")
    assert first.findings[0].alert == RECOVERY
    assert {one.verdict for one in others} == {Verdict.SKIPPED}


def test_E87_a_part_that_changed_fails_the_restore(bench, world, tmp_path):
    backed_up(bench, world)
    damage(tmp_path, "state/*/timeline-*", lambda data: data[:-3])
    first, *others = results_of(bench, world)
    assert first.verdict is Verdict.FAIL
    assert "cannot be restored" in first.reason
    assert {one.verdict for one in others} == {Verdict.SKIPPED}


def test_E87_the_restore_of_an_empty_backup_fails(bench, world):
    verification_steps(replace(bench.keeper, collections=("bulletins",)))["database"](run_of(world))
    first = results_of(bench, world, until=1)[0]
    assert first.verdict is Verdict.FAIL
    assert "is empty" in first.reason


def test_a_record_that_was_changed_before_the_backup_is_found_after_the_restore(bench, world, tmp_path):
    with sqlite3.connect(tmp_path / "state.db") as behind:
        behind.execute("UPDATE doc_timeline SET body = json_set(body, '$.event', 'nothing')")
    found = results_of(backed_up(bench, world), world, until=2)[1]
    assert found.verdict is Verdict.FAIL
    assert "the restored record has" in found.reason


def test_seals_that_came_after_the_backup_are_no_fault_of_it(bench, world):
    backed_up(bench, world)
    world.clock.advance(timedelta(hours=1))
    world.fires("another")
    seal_records(store=world.store, objects=bench.seals, clock=world.clock)
    assert results_of(bench, world, until=2)[1].verdict is Verdict.PASS


def test_an_open_incident_whose_pages_are_gone_is_named(bench, world):
    [incident] = world.store.find(Query(INCIDENTS, after="", limit=9))
    rows = world.store.find(Query(NOTIFICATIONS, after="", limit=99))
    world.store.commit([Delete(NOTIFICATIONS, row.id) for row in rows])
    found = results_of(backed_up(bench, world), world, until=2)[1]
    assert (found.verdict, found.reason) == (Verdict.FAIL, f"{incident.id} came back without its ledger")


def test_an_open_incident_without_any_record_is_named(bench, world):
    [incident] = world.store.find(Query(INCIDENTS, after="", limit=9))
    rows = world.store.find(Query(TIMELINE, after="", limit=99))
    world.store.commit([Delete(TIMELINE, row.id) for row in rows])
    found = results_of(backed_up(bench, world), world, until=2)[1]
    assert f"{incident.id} came back without its record" in found.reason


def test_what_the_restore_lost_is_counted(bench, world, tmp_path):
    class Leaky(SqliteScratch):
        def empty(self):
            store = super().empty()
            whole = store.commit
            store.commit = lambda writes: whole([one for one in writes if one.collection != "receipts"])
            return store

    backed_up(bench, world)
    leaky = replace(bench, keeper=replace(bench.keeper, scratch=Leaky(tmp_path / "leaky")))
    found = results_of(leaky, world, until=2)[1]
    assert found.verdict is Verdict.FAIL
    assert "0 of 1 documents of receipts are there after the restore" in found.reason


@pytest.mark.parametrize(
    ("promised", "says"),
    [
        (Objectives(restored_within=timedelta(seconds=89)), "restoring took 90 s; at most 89 s are promised"),
        (Objectives(lost_at_most=timedelta(minutes=29)), "a recovery would lose 1800 s; at most 1740 s are promised"),
    ],
)
def test_an_objective_that_is_not_reached_is_a_failure_with_both_figures(bench, world, promised, says):
    backed_up(bench, world)
    run = run_of(world, JOB)
    evidence = {"backup": "state/1", "behind_s": 1_800.0}
    for step, took in (("restore", 60.0), ("consistency", 30.0)):
        result = StepResult(step, Verdict.PASS, evidence=evidence, took=took)
        run = with_result(run, result, lease_until=run.lease_until)
    keeper = bench.keeper
    held = replace(keeper, config=replace(keeper.config, backups=replace(keeper.rules, objectives=promised)))
    found = integrity_steps(replace(bench, keeper=held))["objectives"](run)
    assert (found.verdict, found.reason) == (Verdict.FAIL, says)
    assert (found.evidence["recovery_time_s"], found.evidence["recovery_point_s"]) == (90.0, 1_800.0)


def test_a_restored_system_that_would_page_nobody_fails_its_drill(bench, world):
    backed_up(bench, world)
    config = bench.keeper.config
    nobody = replace(
        config,
        policies={name: replace(one, steps=(), last_resort=(), repeats=0) for name, one in config.policies.items()},
    )
    found = results_of(replace(bench, keeper=replace(bench.keeper, config=nobody)), world)[-1]
    assert found.verdict is Verdict.FAIL
    assert "the restored system pages nobody" in found.reason


def test_a_system_that_knows_the_signal_already_opens_no_incident_and_fails_its_drill(bench, world):
    backed_up(bench, world)
    run = run_of(world, JOB)
    steps = integrity_steps(bench)
    run = take(steps, ORDER[:3], run)
    seen = own_signal("recovery_drill", subject=run.id, title="", at=run.at, unique=run.id).event_id
    bench.restored.store.commit([Put("receipts", seen, {"outcome": "x", "incident": "", "severity": ""})])
    assert "opened no incident" in steps["disaster_recovery"](run).reason


@pytest.mark.parametrize("killed_before", range(1, len(ORDER)))
def test_whoever_goes_on_with_a_run_that_was_cut_off_restores_the_same_backup_again(
    bench, world, killed_before, tmp_path
):
    backed_up(bench, world)
    run = take(integrity_steps(bench), ORDER[:killed_before], run_of(world, JOB))
    world.clock.advance(timedelta(minutes=11))
    verification_steps(bench.keeper)["database"](run_of(world))  # a newer one has come meanwhile
    another = Workbench(replace(bench.keeper, scratch=SqliteScratch(tmp_path / "elsewhere")), bench.seals)
    results = take(integrity_steps(another), ORDER[killed_before:], run).results
    assert [one.verdict for one in results] == [Verdict.PASS] * 4
    assert {one.evidence["backup"] for one in results if "backup" in one.evidence} == {results[0].evidence["backup"]}


def test_after_the_last_step_nothing_of_it_is_left_on_the_machine(bench, world, tmp_path):
    backed_up(bench, world)
    run = take(integrity_steps(bench), ORDER[:3], run_of(world, JOB))
    assert (tmp_path / "scratch").exists()
    take(integrity_steps(bench), ORDER[3:], run)
    assert not (tmp_path / "scratch").exists()


def test_what_a_killed_run_left_in_the_scratch_is_in_no_later_restore(bench, world):
    backed_up(bench, world)
    bench.keeper.scratch.empty().commit([Put("incidents", "of a killed run", {"is_open": "yes"})])
    assert results_of(bench, world, until=2)[1].evidence["open_incidents"] == 1
