"""The nightly verification: backups are written and read back, and whatever is wrong with them is found."""

import json
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.backup_format import sealed, unsealed
from shared.domain.backups import BROKEN, Seen, Source, Stored, Watched
from shared.domain.jobs import Verdict
from shared.errors import QueryError
from shared.ports.store import Delete, Put, Query
from shared.usecases.backups import manifest_of, names_of_backups, rows_of
from shared.usecases.jobs.backup_verification import RECOVERY, verification_steps
from shared.usecases.jobs.keeping import Copied
from tests.unit.usecases.jobs.backup_house import Points, damage, keeper_of, run_of

DAY = timedelta(days=1)


@pytest.fixture
def house(world, tmp_path):
    world.fires("crash")
    world.pump()
    return keeper_of(world, tmp_path)


def taken(house, world, step, **changes):
    return verification_steps(replace(house, **changes))[step](run_of(world))


def alerts(result):
    return [(one.alert, one.subject) for one in result.findings if one.verdict is Verdict.FAIL]


def flipped(data):
    return data[:40] + bytes([data[40] ^ 1]) + data[41:]


def altered(data):
    found = json.loads(data)
    found["parts"] = found["parts"][1:]
    return json.dumps(found).encode()


def emptied(data):
    """As an export that wrote a manifest and nothing else, with the hash to it."""
    return sealed(replace(unsealed(json.loads(data)["name"], data), parts=()))


def miscounted(data):
    found = unsealed(json.loads(data)["name"], data)
    first, *others = found.parts
    return sealed(replace(found, parts=(replace(first, documents=first.documents + 1), *others)))


