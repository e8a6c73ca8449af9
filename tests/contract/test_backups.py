"""Backups over both engines: what is read as of one instant, written, restored elsewhere and read back the same.

Firestore's own export and import, which its emulator offers as well, stand beside ours: either gives back the same.
"""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
import requests
from google.cloud import firestore

from shared.adapters.clocks import VirtualClock
from shared.adapters.firestore import SETTLES, FirestoreState
from shared.adapters.folder import FolderObjects
from shared.adapters.indexes import INDEXES
from shared.domain.backup_format import BrokenBackupError
from shared.domain.job_catalogue import STEPS
from shared.domain.jobs import Run, Verdict
from shared.errors import ConflictError
from shared.ports.store import Delete, Put
from shared.usecases.backups import manifest_of, restore, state_sources, write_backup
from shared.usecases.jobs.backup_integrity import Workbench, integrity_steps
from shared.usecases.jobs.backup_verification import verification_steps
from shared.usecases.walking import walk
from tests.unit.usecases.jobs.backup_house import keeper_of, take
from tests.unit.usecases.world import World

SOME = [("incidents", "a/b"), ("incidents", "فشل"), ("timeline", "a-000001"), ("reports", "__r__")]


@pytest.fixture
def store(new_store):
    return new_store()


def filled(store, count=30):
    bodies = [Put(name, key, {"title": "عطل \u2028", "deep": [[1], {"x": None}], "n": 1}) for name, key in SOME]
    store.commit([*bodies, *(Put("receipts", f"r{n:03}", {"at": f"{n}"}) for n in range(count))])
    return store


def contents(store):
    return {(name, row.id): row.body for name in INDEXES for row in walk(store, name)}


def frozen(store):
    """As of this instant: so much later nobody's clock can still be behind it."""
    at = datetime.now(UTC)
    return store.frozen(at, now=at + SETTLES)


def backed_up(store, archive, name="state/1"):
    with frozen(store) as (at, reader):
        return write_backup(archive, name, at, state_sources(reader, tuple(INDEXES)))


class TestFrozen:
    def test_what_is_written_meanwhile_is_not_read(self, store):
        before = contents(filled(store))
        with frozen(store) as (_, reader):
            assert contents(reader) == before
            store.commit([Put("incidents", "new", {}), Put("incidents", "a/b", {"n": 2}), Delete("reports", "__r__")])
            assert contents(reader) == before
            assert reader.get("incidents", "a/b").body["n"] == 1
        assert contents(store) != before

    def test_sqlite_refuses_to_write_to_what_is_frozen(self, store, request):
        if "firestore" in request.node.name:
            at = datetime.now(UTC)
            with store.frozen(at, now=at) as (settled, _):
                assert settled == at - SETTLES
        else:
            with frozen(store) as (_, reader), pytest.raises(ConflictError):
                reader.commit([Put("incidents", "a", {})])


class TestBackups:
    def test_E87_what_was_backed_up_is_restored_into_another_store_and_reads_back_equal(
        self, store, new_store, tmp_path
    ):
        archive = FolderObjects(tmp_path / "archive")
        manifest, other = backed_up(filled(store), archive), new_store()
        assert restore(archive, manifest_of(archive, "state/1"), other) == manifest.documents == 34
        assert contents(other) == contents(store)
        again = backed_up(other, archive, "state/2")
        assert again.counts == manifest.counts

    def test_E87_a_backup_that_lost_a_byte_on_its_way_is_not_restored(self, store, new_store, tmp_path):
        archive = FolderObjects(tmp_path / "archive")
        manifest = backed_up(filled(store), archive)
        path = tmp_path / "archive" / manifest.parts[-1].name
        path.write_bytes(path.read_bytes()[:-1])
        with pytest.raises(BrokenBackupError, match=r"reports-00000\.ndjson\.gz is not what was written"):
            restore(archive, manifest, new_store())

    def test_E87_an_empty_store_makes_an_empty_backup_and_that_is_a_failure(self, store, tmp_path):
        world = World(store, VirtualClock(datetime.now(UTC) + SETTLES))
        keeper = keeper_of(world, tmp_path)
        run = Run("backup_verification", None, world.clock.now() - SETTLES, world.clock.now())
        found = verification_steps(keeper)["database"](run)
        assert (found.verdict, found.reason) == (Verdict.FAIL, "the newest backup of state is empty")

    def test_E87_the_jobs_write_verify_restore_and_drill_what_the_engine_holds(self, store, tmp_path):
        world = World(store, VirtualClock(datetime.now(UTC)))
        world.fires("crash")
        world.pump()
        at = datetime.now(UTC)
        world.clock.set(at + SETTLES)
        keeper = keeper_of(world, tmp_path)
        run = Run("backup_verification", None, at, at)
        nightly = take(verification_steps(keeper), ("database", "recovery"), run).results
        bench = Workbench(keeper, keeper.archive)
        test = Run("backup_integrity_test", None, at, at)
        monthly = take(integrity_steps(bench), STEPS["backup_integrity_test"], test).results
        assert [(one.verdict, one.reason) for one in (*nightly, *monthly)] == [(Verdict.PASS, "")] * 6
        assert nightly[0].evidence["compared"] > 5


class TestGoogleSOwnExport:
    """https://firebase.google.com/docs/emulator-suite: the emulator exports and imports as the service does."""

    def test_E87_an_export_of_firestore_s_own_gives_back_what_our_backup_does(
        self, firestore_host, tmp_path, monkeypatch
    ):
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_host)
        live, theirs, ours = (f"t-{uuid4().hex[:8]}" for _ in range(3))
        store = filled(_state(live))
        archive = FolderObjects(tmp_path / "archive")
        exported = tmp_path / "exports"
        exported.mkdir()
        _emulator(firestore_host, live, "export", export_directory=str(exported), export_name="night")
        [overall] = exported.rglob("*.overall_export_metadata")
        _emulator(firestore_host, theirs, "import", export_directory=str(overall))
        restore(archive, backed_up(store, archive), _state(ours))
        assert contents(_state(theirs)) == contents(_state(ours)) == contents(store)


def _state(project):
    return FirestoreState(lambda: firestore.Client(project=project))


def _emulator(host, project, verb, **asked):
    address = f"http://{host}/emulator/v1/projects/{project}:{verb}"
    body = {"database": f"projects/{project}/databases/(default)", **asked}
    answer = requests.post(address, json=body, headers={"Authorization": "Bearer owner"}, timeout=30)
    assert answer.ok, answer.text
