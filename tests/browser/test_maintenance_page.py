"""The page of maintenance in a real Chromium: readable by everybody, on any screen, without colours."""

from dataclasses import replace
from datetime import timedelta

import pytest
from selenium.webdriver.common.by import By

from infra.local.platform import Platform
from shared import bootstrap
from shared.config.loader import load
from shared.domain.job_catalogue import STEPS
from shared.domain.job_watch import Watched
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.domain.maintenance import Window
from shared.ports.store import Put
from shared.usecases.jobs.runs import run_body
from shared.usecases.jobs.watching import WATCH
from shared.usecases.records import HEARTBEATS, JOB_LOCKS, JOB_RUNS, body_of, instant
from shared.usecases.window_records import window_write
from tests.browser.conftest import DESK, PHONE, serious, sign_in
from tests.conftest import configuration

HOUR = timedelta(hours=1)
BROKEN = Finding("2026-03-09", "the backup of 9 March is empty " + "x" * 90, fix="run the export again by hand")


@pytest.fixture
def platform(tmp_path, clock):
    running = Platform(
        tmp_path / "s", clock=clock, configuration=replace(configuration(), jobs=load().jobs), is_full=True
    )
    now, writes = clock.now(), []
    for job, steps in STEPS.items():
        for ago in range(9, 0, -1):
            at = now - ago * 5 * HOUR
            found = tuple(StepResult(step, Verdict.PASS, took=3.2, evidence={"ms": 12.5}) for step in steps)
            if (ago + len(job)) % 4 == 0:
                skipped = StepResult(steps[1], Verdict.SKIPPED, "no bucket is configured: set SOUKMON_BACKUPS_BUCKET")
                found = (StepResult(steps[0], Verdict.FAIL, "x", {"bytes": 0}, 1.0, (BROKEN,)), skipped)
            is_last = ago == 1 and job == "log_rotation"
            run = Run(job, at, at, now + HOUR, results=found[:2] if is_last else found,
                      finished_at=None if is_last else at + 7 * timedelta(minutes=1))  # fmt: skip
            writes.append(Put(JOB_RUNS, run.id, run_body(run)))
    writes += [
        Put(HEARTBEATS, f"{WATCH}security_scan", body_of(Watched(now - timedelta(days=9)))),
        Put(JOB_LOCKS, "estate", {"job": "system_audit", "run": "x", "until": instant(now + HOUR)}),
        window_write(Window("w1", now - HOUR, now + HOUR, "Move the orders نقل الطلبات", "mona"), None),
    ]
    bootstrap.state().commit(writes)
    running.run(workers=1)
    yield running
    running.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("dark", [True, False], ids=["night", "day"])
def test_the_page_is_accessible_and_fits(screen, platform, size, locale, dark):
    browser = screen(size, dark=dark)
    sign_in(browser, platform)
    browser.get(f"{platform.url}/maintenance?lang={locale}")
    browser.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert serious(browser) == []
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.execute_script("return document.dir") == ("rtl" if locale == "ar" else "ltr")


def test_the_way_there_is_at_the_top_of_every_page_and_a_strip_says_in_words_what_it_shows(screen, platform):
    browser = screen(DESK)
    sign_in(browser, platform)
    browser.get(f"{platform.url}/incidents")
    browser.find_element(By.LINK_TEXT, "Maintenance").click()
    assert browser.find_element(By.TAG_NAME, "h1").text == "Maintenance"
    cells = browser.find_elements(By.CSS_SELECTOR, ".strip li")
    assert len(cells) > 9 * 8
    assert {cell.find_element(By.CSS_SELECTOR, "[aria-hidden]").text for cell in cells} == {"✓", "✕"}
    assert all(cell.get_attribute("title").split(",")[0] in {"passed", "failed"} for cell in cells)
