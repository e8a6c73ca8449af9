"""Shelves of Google Cloud: a bucket behind the storage emulator, tables behind BigQuery's client, and its refusals."""

from datetime import UTC, datetime

import pytest
from google.api_core.exceptions import Forbidden, PreconditionFailed
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery, storage
from requests import Session

from infra.local.emulators import NotInstalledError
from infra.local.storage_emulator import storage as emulator
from infra.local.warehouse.rest import PROJECT, EmbeddedBigQuery, RefusalError
from shared.adapters.cloud_shelves import BigQueryTables, BucketShelf
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.adapters.shelves import DuckDBTables
from shared.errors import NotMeasuredError

SCHEMA = [{"name": "n", "type": "INTEGER"}]


@pytest.fixture(scope="module")
def bucket():
    try:
        with emulator():
            client = storage.Client(project="test", credentials=AnonymousCredentials())
            yield client.create_bucket("objects")
    except NotInstalledError as error:
        pytest.skip(str(error))


def shelf_of(bucket):
    return BucketShelf("objects", lambda: bucket.client)


def test_objects_are_listed_by_their_prefix_with_generation_size_and_age(bucket):
    bucket.blob("listed/a").upload_from_string(b"1234")
    bucket.blob("other/b").upload_from_string(b"1")
    (found,) = shelf_of(bucket).things("listed/")
    assert (found.name, found.size, found.mark.isdigit()) == ("listed/a", 4, True)
    assert found.made_at.tzinfo is not None


def test_an_object_goes_only_while_it_has_the_generation(bucket):
    bucket.blob("kept/a").upload_from_string(b"1")
    shelf = shelf_of(bucket)
    (old,) = shelf.things("kept/a")
    bucket.blob("kept/a").upload_from_string(b"22")
    assert shelf.remove("kept/a", old.mark) is False
    assert shelf.has("kept/a")
    (new,) = shelf.things("kept/a")
    assert shelf.remove("kept/a", new.mark) is True
    assert not shelf.has("kept/a")
    assert shelf.remove("kept/a", new.mark) is False


def test_a_bucket_that_refuses_is_said():
    class Refusing:
        def bucket(self, name):
            return self

        def blob(self, name):
            return self

        def refuse(self, *_, **__):
            raise Forbidden("no")

        list_blobs = get_blob = exists = refuse

    shelf = BucketShelf("objects", Refusing)
    with pytest.raises(NotMeasuredError, match="objects of objects may not be deleted by our account"):
        shelf.remove("a", "1")
    with pytest.raises(NotMeasuredError, match="may not be listed"):
        list(shelf.things(""))
    with pytest.raises(NotMeasuredError, match="may not be read"):
        shelf.has("a")


def test_an_object_that_changes_between_the_look_and_the_deletion_stays_for_cloud_storage_refuses():
    class Changing:
        """Cloud Storage, where somebody writes in between: the precondition alone keeps the new object."""

        generation, asked = 7, None

        def bucket(self, name):
            return self

        def get_blob(self, name, **_):
            return self

        def delete(self, *, if_generation_match, timeout):
            self.asked = if_generation_match
            raise PreconditionFailed("changed")

    bucket = Changing()
    assert BucketShelf("objects", lambda: bucket).remove("a", "7") is False
    assert bucket.asked == 7


class Project(EmbeddedBigQuery):
    """BigQuery with what the embedded engine leaves out: a table's age and its deletion."""

    def __init__(self, engine):
        super().__init__(engine)
        self.engine, self.refuses = engine, False

    def _answer(self, method, path, given, asked):
        if self.refuses and method == "DELETE":
            raise RefusalError(403, "accessDenied", "no")
        if method == "DELETE":
            self.engine.drop("soukmon." + path.rpartition("/")[2])
            return {}
        return super()._answer(method, path, given, asked)

    def _table(self, name):
        found = super()._table(name)
        rows = str(self.engine.rows(name))
        created = str(int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000))
        return {**found, "numRows": rows, "numBytes": "0", "creationTime": created, "etag": f"e{rows}"}


@pytest.fixture
def engine():
    made = DuckDBWarehouse(None)
    for name in ("soukmon.own", "soukmon.empty", "soukmon.full", "exports.empty"):
        made.create(name, SCHEMA)
    made.append("soukmon.full", [{"n": 1}])
    return made


@pytest.fixture
def project(engine):
    return Project(engine)


@pytest.fixture(params=["duckdb", "bigquery"])
def tables(request, engine, project):
    if request.param == "duckdb":
        return DuckDBTables(engine, "soukmon", ["soukmon.own"])
    session = Session()
    session.mount("https://", project)
    session.is_mtls = False  # what google.auth's session has and the client asks for
    client = bigquery.Client(PROJECT, AnonymousCredentials(), _http=session)
    return BigQueryTables(lambda: client, "soukmon", ["soukmon.own"])


def test_only_empty_tables_of_our_data_set_that_nothing_declares_are_seen(tables):
    assert [one.name for one in tables.things("")] == ["soukmon.empty"]
    assert list(tables.things("soukmon.other")) == []


def test_an_empty_table_goes_and_only_once(tables, engine):
    (found,) = tables.things("")
    assert tables.has(found.name)
    assert tables.remove(found.name, found.mark) is True
    assert "soukmon.empty" not in engine.tables()
    assert tables.has(found.name) is False
    assert tables.remove(found.name, found.mark) is False


def test_a_table_that_has_got_a_row_stays(tables, engine):
    (found,) = tables.things("")
    engine.append("soukmon.empty", [{"n": 1}])
    assert tables.remove(found.name, found.mark) is False
    assert engine.rows("soukmon.empty") == 1


def test_tables_that_may_not_be_deleted_stay_and_it_is_said(engine, project):
    project.refuses = True
    session = Session()
    session.mount("https://", project)
    session.is_mtls = False
    client = bigquery.Client(PROJECT, AnonymousCredentials(), _http=session)
    tables = BigQueryTables(lambda: client, "soukmon", ["soukmon.own"])
    (found,) = tables.things("")
    with pytest.raises(NotMeasuredError, match="may not be deleted by our account"):
        tables.remove(found.name, found.mark)
    assert "soukmon.empty" in engine.tables()
