"""The page of maintenance as its readers get it: the calendar, and how each job stands."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.config.loader import load
from shared.domain.job_catalogue import STEPS
from shared.domain.job_watch import Watched
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.domain.maintenance import Window
from shared.ports.store import Put
from shared.rendering.job_words import JOBS
from shared.rendering.job_words import STEPS as STEP_WORDS
from shared.usecases.jobs.runs import run_body
from shared.usecases.jobs.watching import WATCH
from shared.usecases.records import HEARTBEATS, JOB_LOCKS, JOB_RUNS, body_of, instant
from shared.usecases.window_records import window_write

HOUR = timedelta(hours=1)


@pytest.fixture
def mona(house):
    house.config = replace(house.config, jobs=load().jobs)
    return house.open("iap").as_("mona@souk.example", "iap")


def ran(house, job="backup_verification", *, ago=HOUR, finished=True, results=None, **changes):
    at = house.clock.now() - ago
    steps = tuple(StepResult(step, Verdict.PASS, took=1.5) for step in STEPS[job]) if results is None else results
    ended = at + timedelta(minutes=7) if finished else None
    run = Run(job, at, at, at + timedelta(minutes=10), results=steps, finished_at=ended, **changes)
    house.store.commit([Put(JOB_RUNS, run.id, run_body(run))])
    return run


def card(page, job):
    return page.split(f'<section aria-labelledby="{job}">')[1].split("</section>")[0]


def test_before_anything_ran_each_job_says_so_and_when_it_comes_next(mona):
    page = mona.get("/maintenance").text
    assert page.count("has not run yet") == len(STEPS)
    assert "Tue 10 Mar 03:00 EET" in card(page, "backup_verification")
    assert re.search(r"Sunday 15 March|Tuesday 10 March", page)


def test_a_run_is_shown_with_its_verdict_and_each_step_with_what_it_found_and_how_to_mend_it(house, mona):
    bad = Finding("2026-03-09", "the backup of <b>9 March</b> is empty", fix="look at the export's <log>")
    results = (
        StepResult("database", Verdict.FAIL, "x", {"bytes": 0, "age": None}, 2.25, (bad,)),
        StepResult("files", Verdict.WARN, "26 h old"),
        StepResult("warehouse", Verdict.SKIPPED, "nothing is configured"),
    )
    ran(house, results=results)
    shown = card(mona.get("/maintenance").text, "backup_verification")
    assert "failed" in shown.split("</div>")[0]
    assert "took 7 min" in shown
    assert "the backup of &lt;b&gt;9 March&lt;/b&gt; is empty" in shown
    assert "look at the export&#39;s &lt;log&gt;" in shown
    assert re.findall(r'<th scope="row">([^<]+)', shown) == ["Database backup", "File backup", "Warehouse backup"]
    assert re.findall(r"</span> (failed|warning|not looked at|passed)</span><br>", shown) == [
        "failed", "warning", "not looked at",
    ]  # fmt: skip
    assert '<span class="soft">bytes</span> 0' in shown


def test_what_runs_now_shows_how_far_it_is_and_a_run_that_was_cut_off_does_not(house, mona):
    results = (StepResult("database", Verdict.PASS), StepResult("files", Verdict.PASS))
    ran(house, ago=timedelta(minutes=4), finished=False, results=results)
    page = mona.get("/maintenance").text
    assert "2 of 5 steps done" in page
    assert '<progress max="5" value="2"' in page
    house.clock.advance(HOUR)
    assert "steps done" not in mona.get("/maintenance").text


def test_the_strip_has_the_last_runs_with_words_for_each(house, mona):
    for hours in range(20, 0, -1):
        results = () if hours % 2 else (StepResult("database", Verdict.FAIL, "x"),)
        ran(house, ago=hours * HOUR, results=results)
    ran(house, ago=timedelta(minutes=30), is_dry=True)
    shown = card(mona.get("/maintenance").text, "backup_verification")
    strip = re.findall(r'<span class="unseen">([^<]+, [^<]+)</span></li>', shown)
    assert len(strip) == 14
    assert "passed" in strip[0]
    assert "dry run" in strip[0]
    assert "failed" in strip[2]


def test_a_job_that_did_not_run_reads_as_missed_and_one_that_is_locked_says_by_whom(house, mona):
    since = house.clock.now() - timedelta(days=2)
    house.store.commit([
        Put(HEARTBEATS, f"{WATCH}log_rotation", body_of(Watched(since))),
        Put(JOB_LOCKS, "estate", {"job": "system_audit", "run": "x", "until": instant(house.clock.now() + HOUR)}),
    ])  # fmt: skip
    page = mona.get("/maintenance").text
    assert "Did not run when it was due: Mon 9 Mar 02:00 EET" in card(page, "log_rotation")
    assert "Due, and waits for: System audit" in card(page, "security_scan")
    assert "Due, and waits" not in card(page, "system_audit")


def test_windows_stand_in_the_calendar_with_the_jobs_of_their_day(house, mona):
    start = house.clock.now().replace(hour=0, minute=0) + timedelta(days=1)
    planned = Window("w1", start, start + 2 * HOUR, "Move <b>orders</b>", "mona")
    house.store.commit([window_write(planned, None)])
    page = mona.get("/maintenance").text
    assert "02:00–04:00" in page  # noqa: RUF001 - a span of time
    assert "Move &lt;b&gt;orders&lt;/b&gt;" in page


def test_an_arabic_reader_reads_jobs_steps_and_verdicts_in_arabic(house, mona):
    ran(house)
    page = mona.get("/maintenance?lang=ar").text
    assert 'dir="rtl"' in page
    shown = card(page, "backup_verification")
    assert "التحقق من النسخ الاحتياطية" in shown
    assert "نسخة قاعدة البيانات" in shown
    assert "سليم" in shown


def test_every_job_and_step_has_a_name_in_both_languages():
    assert set(JOBS) == set(STEPS)
    assert set(STEP_WORDS) == {f"{job}.{step}" for job, steps in STEPS.items() for step in steps}


def test_programs_get_the_same(house, mona):
    run = ran(house)
    told = json.loads(mona.get("/api/jobs").text)
    (job,) = [one for one in told["jobs"] if one["name"] == "backup_verification"]
    assert (job["last"]["id"], job["last"]["verdict"], job["schedule"]) == (run.id, "pass", "0 3 * * *")
    assert job["verdicts"] == ["pass"]
    assert len(job["last"]["steps"]) == 5
    assert told["calendar"][1]["jobs"]["log_rotation"] == ["2026-03-11T00:00:00+00:00"]


def test_a_stranger_sees_nothing_of_it(mona):
    assert mona.as_("eve@souk.example", "iap").get("/maintenance").status_code == 403
