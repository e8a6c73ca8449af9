"""The audit's controls: each is met, missed, or without evidence, and says which record it rests on."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from shared.config.loader import load
from shared.domain.audits import Check, Control
from shared.domain.breaches import declared
from shared.domain.jobs import Verdict
from shared.domain.maintenance import Window
from shared.domain.oncall import Override
from shared.domain.post_mortems import PostMortem, PostMortemRules
from shared.domain.severities import Severity
from shared.ports.store import Put, Replace
from shared.usecases.audited import AUDITED, Act, audit_writes
from shared.usecases.breach_records import BREACHES, breach_body
from shared.usecases.continuity import record_review
from shared.usecases.jobs.audit_controls import CHECKS
from shared.usecases.post_mortems import post_mortem_write
from shared.usecases.records import INCIDENTS
from shared.usecases.seal_records import seal_records
from shared.usecases.window_records import window_write
from tests.conftest import NIGHT
from tests.unit.usecases.jobs.audited_world import DAY, FIRST, HOUR, AuditedWorld, told

NONE = Verdict.WARN  # no evidence


@pytest.fixture
def audited(world, tmp_path):
    return AuditedWorld(world, tmp_path)


def look(audited, check, within=DAY, **changes):
    """The verdict on one control, and its line of evidence."""
    control = Control("it", "it is so", check, within, **{"job": "", **changes})
    audited.plan = replace(audited.plan, controls=(control,))
    found = audited.take("compliance")
    return found.verdict, found.evidence["it"]


def test_every_check_is_evaluated_and_every_shipped_control_has_one():
    assert set(CHECKS) == set(Check)
    assert {one.check for one in load().audit.controls} == set(Check)


def test_without_controls_nothing_is_claimed(audited):
    assert audited.take("compliance").verdict is Verdict.SKIPPED


def test_E90_the_record_is_evidenced_by_its_newest_seal(audited, world):
    assert look(audited, Check.RECORD_VERIFIED) == (NONE, "warn: no evidence, the record was never sealed")
    world.store.commit(audit_writes(world.store, Act(NIGHT, "mona", "window opened", "w")))
    world.clock.advance(FIRST - HOUR - NIGHT)
    seal_records(store=world.store, objects=audited.seals, clock=world.clock)
    assert look(audited, Check.RECORD_VERIFIED) == (
        Verdict.PASS, "pass: seals/000001.json at 2026-04-01 02:00 UTC",
    )  # fmt: skip
    assert look(audited, Check.RECORD_VERIFIED, within=HOUR / 2)[0] is Verdict.FAIL


def test_E90_a_record_that_was_changed_fails_whatever_its_seal(audited, world):
    world.store.commit(audit_writes(world.store, Act(NIGHT, "mona", "window opened", "w")))
    world.clock.advance(FIRST - HOUR - NIGHT)
    seal_records(store=world.store, objects=audited.seals, clock=world.clock)
    line = world.store.get(AUDITED, "000001")
    world.store.commit([Replace(AUDITED, line.id, {**line.body, "actor": "omar"}, line.version)])
    verdict, _ = look(audited, Check.RECORD_VERIFIED)
    assert verdict is Verdict.FAIL
    assert "fault(s): audited/" in audited.take("compliance").reason


def job(audited, **changes):
    return look(audited, Check.JOB_PASSED, **{"job": "backup_verification", "step": "database", **changes})


def test_a_job_that_has_not_run_is_no_evidence(audited):
    assert job(audited) == (NONE, "warn: no evidence, backup_verification has not looked yet")


def test_a_job_that_passed_is_named_with_when(audited):
    audited.ran("backup_verification", FIRST - 2 * HOUR, database="pass", files="fail")
    assert job(audited) == (
        Verdict.PASS, "pass: backup_verification-20260401T010000Z at 2026-04-01 02:00 UTC",
    )  # fmt: skip
    assert job(audited, step="")[0] is Verdict.FAIL


def test_a_job_that_passed_too_long_ago_is_no_longer_so(audited):
    audited.ran("backup_verification", FIRST - 50 * HOUR, database="pass")
    assert job(audited)[0] is Verdict.FAIL


def test_a_failure_is_not_hidden_by_the_run_before_it_and_one_that_did_not_look_hides_nothing(audited):
    audited.ran("backup_verification", FIRST - 10 * HOUR, database="pass")
    audited.ran("backup_verification", FIRST - 8 * HOUR, database="skipped")
    assert job(audited)[0] is Verdict.PASS
    audited.ran("backup_verification", FIRST - 6 * HOUR, database="fail")
    audited.ran("backup_verification", FIRST - 4 * HOUR, database="skipped")
    assert job(audited)[0] is Verdict.FAIL


def test_a_dry_run_proves_nothing_and_neither_does_one_that_ended_later(audited):
    audited.ran("backup_verification", FIRST - 4 * HOUR, is_dry=True, database="pass")
    audited.ran("backup_verification", FIRST - HOUR / 2, database="pass")
    assert job(audited)[0] is NONE


def test_breaches_are_reported_in_time_or_the_control_is_missed(audited, world):
    assert look(audited, Check.BREACH_CLOCKS_MET, 31 * DAY)[1].startswith("pass: 0 breach(es) on record at 2026-04-01")
    made = declared("INC-9", "mona", detected_at=NIGHT, now=NIGHT)
    world.store.commit([Put(BREACHES, made.id, breach_body(replace(made, reported_at=NIGHT + 71 * HOUR)))])
    assert look(audited, Check.BREACH_CLOCKS_MET, 31 * DAY)[0] is Verdict.PASS
    world.store.commit([Put(BREACHES, made.id, breach_body(made))])
    verdict, line = look(audited, Check.BREACH_CLOCKS_MET, 31 * DAY)
    assert (verdict, line) == (Verdict.FAIL, f"fail: {made.id} at {NIGHT + 72 * HOUR:%Y-%m-%d %H:%M} UTC")


def test_somebody_is_on_call_or_the_first_gap_is_named(audited):
    assert look(audited, Check.ON_CALL_COVERED, 28 * DAY)[0] is Verdict.PASS
    hole = Override("primary", None, FIRST + 5 * DAY, FIRST + 5 * DAY + HOUR)
    directory = replace(audited.config.directory, overrides=(hole,))
    audited.config = replace(audited.config, directory=directory)
    assert look(audited, Check.ON_CALL_COVERED, 28 * DAY)[0] is Verdict.FAIL
    assert "nobody is on call in primary from 2026-04-06 03:00 UTC" in audited.take("compliance").reason
    assert look(audited, Check.ON_CALL_COVERED, 4 * DAY)[0] is Verdict.PASS


def post_mortem(audited, *, completed_at=None, due_at=NIGHT + 2 * DAY):
    world = audited.world
    world.fires("crash")
    (incident,) = world.incidents()
    row = world.store.get(INCIDENTS, incident.id)
    ended = {"resolved_at": (NIGHT + HOUR).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "state": "resolved"}
    made = PostMortem(incident.id, "mona", NIGHT, due_at, completed_at=completed_at)
    kept = Replace(INCIDENTS, incident.id, {**row.body, **ended}, row.version)
    world.store.commit([kept, post_mortem_write(made, None)])
    audited.config = replace(audited.config, post_mortems=PostMortemRules({Severity.CRITICAL: DAY}))
    return incident.id


def test_post_mortems_that_were_completed_in_time_meet_the_control(audited):
    post_mortem(audited, completed_at=NIGHT + DAY)
    assert look(audited, Check.POST_MORTEMS_IN_TIME, 31 * DAY) == (
        Verdict.PASS, "pass: 1 incident(s) that ask for one at 2026-04-01 03:00 UTC",
    )  # fmt: skip


@pytest.mark.parametrize("completed_at", [None, NIGHT + 3 * DAY])
def test_a_post_mortem_that_is_overdue_or_came_late_misses_it_by_its_incident(audited, completed_at):
    incident = post_mortem(audited, completed_at=completed_at)
    verdict, line = look(audited, Check.POST_MORTEMS_IN_TIME, 31 * DAY)
    assert (verdict, line) == (Verdict.FAIL, f"fail: {incident} at 2026-04-01 03:00 UTC")


def test_secrets_are_as_old_as_the_oldest_and_without_days_nothing_is_known(audited):
    assert look(audited, Check.SECRETS_ROTATED, 365 * DAY)[0] is NONE
    audited.plan = replace(audited.plan, rotated={"link_key": date(2026, 3, 1), "twilio": date(2025, 6, 1)})
    assert look(audited, Check.SECRETS_ROTATED, 365 * DAY) == (Verdict.PASS, "pass: twilio at 2025-06-01 00:00 UTC")
    assert look(audited, Check.SECRETS_ROTATED, 90 * DAY)[0] is Verdict.FAIL


def window(audited, *, ahead, **changes):
    start = FIRST - 10 * DAY
    made = Window("w-1", start, start + HOUR, "upgrade", "mona", created_at=start - ahead, **changes)
    audited.store.commit([window_write(made, None)])


@pytest.mark.parametrize(
    ("ahead", "changes", "verdict"),
    [
        (24 * HOUR, {}, Verdict.PASS),
        (23 * HOUR, {}, Verdict.FAIL),
        (0 * HOUR, {"emergency": True}, Verdict.PASS),
        (48 * HOUR, {"announced_at": FIRST - 10 * DAY - HOUR}, Verdict.FAIL),
    ],
)
def test_planned_maintenance_is_announced_a_day_ahead_also_when_it_moves(audited, ahead, changes, verdict):
    window(audited, ahead=ahead, **changes)
    found, line = look(audited, Check.WINDOWS_ANNOUNCED, 31 * DAY)
    assert found is verdict
    assert ("no planned window" if changes.get("emergency") else "w-1") in line


def test_the_continuity_plan_is_reviewed_or_nobody_knows(audited, world):
    assert look(audited, Check.CONTINUITY_REVIEWED, 92 * DAY)[0] is NONE
    record_review("omar", "all of it", config=world.config, store=world.store, clock=world.clock)
    assert look(audited, Check.CONTINUITY_REVIEWED, 92 * DAY) == (
        Verdict.PASS, f"pass: continuity review at {NIGHT:%Y-%m-%d %H:%M} UTC",
    )  # fmt: skip
    assert look(audited, Check.CONTINUITY_REVIEWED, 7 * DAY)[0] is Verdict.FAIL


def test_a_control_that_cannot_be_looked_at_keeps_no_other_back_and_takes_nothing_back(audited):
    class Gone:
        def read(self, name):
            raise PermissionError("no access")

    audited.seals = Gone()
    controls = (
        Control("record", "the record is sealed", Check.RECORD_VERIFIED, DAY),
        Control("plan", "somebody is on call", Check.ON_CALL_COVERED, timedelta(days=7)),
    )
    audited.plan = replace(audited.plan, controls=controls)
    found = audited.take("compliance")
    assert told(found) == {"compliance/record": "warn"}
    assert found.evidence["record"] == "warn: no evidence, could not be looked at (PermissionError)"
    assert (found.evidence["met"], found.has_looked) == (1, False)
