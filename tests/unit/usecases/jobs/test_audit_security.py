"""The audit's security assessment: scans that ran and did not, what is open and since when, incidents, breaches."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.breaches import Standing, declared
from shared.domain.jobs import Verdict
from shared.ports.store import Put, Replace
from shared.usecases.breach_records import BREACHES, breach_body
from shared.usecases.records import INCIDENTS
from tests.conftest import NIGHT
from tests.unit.usecases.jobs.audited_world import DAY, FIRST, HOUR, TUESDAYS, AuditedWorld, told

LEAK = ("vulnerability", "urllib3", "dependencies")


@pytest.fixture
def audited(world, tmp_path):
    return AuditedWorld(world, tmp_path)


def scanned(audited, *days, **each):
    for at in days or TUESDAYS:
        audited.ran("security_scan", at, **{"dependencies": "pass", "access": "pass", **each})


def test_a_month_of_scans_that_passed_is_well(audited):
    scanned(audited)
    found = audited.take("security")
    assert (found.verdict, found.findings) == (Verdict.PASS, ())
    assert {name: found.evidence[name] for name in ("month", "scans", "scans_passed", "scans_missed", "open")} == {
        "month": "2026-03", "scans": 5, "scans_passed": 5, "scans_missed": 0, "open": 0,
    }  # fmt: skip


def test_a_scan_that_did_not_run_is_a_warning_by_its_day(audited):
    scanned(audited, *TUESDAYS[:3], TUESDAYS[4])
    found = audited.take("security")
    assert found.verdict is Verdict.WARN
    assert found.reason == "the security scan of 2026-03-24 04:00 UTC did not run"


@pytest.mark.parametrize("verdict", ["fail", "skipped"])
def test_a_month_in_which_no_scan_passed_fails(audited, verdict):
    scanned(audited, dependencies=verdict, access=verdict)
    assert told(audited.take("security"))["security_scan"] == "fail"


def test_a_month_without_a_scan_fails_where_there_was_one_before(audited):
    audited.ran("security_scan", TUESDAYS[0] - 7 * DAY, access="pass")
    assert told(audited.take("security"))["security_scan"] == "fail"


def test_where_nothing_was_ever_scanned_the_installation_is_young_and_nothing_fails(audited):
    found = audited.take("security")
    assert "security_scan" not in told(found)
    assert found.verdict is Verdict.WARN


def test_a_dry_scan_and_one_of_another_month_count_for_nothing(audited):
    audited.ran("security_scan", TUESDAYS[0], is_dry=True, access="pass")
    audited.ran("security_scan", TUESDAYS[0] - 7 * DAY, access="pass")
    found = audited.take("security")
    assert found.evidence["scans"] == 0
    assert told(found)["security_scan"] == "fail"


def test_what_a_scan_left_open_is_a_warning_and_fails_when_it_is_open_for_too_long(audited):
    scanned(audited, *TUESDAYS[:4])
    audited.ran("security_scan", TUESDAYS[4], opened=[LEAK], dependencies="fail", access="pass")
    found = audited.take("security")
    assert told(found) == {"security_scan/vulnerability/urllib3": "warn"}
    assert found.evidence["open_days_longest"] == 1.0
    for at in TUESDAYS[2:4]:
        audited.ran("security_scan", at, opened=[LEAK], dependencies="fail")
    found = audited.take("security")
    assert told(found) == {"security_scan/vulnerability/urllib3": "fail"}
    assert found.findings[0].what == "vulnerability of urllib3 is open since 2026-03-17 04:00 UTC, too long"
    assert found.findings[0].alert == "system_audit"


def test_what_was_mended_between_is_open_only_since_it_came_back(audited):
    for at, opened in zip(TUESDAYS, ([LEAK], [LEAK], [LEAK], [], [LEAK]), strict=True):
        audited.ran("security_scan", at, opened=opened, access="pass")
    assert told(audited.take("security")) == {"security_scan/vulnerability/urllib3": "warn"}


def test_how_many_the_newest_scan_found_is_told_by_how_bad_it_is(audited):
    from shared.domain.job_alerts import result_of  # noqa: PLC0415 - as the job makes it
    from shared.domain.jobs import Finding  # noqa: PLC0415

    scanned(audited, *TUESDAYS[:4])
    made = replace(result_of([Finding("a", "bad"), Finding("b", "odd", Verdict.WARN)]), step="dependencies")
    audited.ran("security_scan", TUESDAYS[4], dependencies=made)
    found = audited.take("security").evidence
    assert (found["findings_fail"], found["findings_warn"]) == (1, 1)


def fired(world, name, **changes):
    world.fires(name, alert_type="security.access_denied", source="audit", **changes)
    return next(one.id for one in world.incidents() if one.title.startswith(f"{name} "))


def changed(world, incident, **changes):
    row = world.store.get(INCIDENTS, incident)
    world.store.commit([Replace(INCIDENTS, incident, {**row.body, **changes}, row.version)])


def test_security_incidents_are_counted_with_how_long_they_took_to_contain(audited, world):
    scanned(audited)
    for hours in (2, 6):
        ends = (NIGHT + hours * HOUR).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        changed(world, fired(world, f"s{hours}"), resolved_at=ends, state="resolved")
    world.fires("crash")
    found = audited.take("security").evidence
    assert (found["incidents"], found["incidents_open"]) == (2, 0)
    assert (found["hours_to_contain_median"], found["hours_to_contain_longest"]) == (4.0, 6.0)


def test_a_critical_one_that_is_open_for_too_long_fails(audited, world):
    scanned(audited)
    incident = fired(world, "open")
    changed(world, incident, severity="critical")
    assert told(audited.take("security")) == {f"incidents/{incident}": "fail"}
    audited.plan = replace(audited.plan, open_for=40 * DAY)
    assert told(audited.take("security")) == {}


def test_a_restricted_one_is_counted_and_nothing_of_it_is_told(audited, world):
    scanned(audited)
    world.fires("crash")
    incident = fired(world, "secret")
    changed(world, incident, severity="critical", restricted="AMBER HERON", title="somebody's name")
    found = audited.take("security")
    assert (found.evidence["restricted"], found.evidence["incidents"]) == (1, 0)
    assert found.findings == ()
    assert incident not in str(found)


def breach(world, *, name="INC-9", **changes):
    made = replace(declared(name, "mona", detected_at=NIGHT, now=NIGHT + HOUR), **changes)
    world.store.commit([Put(BREACHES, made.id, breach_body(made))])
    return made


def test_a_breach_whose_clock_was_missed_fails_by_its_id_alone(audited, world):
    scanned(audited)
    made = breach(world, reported_at=NIGHT + 73 * HOUR)
    found = audited.take("security")
    assert told(found) == {f"breaches/{made.id}": "fail"}
    assert found.evidence["breach_clocks_missed"] == 1
    assert made.code not in str(found)


@pytest.mark.parametrize(
    "changes",
    [
        {"reported_at": NIGHT + timedelta(hours=71)},
        {"standing": Standing.STOOD_DOWN},
        {"is_drill": True},
        {"detected_at": FIRST - DAY, "regulator_at": FIRST + 2 * DAY},
    ],
)
def test_a_breach_that_was_reported_in_time_stood_down_rehearsed_or_runs_is_well(audited, world, changes):
    scanned(audited)
    breach(world, **changes)
    assert audited.take("security").findings == ()


def test_a_dry_run_finds_the_same(audited):
    scanned(audited, *TUESDAYS[:4])
    assert audited.take("security", is_dry=True) == audited.take("security")