class TestTheStateStore:
    def test_E87_a_backup_is_written_and_reads_back_what_the_store_holds(self, house, world):
        found = taken(house, world, "database")
        [name] = names_of_backups(house.archive, "state")
        back = {
            (p.collection, row.id): row.body
            for p, rows in rows_of(house.archive, manifest_of(house.archive, name))
            for row in rows
        }
        assert found.verdict is Verdict.PASS
        assert found.evidence["backup"] == name
        assert (found.evidence["verified"], found.evidence["broken"]) == (1, 0)
        assert found.evidence["documents"] == len(back) > 5
        assert found.evidence["compared"] == found.evidence["read_back"] == min(25, len(back))
        for (collection, key), body in back.items():
            assert world.store.get(collection, key).body == body

    @pytest.mark.parametrize(
        ("harm", "says"),
        [
            (("state/*/incidents-*", flipped), "is not what was written: it cannot be unpacked"),
            (("state/*/incidents-*", lambda data: data[:-20]), "cannot be unpacked"),
            (("state/*/incidents-*", lambda _: None), "is missing"),
            (("manifests/state/*", altered), "was altered"),
            (("manifests/state/*", miscounted), "and its manifest says"),
            (("manifests/state/*", emptied), "is empty"),
            (("manifests/state/*", lambda _: b""), "cannot be read"),
        ],
    )
    def test_E87_a_backup_that_is_not_as_it_was_written_is_a_failure(self, house, world, tmp_path, harm, says):
        taken(house, world, "database")
        damage(tmp_path, *harm)
        found = verification_steps(house)["database"](run_of(world, is_dry=True))
        assert found.verdict is Verdict.FAIL
        assert says in found.reason
        assert {alert for alert, _ in alerts(found)} == {BROKEN}
        assert (found.evidence["verified"], found.evidence["broken"]) == (1, 1)

    def test_E87_the_backup_of_an_empty_store_is_a_failure(self, house, world):
        found = taken(house, world, "database", collections=("bulletins",))
        assert (found.verdict, found.reason) == (Verdict.FAIL, "the newest backup of state is empty")

    def test_that_there_is_no_backup_at_all_is_a_failure(self, house, world):
        found = verification_steps(house)["database"](run_of(world, is_dry=True))
        assert (found.verdict, found.reason) == (Verdict.FAIL, "there is no backup of state")

    def test_a_dry_run_looks_at_what_is_there_and_writes_nothing(self, house, world):
        for step in ("database", "files", "warehouse", "configuration"):
            verification_steps(house)[step](run_of(world, is_dry=True))
        assert house.archive.names("") == []

    def test_a_document_that_reads_otherwise_than_in_the_store_is_a_failure(self, house, world, tmp_path):
        taken(house, world, "database")
        with sqlite3.connect(tmp_path / "state.db") as behind:
            behind.execute("UPDATE doc_incidents SET body = json_set(body, '$.title', 'another')")
        found = verification_steps(
            replace(house, config=replace(house.config, backups=replace(house.rules, sample=999)))
        )["database"](run_of(world, is_dry=True))
        assert found.verdict is Verdict.FAIL
        assert "1 of incidents do not read as they stand in the store" in found.reason

    def test_what_was_written_since_is_not_held_against_the_backup(self, house, world):
        taken(house, world, "database")
        world.store.commit([Put("incidents", row.id, {"x": 1}) for row in world.store.find(_all("incidents"))])
        found = verification_steps(house)["database"](run_of(world, is_dry=True))
        assert found.verdict is Verdict.PASS
        assert found.evidence["compared"] < found.evidence["read_back"]

    def test_a_backup_without_a_collection_that_the_store_still_has_is_a_failure(self, house, world):
        taken(house, world, "database")
        world.clock.advance(DAY)
        found = taken(house, world, "database", collections=tuple(c for c in house.collections if c != "timeline"))
        assert "it holds nothing of timeline, which the one before did" in found.reason
        assert found.verdict is Verdict.FAIL

    def test_a_collection_that_was_emptied_in_the_store_is_missed_by_nobody(self, house, world):
        taken(house, world, "database")
        world.store.commit([Delete("timeline", row.id) for row in world.store.find(_all("timeline"))])
        world.clock.advance(DAY)
        assert taken(house, world, "database").verdict is Verdict.PASS

    def test_a_backup_that_is_two_days_old_is_a_failure(self, house, world):
        taken(house, world, "database")
        world.clock.advance(2 * DAY)
        found = verification_steps(house)["database"](run_of(world, is_dry=True))
        assert "the newest backup of state is 48.0 h old" in found.reason

    def test_an_older_backup_whose_manifest_broke_is_told_by_its_own_name(self, house, world, tmp_path):
        taken(house, world, "database")
        [old] = names_of_backups(house.archive, "state")
        damage(tmp_path, "manifests/state/*", altered)
        world.clock.advance(DAY)
        assert alerts(taken(house, world, "database")) == [(BROKEN, old)]

    def test_killed_after_any_part_it_goes_on_with_what_it_had_written(self, house, world):
        whole = taken(house, world, "database").evidence["documents"]
        count = len(house.archive.names("state/"))
        for survives in range(count + 1):
            world.clock.advance(DAY)
            dying = Dying(house.archive, survives)
            with pytest.raises(KilledError):
                taken(house, world, "database", archive=dying)
            made = names_of_backups(house.archive, "state")
            again = taken(house, world, "database")
            assert (again.verdict, again.evidence["documents"]) == (Verdict.PASS, whole)
            assert len(names_of_backups(house.archive, "state")) == len(made) + 1


class TestThePoints:
    def test_the_points_of_two_days_are_kept_by_the_hour(self, house, world):
        found = taken(house, world, "warehouse")
        assert (found.verdict, found.evidence["documents"], found.evidence["broken"]) == (Verdict.PASS, 2, 0)
        manifest = manifest_of(house.archive, names_of_backups(house.archive, "points")[-1])
        [row, _] = [row for _, rows in rows_of(house.archive, manifest) for row in rows]
        assert row.id == "20260308T18-0000000"
        assert row.body["count"] == 3

    def test_that_nothing_was_measured_is_skipped_and_nothing_is_written(self, house, world):
        found = taken(house, world, "warehouse", warehouse=Points(world.clock.now() - 3 * DAY))
        assert (found.verdict, house.archive.names("")) == (Verdict.SKIPPED, [])

    def test_a_warehouse_that_does_not_answer_raises_for_the_run_to_record(self, house, world):
        class Silent:
            def query(self, name, parameters, *, maximum_bytes=None):
                raise QueryError("no such table")

        with pytest.raises(QueryError):
            taken(house, world, "warehouse", warehouse=Silent())

    def test_points_that_were_cut_short_are_broken(self, house, world, tmp_path):
        taken(house, world, "warehouse")
        damage(tmp_path, "points/*/points-*", lambda data: data[:-5])
        assert alerts(verification_steps(house)["warehouse"](run_of(world, is_dry=True))) == [(BROKEN, "points")]


