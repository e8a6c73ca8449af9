"""What reports say of maintenance: each job's last result, the last audit, what is open, in both languages."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.config.loader import load
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, JobPlan, StepResult, Verdict
from shared.domain.report_plans import Part
from shared.domain.reports import Finding as Told
from shared.rendering.report_cells import table_view
from shared.rendering.report_names import COLUMNS, TABLES
from shared.usecases.maintenance_tables import MOST_ROWS, maintenance_part
from tests.unit.usecases.jobs.audited_world import FIRST, HOUR, AuditedWorld

NIGHTLY = JobPlan("backup_verification", "0 3 * * *", ("database", "files"))
AUDIT = JobPlan("system_audit", "0 5 1 * *", ("compliance", "capacity"))
LEAK = Finding("urllib3", "urllib3 2.0 is vulnerable <b>", fix="raise it")
OLD = Finding("bundle", "the bundle grew", Verdict.WARN)


@pytest.fixture
def audited(world, tmp_path):
    return AuditedWorld(world, tmp_path)


def step(name, *findings):
    return replace(result_of(findings), step=name)


def made(audited, *plans, now=FIRST):
    (sentence,), tables = maintenance_part(plans or (NIGHTLY, AUDIT), audited.store, now)
    return sentence, {one.name: one for one in tables}


def test_jobs_that_have_not_run_say_so(audited):
    sentence, tables = made(audited)
    assert (sentence.facts["not_run"], list(tables)) == (2, ["maintenance"])
    assert tables["maintenance"].rows[0] == ("backup_verification", None, "not_run", None, None)


def test_the_newest_run_counts_not_a_dry_one_one_that_goes_on_or_one_that_ended_later(audited):
    audited.ran("backup_verification", FIRST - 9 * HOUR, database="pass")
    audited.ran("backup_verification", FIRST - 7 * HOUR, is_dry=True, database="fail")
    audited.ran("backup_verification", FIRST - HOUR / 2, database="fail")
    sentence, tables = made(audited, NIGHTLY)
    assert tables["maintenance"].rows == (("backup_verification", FIRST - 8 * HOUR, "pass", 0, 0),)
    assert sentence.facts == {"count": 1, "failed": 0, "warned": 0, "skipped": 0, "not_run": 0}
    assert made(audited, NIGHTLY, now=FIRST + HOUR)[0].facts["failed"] == 1


def test_a_run_that_looked_at_nothing_is_no_pass(audited):
    audited.ran("backup_verification", FIRST - 9 * HOUR, database="skipped", files="skipped")
    assert made(audited, NIGHTLY)[0].facts["skipped"] == 1


def test_what_is_open_is_listed_the_failures_first_each_with_its_job_and_step(audited):
    bare = StepResult("files", Verdict.FAIL, "OSError: gone", raised=True)
    audited.ran("backup_verification", FIRST - 9 * HOUR, database=step("database", OLD), files=bare)
    audited.ran("system_audit", FIRST - 9 * HOUR, compliance=step("compliance", LEAK, OLD), capacity="skipped")
    sentence, tables = made(audited)
    assert sentence.facts["failed"] == 2
    assert tables["open_findings"].rows == (
        ("backup_verification", "backup_verification.files", "fail", "OSError: gone"),
        ("system_audit", "system_audit.compliance", "fail", LEAK.what),
        ("backup_verification", "backup_verification.database", "warn", OLD.what),
        ("system_audit", "system_audit.compliance", "warn", OLD.what),
    )
    assert tables["maintenance"].rows[1][2:] == ("fail", 1, 1)
    assert tables["system_audit"].rows == (
        ("system_audit.compliance", "fail", 1, 1), ("system_audit.capacity", "skipped", 0, 0),
    )  # fmt: skip


def test_more_than_a_page_of_them_is_cut_and_counted(audited):
    many = [Finding(f"p{n}", f"p{n} is old", Verdict.WARN) for n in range(MOST_ROWS + 5)]
    audited.ran("backup_verification", FIRST - 9 * HOUR, database=step("database", *many))
    table = made(audited, NIGHTLY)[1]["open_findings"]
    assert (len(table.rows), table.more) == (MOST_ROWS, 5)


def test_without_jobs_there_is_nothing_to_report(audited):
    (sentence,), tables = maintenance_part((), audited.store, FIRST)
    assert (sentence.finding, tables) == (Told.NONE, ())


def test_E83_every_job_step_and_result_reads_in_both_languages(audited):
    plans = load().jobs
    for plan in plans:
        at = FIRST - 9 * HOUR + timedelta(minutes=len(plan.name))
        audited.ran(plan.name, at, **{name: step(name, LEAK) for name in plan.steps})
    _, tables = made(audited, *plans)
    for table in tables.values():
        assert table.name in TABLES
        assert set(table.columns) <= set(COLUMNS)
        arabic = table_view(table, "ar")
        for row in arabic.rows:
            own = [
                cell for cell, column in zip(row, table.columns, strict=True) if column in {"job", "step", "verdict"}
            ]
            assert all("\u0600" <= cell[0] <= "\u06ff" for cell in own), own
    english = table_view(tables["maintenance"], "en").rows
    assert [(row[0], row[2]) for row in english[:2]] == [("Health check", "failed"), ("Log rotation", "failed")]
    assert any(Part.MAINTENANCE in one.parts for one in load().reporting.reports["technical_review"].sections)
