"""A night and a morning of jobs on a whole platform: four faults are found by the schedule, named, and paged."""

from datetime import UTC, datetime, timedelta
from shutil import copytree, ignore_patterns

import pytest

from infra.local.platform import Platform
from infra.local.scheduler import Scheduler, jobs
from shared import bootstrap
from shared.adapters.clocks import VirtualClock
from shared.config.loader import PACKAGED
from shared.domain.incidents import Incident
from shared.ports.store import Put, Query
from shared.usecases.records import DEAD_LETTERS, INCIDENTS, instant, value_of
from tests.integration.jobs.tls_servers import HOST, serving, signer

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MONDAY = datetime(2030, 6, 2, 21, 0, tzinfo=UTC)  # the third of June, a first Monday, 00:00 in Cairo
TICKING = frozenset({"rotate_logs", "verify_backups", "audit_system", "escalate_incidents"})


@pytest.fixture
def souk(tmp_path, monkeypatch):
    """A full platform whose website shows an expired certificate; only the jobs and the minute tick are scheduled."""
    chain = signer("site", host=HOST, days=-3)
    with serving(tmp_path, chain) as port:
        config = copytree(PACKAGED, tmp_path / "config", ignore=ignore_patterns("*.py", "__pycache__"))
        status = (config / "status.yaml").read_text(encoding="utf-8")
        (config / "status.yaml").write_text(
            status.replace('website: {url: ""', f'website: {{url: "https://{HOST}:{port}/"'), "utf-8"
        )
        monkeypatch.setenv("SOUKMON_CONFIG", str(config))
        platform = Platform(tmp_path / "state", clock=VirtualClock(MONDAY), is_full=True)
        ticking = (one for one in platform.functions.values() if one.name in TICKING)
        platform.scheduler = Scheduler(jobs(ticking), start=MONDAY)
        yield platform
        platform.close()


def at(platform, hours, *, day=0):
    """Let this time of Cairo's clock come, and the jobs that are due then run to their end."""
    platform.move_clock(MONDAY + day * DAY + hours * timedelta(hours=1) - MINUTE)
    platform.advance(6 * MINUTE)


def newest(folder):
    return max((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.stat().st_mtime_ns)


def incidents(rule):
    rows = bootstrap.state().find(Query(INCIDENTS, order_by="opened_at", limit=1_000))
    return [one for one in (value_of(row, Incident) for row in rows) if one.rule == rule]


def texts(platform, incident):
    """The first text about it; a text begins with the severity and the incident's title."""
    start = f"{str(incident.severity).upper()}: {incident.title[:30]}"
    return [one for one in platform.providers.store.messages("twilio") if one.content["body"].startswith(start)]


def test_a_corrupted_backup_a_truncated_archive_an_expired_certificate_and_a_public_bucket_are_each_paged(
    souk, tmp_path
):
    state = tmp_path / "state"
    letter = {"received_at": instant(MONDAY - 60 * DAY), "function": "receive_log_entry", "reason": "no JSON"}
    bootstrap.state().commit([Put(DEAD_LETTERS, "old", letter)])
    at(souk, 2)
    assert bootstrap.state().get(DEAD_LETTERS, "old") is None
    archived = [path for path in (state / "archive").rglob("*.gz") if "dead_letters" in str(path)]
    at(souk, 3)
    found = {rule: incidents(rule) for rule in ("backup_broken", "recovery_failed", "archive_broken")}
    assert found == {"backup_broken": [], "recovery_failed": [], "archive_broken": []}

    part = newest(state / "backups" / "state")
    damaged = bytearray(part.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    part.write_bytes(damaged)
    for path in archived:
        path.write_bytes(path.read_bytes()[:-20])
    souk.providers.reviewed.add_bucket("souk-passports", prevented=False, objectViewer=["allUsers"])
    at(souk, 5)
    at(souk, 2, day=1)
    at(souk, 6, day=1)
    for day in (2, 3, 4):  # archives are read again in turns
        at(souk, 2, day=day)

    for rule, severity, named in (
        ("recovery_failed", "high", part.parent.name),
        ("archive_broken", "high", "dead_letters"),
        ("certificate_refused", "critical", "expired"),
        ("open_to_everybody", "critical", "souk-passports"),
    ):
        told = [one for one in incidents(rule) if named in one.title]
        assert [str(one.severity) for one in told] == [severity], (rule, [one.title for one in incidents(rule)])
        assert texts(souk, told[0]), rule