class TestTheConfiguration:
    def test_what_runs_here_is_kept_and_the_loader_takes_it_back(self, house, world):
        found = taken(house, world, "configuration")
        assert found.verdict is Verdict.PASS
        assert found.evidence["documents"] == len(house.files())

    def test_files_that_the_loader_refuses_cannot_be_restored(self, house, world):
        broken = {**house.files(), "rules.yaml": "alerts: 3\n"}
        found = taken(house, world, "configuration", files=lambda: broken)
        assert found.verdict is Verdict.FAIL
        assert "is refused: rules.yaml:1" in found.reason

    def test_files_that_are_not_those_that_run_here_are_a_failure(self, house, world):
        other = house.files()
        other["backups.yaml"] = other["backups.yaml"].replace("sample: 25", "sample: 24")
        found = taken(house, world, "configuration", files=lambda: other)
        assert found.verdict is Verdict.FAIL
        assert "is another than the one that runs here" in found.reason


class TestFiles:
    def test_each_file_is_copied_once_and_compared(self, house, world):
        reports = house.copied[0].store
        reports.create("2026/a.pdf", b"A", content_type="application/pdf")
        first = taken(house, world, "files")
        reports.create("2026/b.pdf", b"B", content_type="application/pdf")
        second = taken(house, world, "files")
        assert [first.evidence["reports_copied"], second.evidence["reports_copied"]] == [1, 1]
        assert (second.verdict, second.evidence["verified"], second.evidence["broken"]) == (Verdict.PASS, 1, 0)
        assert house.archive.read("files/reports/2026/b.pdf") == b"B"

    def test_a_copy_that_changed_is_a_failure(self, house, world, tmp_path):
        house.copied[0].store.create("a.pdf", b"AAAA", content_type="application/pdf")
        taken(house, world, "files")
        damage(tmp_path, "files/reports/a.pdf", lambda data: b"AAAB")
        found = taken(house, world, "files")
        assert alerts(found) == [(BROKEN, "files/reports")]
        assert found.evidence["broken"] == 1

    def test_killed_after_one_of_two_the_next_run_copies_the_other(self, house, world):
        for name in ("a", "b"):
            house.copied[0].store.create(name, name.encode(), content_type="text/plain")
        with pytest.raises(KilledError):
            taken(house, world, "files", archive=Dying(house.archive, 1))
        found = taken(house, world, "files")
        assert (found.verdict, found.evidence["reports_copied"]) == (Verdict.PASS, 1)

    def test_a_dry_run_warns_of_what_is_not_copied_yet(self, house, world):
        house.copied[0].store.create("a", b"a", content_type="text/plain")
        assert verification_steps(house)["files"](run_of(world, is_dry=True)).verdict is Verdict.WARN

    def test_without_any_store_of_files_it_is_skipped(self, house, world):
        assert taken(house, world, "files", copied=()).verdict is Verdict.SKIPPED

    def test_only_what_is_under_the_prefix_is_copied(self, house, world):
        store = house.copied[0].store
        for name in ("seals/1", "charts/1"):
            store.create(name, b"x", content_type="text/plain")
        taken(house, world, "files", copied=(Copied("seals", store, "seals/"),))
        assert house.archive.names("files/") == ["files/seals/seals/1"]


class TestRecovery:
    def test_E87_a_restored_sample_is_what_was_backed_up_and_leaves_nothing_behind(self, house, world):
        taken(house, world, "database")
        scratch = Watching(house.scratch)
        found = taken(house, world, "recovery", scratch=scratch)
        assert found.verdict is Verdict.PASS
        assert found.evidence["restored"] > 5
        assert scratch.cleared

    def test_E87_what_comes_back_otherwise_fails_the_recovery(self, house, world):
        taken(house, world, "database")
        found = taken(house, world, "recovery", scratch=Forgetful(house.scratch))
        assert alerts(found) == [(RECOVERY, "recovery")]
        assert "is not what was put there" in found.reason

    def test_E87_an_empty_backup_recovers_nothing_and_fails(self, house, world, tmp_path):
        taken(house, world, "database")
        damage(tmp_path, "manifests/state/*", emptied)
        found = taken(house, world, "recovery")
        assert found.verdict is Verdict.FAIL
        assert "is empty; nothing comes back" in found.reason

    def test_a_broken_part_fails_the_recovery(self, house, world, tmp_path):
        taken(house, world, "database")
        for name in house.archive.names("state/"):
            damage(tmp_path, name, flipped)
        assert alerts(taken(house, world, "recovery")) == [(RECOVERY, "recovery")]

    def test_without_a_backup_there_is_nothing_to_recover_from(self, house, world):
        assert taken(house, world, "recovery").verdict is Verdict.SKIPPED


