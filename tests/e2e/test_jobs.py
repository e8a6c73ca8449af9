"""Maintenance jobs on a whole local platform, and `soukmon jobs` over what it keeps."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests
from icalendar import Calendar

from infra.local.platform import Platform
from shared import bootstrap
from shared.adapters.clocks import SystemClock, VirtualClock
from shared.adapters.sqlite_state import SqliteState
from shared.cli import jobs
from shared.cli.main import run
from shared.domain.jobs import Finding, JobPlan, Run, StepResult, Verdict
from shared.ports.store import Put, Query
from shared.usecases.jobs.runs import history, run_body
from shared.usecases.records import HEARTBEATS, JOB_LOCKS, JOB_RUNS, instant
from tests.conftest import configuration

assert jobs
CHECK = JobPlan("health_check", "0 0,4,8,12,16,20 * * *", ("endpoints", "database"))
START = datetime(2026, 3, 10, 1, 57, tzinfo=UTC)  # 03:57 in Cairo


def soukmon(capsys, *arguments):
    code = run([str(a) for a in arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.fixture(params=[True, False], ids=["full", "scenario"])
def platform(request, tmp_path):
    config = replace(configuration(), jobs=(CHECK,))
    made = Platform(tmp_path / "state", clock=VirtualClock(START), configuration=config, is_full=request.param)
    made.is_full = request.param
    yield made
    made.close()


def test_a_full_platform_runs_what_is_due_and_a_scenario_runs_and_misses_nothing(platform):
    platform.advance(timedelta(hours=9))
    found = [(one.occurrence, one.verdict) for one in history(bootstrap.state(), "health_check")]
    due = [datetime(2026, 3, 10, hour, tzinfo=UTC) for hour in (10, 6, 2)]
    assert found == ([(at, Verdict.PASS) for at in due] if platform.is_full else [])
    watched = bootstrap.state().get(HEARTBEATS, "job-health_check")
    assert (watched is not None) is platform.is_full
    assert bootstrap.state().find(Query("incidents", order_by="opened_at")) == []


def test_a_job_that_no_function_runs_is_an_incident(tmp_path):
    plan = replace(CHECK, name="no_such_job")
    config, earlier = replace(configuration(), jobs=(plan,)), START - timedelta(hours=1)
    made = Platform(tmp_path / "state", clock=VirtualClock(earlier), configuration=config, is_full=True)
    try:
        made.advance(timedelta(hours=3))
        [incident] = bootstrap.state().find(Query("incidents", order_by="opened_at"))
        assert incident.body["title"] == "no_such_job of 10 Mar 04:00 EET (02:00 UTC) has not begun"
    finally:
        made.close()


@pytest.fixture
def kept(tmp_path):
    """A folder in which log rotation has failed and the audit of the system is running."""
    store, now = SqliteState(tmp_path / "state.db"), SystemClock().now().replace(microsecond=0)
    bad = Finding("errors", "the archive of 9 March is empty", fix="run it again")
    failed = Run("log_rotation", now - timedelta(hours=3), now - timedelta(hours=3), now, results=(
        StepResult("error_logs", Verdict.FAIL, "x", {"entries": 0}, 0.4, (bad,)),), finished_at=now)  # fmt: skip
    begun = Run("system_audit", now, now, now + timedelta(minutes=9), results=(StepResult("security", Verdict.PASS),))
    held = {"job": "system_audit", "run": begun.id, "until": instant(now + timedelta(hours=1))}
    store.commit([*(Put(JOB_RUNS, one.id, run_body(one)) for one in (failed, begun)), Put(JOB_LOCKS, "estate", held)])
    return tmp_path


def test_the_list_says_what_failed_what_runs_and_what_waits_and_is_not_fine(kept, capsys):
    code, out, _ = soukmon(capsys, "jobs", "list", "--state", kept)
    lines = {line.split()[0]: line for line in out.splitlines()}
    assert code == 1
    assert "fail at" in lines["log_rotation"]
    assert lines["system_audit"].endswith("running, 1 of 4 steps")
    assert lines["security_scan"].endswith("waits for system_audit")
    assert "has not run yet" in lines["health_check"]


def test_programs_read_a_line_of_json_for_each_job_and_each_run(kept, capsys):
    code, out, _ = soukmon(capsys, "jobs", "list", "--json", "--state", kept)
    told = {one["name"]: one for one in map(json.loads, out.splitlines())}
    assert code == 1
    assert told["security_scan"]["holder"] == "system_audit"
    assert told["system_audit"]["running"]["steps"][0]["verdict"] == "pass"
    code, out, _ = soukmon(capsys, "jobs", "history", "log_rotation", "--json", "--state", kept)
    assert code == 0
    [finding] = json.loads(out)["steps"][0]["findings"]
    assert (finding["what"], finding["fix"]) == ("the archive of 9 March is empty", "run it again")


def test_a_run_by_hand_is_printed_step_by_step_kept_and_its_verdict_is_the_exit_code(kept, capsys):
    arguments = ("jobs", "run", "health_check", "--dry-run", "--by", "mona", "--state", kept)
    code, out, _ = soukmon(capsys, *arguments)
    head, *steps = out.splitlines()
    assert "(by hand, mona, dry)" in head
    assert [line.split()[0] for line in steps] == ["endpoints", "database", "firebase", "sources"]
    [made] = history(SqliteState(kept / "state.db"), "health_check")
    assert code == int(made.verdict is Verdict.FAIL)
    code, out, _ = soukmon(capsys, "jobs", "history", "health_check", "--state", kept)
    assert (code, out.count("by hand, mona, dry")) == (0, 1)


def test_what_cannot_run_now_is_one_line(kept, capsys):
    code, out, err = soukmon(capsys, "jobs", "run", "security_scan", "--state", kept)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "security_scan cannot run now: estate is held by system_audit" in err
    code, _, err = soukmon(capsys, "jobs", "run", "tidy_up", "--state", kept)
    assert code == 2
    assert "there is no job tidy_up" in err


def test_a_calendar_subscribes_to_the_address_that_is_printed(tmp_path, capsys):
    config = replace(configuration(), jobs=(replace(CHECK, at="0 3 * * *"),))
    made = Platform(tmp_path / "state", clock=VirtualClock(START), configuration=config, is_full=True)
    try:
        code, out, _ = soukmon(capsys, "jobs", "calendar-link", "--lang", "ar", "--state", tmp_path / "state")
        assert code == 0
        path = "/cal" + out.strip().split("/cal")[1]
        answer = requests.get(made.url + path, timeout=30)
    finally:
        made.close()
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert len(Calendar.from_ical(answer.content).walk("VEVENT")) == 28
