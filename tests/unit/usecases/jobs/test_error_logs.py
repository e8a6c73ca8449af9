"""Error logs in the archive: a day once, made good after a missed night, cut off anywhere, read again every night."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.clocks import VirtualClock
from shared.adapters.sqlite_state import SqliteState
from shared.domain.archives import manifest_of, read_back
from shared.domain.jobs import Run, Verdict
from shared.errors import NotMeasuredError, QueryError
from shared.ports.warehouse import LogLine
from shared.usecases.jobs.archiving import ARCHIVE_BROKEN, SAMPLE
from shared.usecases.jobs.error_logs import LogKeeper, error_logs
from shared.usecases.records import ARCHIVES
from shared.usecases.walking import walk
from tests.unit.usecases.jobs.crashing import Fate, Killed, MemoryObjects, MortalObjects, MortalStore

TWO = datetime(2026, 3, 10, 0, 0, tzinfo=UTC)  # 02:00 in Cairo
DAY = timedelta(days=1)
BEGINS = datetime(2026, 3, 8, 22, 0, tzinfo=UTC)  # the 9th in Cairo
MANIFEST = "error-logs/2026/03/09/manifest.json"


class Logs:
    """A log reader that knows some lines, or refuses."""

    def __init__(self, *lines, error=None):
        self.lines, self.error, self.asked = lines, error, []

    def errors(self, since, until):
        self.asked.append((since, until))
        if self.error:
            raise self.error
        yield from (line for line in self.lines if since <= line.at < until)


def line(name, *, at=BEGINS, **body):
    return LogLine(name, at, {"severity": "ERROR", **body})


class Office:
    def __init__(self, folder, *lines):
        self.store, self.objects, self.clock = SqliteState(folder / "state.db"), MemoryObjects(), VirtualClock(TWO)
        self.logs = Logs(*lines)

    def rotate(self, at=TWO, *, fate=None, is_dry=False):
        store, objects = (
            (MortalStore(self.store, fate), MortalObjects(self.objects, fate)) if fate else (self.store, self.objects)
        )
        run = Run("log_rotation", at, at, at, is_dry=is_dry)
        return error_logs(LogKeeper(self.logs, store, objects, self.clock), run)

    def manifest(self, name=MANIFEST):
        return manifest_of(self.objects.read(name))

    def entries(self):
        return list(read_back(self.manifest(), self.objects.read))


@pytest.fixture
def office(tmp_path):
    return Office(
        tmp_path, line("a"), line("b", at=BEGINS + DAY - timedelta(microseconds=1)), line("c", at=BEGINS + DAY)
    )


def test_the_day_in_egypt_that_is_over_is_archived_and_no_other_instant(office):
    found = office.rotate()
    assert (found.verdict, found.evidence["days"], found.evidence["entries"]) == (Verdict.PASS, 7, 2)
    assert [entry.id for entry in office.entries()] == ["a", "b"]
    assert (BEGINS, BEGINS + DAY) in office.logs.asked
    manifest = office.manifest()
    assert (manifest.made_by, manifest.schema, manifest.entries) == ("log_rotation", 1, 2)
    assert (manifest.first, manifest.last) == ("2026-03-08T22:00:00.000000Z", "2026-03-09T21:59:59.999999Z")
    assert found.evidence["bytes"] == sum(part.bytes for part in manifest.parts)


def test_a_day_is_archived_once_and_the_same_day_elsewhere_has_the_same_bytes(office, tmp_path):
    office.rotate()
    before, asked = dict(office.objects), len(office.logs.asked)
    assert office.rotate().evidence["days"] == 0
    assert (dict(office.objects), len(office.logs.asked)) == (before, asked)
    (tmp_path / "other").mkdir()
    other = Office(tmp_path / "other", *office.logs.lines)
    other.rotate(TWO + timedelta(minutes=7))
    assert dict(other.objects) == before


def test_a_missed_night_is_made_good(office):
    office.rotate()
    assert office.rotate(TWO + 3 * DAY).evidence["days"] == 3
    assert office.manifest("error-logs/2026/03/10/manifest.json").entries == 1


def test_the_day_on_which_the_clocks_go_forward_has_twenty_three_hours(tmp_path):
    office = Office(tmp_path)
    office.rotate(datetime(2026, 4, 25, 1, tzinfo=UTC))
    lengths = [until - since for since, until in office.logs.asked]
    assert lengths.count(timedelta(hours=23)) == 1
    assert all(before[1] == after[0] for before, after in zip(office.logs.asked, office.logs.asked[1:], strict=False))


def test_personal_data_and_secrets_are_not_archived(tmp_path):
    body = {
        "textPayload": "no answer for mona@souk.example",
        "httpRequest": {"remoteIp": "203.0.113.7"},
        "jsonPayload": {"token": "hunter22", "list": ["+20 100 123 4567"]},
    }
    office = Office(tmp_path, line("a", **body))
    office.rotate()
    kept = office.entries()[0].body
    assert kept["textPayload"] == "no answer for m***@souk.example"
    assert kept["httpRequest"] == {"remoteIp": "[address]"}
    assert kept["jsonPayload"] == {"token": "[secret]", "list": ["[phone]"]}


def test_a_dry_run_names_the_days_and_changes_nothing(office):
    found = office.rotate(is_dry=True)
    assert "2026-03-09" in found.reason
    assert (dict(office.objects), office.logs.asked, list(walk(office.store, ARCHIVES))) == ({}, [], [])


@pytest.mark.parametrize("crash", range(0, 90, 1))
def test_a_night_that_is_cut_off_anywhere_ends_in_the_same_archive(tmp_path, crash):
    (tmp_path / "whole").mkdir()
    whole, office = Office(tmp_path / "whole", line("a"), line("b")), Office(tmp_path, line("a"), line("b"))
    whole.rotate()
    fate = Fate([crash])
    try:
        office.rotate(fate=fate)
    except Killed:
        office.rotate(fate=fate)
    assert dict(office.objects) == dict(whole.objects)
    assert len(list(walk(office.store, ARCHIVES))) == 7


def test_logs_that_may_not_be_read_are_skipped_with_what_is_to_be_given(office):
    office.logs.error = NotMeasuredError("give the account roles/logging.viewAccessor")
    found = office.rotate()
    assert (found.verdict, found.reason) == (Verdict.SKIPPED, "give the account roles/logging.viewAccessor")


def test_logs_that_do_not_answer_raise_and_leave_the_day_to_do(office):
    office.logs.error = QueryError("down")
    with pytest.raises(QueryError):
        office.rotate()
    office.logs.error = None
    assert office.rotate().evidence["days"] == 7


def alerts(found):
    return [(one.alert, one.subject) for one in found.findings]


def test_an_archive_that_is_truncated_on_its_way_is_an_alert_until_it_is_whole(office, tmp_path):
    (tmp_path / "whole").mkdir()
    part = "part-0001"

    class Truncates(MemoryObjects):
        def create(self, name, data, *, content_type):
            return super().create(name, data[:-1] if part in name else data, content_type=content_type)

    office.objects = Truncates()
    broken = [(ARCHIVE_BROKEN, "archives/error-logs/2026/03/09")]
    assert alerts(office.rotate()) == broken
    assert alerts(office.rotate(TWO + DAY))[0] == broken[0]
    whole = Office(tmp_path / "whole", *office.logs.lines)
    whole.rotate(TWO + DAY)
    whole.rotate()
    office.objects = MemoryObjects({**office.objects, **whole.objects})
    assert office.rotate(TWO + DAY).verdict is Verdict.PASS
    assert "error-logs/2026/03/09/manifest.json" in office.objects


def test_an_older_archive_that_was_altered_is_found_and_told_every_night_until_it_is_whole(office):
    office.rotate()
    name = office.manifest().parts[0].object
    whole = office.objects[name]
    office.objects[name] = whole[:-1]
    office.clock.advance(DAY)
    nights = [office.rotate(TWO + number * DAY) for number in (1, 2, 3)]
    assert alerts(nights[-1]) == alerts(nights[-2]) == [(ARCHIVE_BROKEN, "archives/error-logs/2026/03/09")]
    assert nights[-1].verdict is Verdict.FAIL
    office.objects[name] = whole
    assert office.rotate(TWO + 4 * DAY).verdict is Verdict.PASS


def test_those_that_were_not_looked_at_for_longest_are_looked_at_first(office):
    office.rotate()
    seen = set()
    for _ in range(4):
        office.clock.advance(timedelta(hours=1))
        found = office.rotate()
        assert found.evidence["read_again"] == SAMPLE
        now = office.clock.now()
        seen |= {
            row.id for row in walk(office.store, ARCHIVES) if row.body["verified_at"].startswith(f"{now:%Y-%m-%dT%H}")
        }
    assert len(seen) == 7, "every archive has had its turn"