class TestBackupsOfOthers:
    MARKET = Watched("market", Source.FIRESTORE_SCHEDULE, "(default)")
    PHOTOS = Watched("photos", Source.BUCKET_COPY, "photos", "copies")

    def test_those_that_are_well_count_beside_our_own(self, house, world):
        others = Others(market=[Seen("b", world.clock.now() - timedelta(hours=3), 9)])
        found = taken(house, world, "database", others=others, beside=(self.MARKET, self.PHOTOS))
        assert (found.verdict, found.evidence["verified"], found.evidence["broken"]) == (Verdict.PASS, 2, 0)

    def test_E87_one_that_is_empty_or_gone_fails_the_step_and_ours_are_told_as_well(self, house, world):
        for seen in ([], [Seen("b", world.clock.now(), 0)], [Seen("b", world.clock.now() - 3 * DAY, 9)]):
            found = taken(house, world, "database", others=Others(market=seen), beside=(self.MARKET,))
            assert alerts(found) == [(BROKEN, "market")]
            assert (found.evidence["verified"], found.evidence["broken"]) == (2, 1)
            assert "documents" in found.evidence

    def test_one_that_cannot_be_looked_at_is_never_taken_for_well(self, house, world):
        found = taken(house, world, "database", beside=(self.MARKET,))
        assert alerts(found) == [(BROKEN, "market")]
        assert "cannot be looked at" in found.reason

    def test_copies_of_buckets_are_compared_by_their_checksums(self, house, world):
        at = world.clock.now() - 2 * DAY
        others = Others(buckets={"photos": {"a": Stored("1", 1, at)}, "copies": {"a": Stored("2", 1, at)}})
        found = taken(house, world, "files", others=others, beside=(self.PHOTOS,))
        assert alerts(found) == [(BROKEN, "photos")]

    def test_snapshots_are_looked_at_also_where_nothing_of_ours_was_measured(self, house, world):
        snapshots = Watched("analytics", Source.BIGQUERY_SNAPSHOT, "analytics_1", "snapshots")
        others = Others(analytics=[Seen("t", world.clock.now(), 5)])
        found = taken(house, world, "warehouse", warehouse=Points(), others=others, beside=(snapshots,))
        assert (found.verdict, found.evidence) == (Verdict.PASS, {"verified": 1, "broken": 0})


class Others:
    """Backups that somebody else makes, as the test says."""

    def __init__(self, *, buckets=None, **seen):
        self.buckets, self.known = buckets or {}, seen

    def seen(self, one):
        return self.known[one.name]

    def stored(self, bucket):
        return self.buckets[bucket]


def _all(collection):
    return Query(collection, after="", limit=999)


class KilledError(BaseException):
    """The process ends here."""


class Dying:
    """An archive whose writer dies after so many objects."""

    def __init__(self, archive, survives):
        self.archive, self.left = archive, survives

    def create(self, name, data, *, content_type):
        if self.left == 0:
            raise KilledError
        self.left -= 1
        return self.archive.create(name, data, content_type=content_type)

    def read(self, name):
        return self.archive.read(name)

    def names(self, prefix):
        return self.archive.names(prefix)


class Watching:
    """A scratch that remembers that it was cleared."""

    def __init__(self, scratch):
        self.scratch, self.cleared = scratch, False

    def empty(self):
        self.store = self.scratch.empty()
        return self.store

    def clear(self):
        self.cleared = True
        self.scratch.clear()


class Forgetful(Watching):
    """A scratch store that loses what it is given."""

    def empty(self):
        class Lossy(type(self.scratch.empty())):
            def commit(self, writes):
                super().commit(writes[1:])

        store = self.scratch.empty()
        store.__class__ = Lossy
        return store
