"""Google's own kinds of backups: buckets over a storage emulator, the others by the types of Google's clients."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from google.api_core.exceptions import PermissionDenied
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery, firestore_admin_v1, storage

from shared.adapters.google_backups import GoogleBackups
from shared.adapters.no_other_backups import NoOtherBackups
from shared.domain.backups import Seen, Source, Watched
from shared.errors import NotMeasuredError

AT = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
STATE = firestore_admin_v1.types.Backup.State


def backup(name, state=STATE.READY, database="(default)", **more):
    return firestore_admin_v1.types.Backup(
        name=name, database=f"projects/souk/databases/{database}", snapshot_time=AT, state=state, **more
    )


class Admin:
    """Firestore's admin client, with these backups."""

    def __init__(self, *backups, fault=None):
        self.backups, self.fault, self.parents = backups, fault, []

    def list_backups(self, *, parent, retry, timeout):
        if self.fault:
            raise self.fault
        self.parents.append(parent)
        return firestore_admin_v1.types.ListBackupsResponse(backups=self.backups)


class Tables:
    """BigQuery's client, with these tables: (name, the table it was taken of, when, rows)."""

    def __init__(self, *tables):
        self.tables = {name: self._table(name, *facts) for name, *facts in tables}

    def list_tables(self, dataset, *, timeout):
        return [bigquery.table.TableListItem(one.to_api_repr()) for one in self.tables.values()]

    def get_table(self, reference, *, timeout):
        return self.tables[reference.table_id]

    def _table(self, name, base, at, rows):
        dataset, _, table = base.partition(".")
        there = {"projectId": "souk", "datasetId": "snapshots", "tableId": name}
        base_table = {"projectId": "souk", "datasetId": dataset, "tableId": table}
        taken = {"baseTableReference": base_table, "snapshotTime": f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"}
        kind = {"type": "SNAPSHOT", "snapshotDefinition": taken} if base else {"type": "TABLE"}
        return bigquery.Table.from_api_repr({"tableReference": there, "numRows": str(rows), **kind})


def client():
    return storage.Client(project="souk", credentials=AnonymousCredentials())


def backups(*, admin=None, tables=None):
    return GoogleBackups("souk", firestore=lambda: admin, storage=client, bigquery=lambda: tables)


@pytest.fixture
def bucket(storage_host):
    return client().create_bucket(f"b-{uuid4().hex[:8]}")


def test_firestore_s_backups_are_those_of_the_database_that_are_ready():
    stats = firestore_admin_v1.types.Backup.Stats(size_bytes=512, document_count=3)
    admin = Admin(
        backup("b/1", stats=stats), backup("b/2", STATE.CREATING), backup("b/3", database="other"), backup("b/4")
    )
    found = backups(admin=admin).seen(Watched("x", Source.FIRESTORE_SCHEDULE, "(default)"))
    assert [(one.name, one.size) for one in found] == [("b/1", 512), ("b/4", None)]
    assert found[0].taken_at == AT
    assert admin.parents == ["projects/souk/locations/-"]


def test_what_we_may_not_read_is_said_so_without_names():
    admin = Admin(fault=PermissionDenied("projects/souk/secret"))
    with pytest.raises(NotMeasuredError, match=r"^Google answered PermissionDenied 403; is it named rightly, and may"):
        backups(admin=admin).seen(Watched("x", Source.FIRESTORE_SCHEDULE, "(default)"))


def test_an_export_is_whole_once_its_metadata_is_there_and_as_large_as_its_output(bucket):
    for name, size in (
        ("night/night.overall_export_metadata", 7), ("night/all/all.export_metadata", 5),
        ("night/all/output-0", 100), ("night/all/output-1", 20), ("half/all/output-0", 50),
    ):  # fmt: skip
        bucket.blob(name).upload_from_string(b"x" * size)
    [found] = backups().seen(Watched("x", Source.FIRESTORE_EXPORT, "(default)", bucket.name))
    assert (found.name, found.size) == ("night/night.overall_export_metadata", 120)
    assert abs(datetime.now(UTC) - found.taken_at) < timedelta(hours=1)


def test_E87_an_export_without_output_is_empty(bucket):
    bucket.blob("night/night.overall_export_metadata").upload_from_string(b"x")
    [found] = backups().seen(Watched("x", Source.FIRESTORE_EXPORT, "(default)", bucket.name))
    assert found.size == 0


def test_the_objects_of_a_bucket_come_with_checksums_that_their_content_decides(bucket):
    for name, text in (("a", b"same"), ("b", b"same"), ("c", b"other")):
        bucket.blob(name).upload_from_string(text)
    found = backups().stored(bucket.name)
    assert found["a"].checksum == found["b"].checksum != found["c"].checksum
    assert found["c"].size == 5


def test_a_bucket_that_is_not_there_is_said_so(storage_host):
    with pytest.raises(NotMeasuredError, match="NotFound 404"):
        backups().stored("nowhere")


def test_the_table_whose_newest_snapshot_is_oldest_speaks_for_its_dataset():
    tables = Tables(
        ("orders_1", "shop.orders", AT, 5), ("orders_2", "shop.orders", AT + timedelta(days=3), 6),
        ("users_1", "shop.users", AT + timedelta(days=1), 7), ("other", "else.where", AT, 8), ("plain", "", AT, 9),
    )  # fmt: skip
    found = backups(tables=tables).seen(Watched("x", Source.BIGQUERY_SNAPSHOT, "shop", "snapshots"))
    assert found == [Seen("users_1", AT + timedelta(days=1), 7)]
    assert backups(tables=Tables()).seen(Watched("x", Source.BIGQUERY_SNAPSHOT, "shop", "snapshots")) == []


def test_without_google_there_is_nothing_to_look_at():
    with pytest.raises(NotMeasuredError, match="SOUKMON_ENGINE=google alone"):
        NoOtherBackups().seen(Watched("x", Source.FIRESTORE_SCHEDULE, "(default)"))
    with pytest.raises(NotMeasuredError, match="the bucket b can be looked at"):
        NoOtherBackups().stored("b")
