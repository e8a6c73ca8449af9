"""What every state store must do; production's runs through the same class."""

import sqlite3
import threading

import pytest

from shared.adapters.firestore import FirestoreState
from shared.adapters.sqlite_state import SqliteState
from shared.errors import ConflictError
from shared.ports.store import Create, Delete, Put, Query, Replace


@pytest.fixture(params=["sqlite", "firestore"])
def store(request, tmp_path):
    if request.param == "sqlite":
        return SqliteState(tmp_path / "state.db")
    return FirestoreState(request.getfixturevalue("firestore_client"))


class TestStateStore:
    def test_the_documents_of_a_collection_are_counted(self, store):
        assert store.count("incidents") == 0
        store.commit([Create("incidents", name, {}) for name in "abc"] + [Create("groups", "d", {})])
        assert store.count("incidents") == 3
        with pytest.raises(LookupError):
            store.count("nowhere")

    def test_a_created_document_is_read_back_with_a_version(self, store):
        store.commit([Create("incidents", "a", {"title": "فشل", "n": 1, "deep": {"x": [1, None]}})])
        found = store.get("incidents", "a")
        assert (found.id, found.body) == ("a", {"title": "فشل", "n": 1, "deep": {"x": [1, None]}})
        assert found.version
        assert store.get("incidents", "b") is None

    @pytest.mark.parametrize("name", ["", ".", "..", "__all__", "a/b", "%2F", "%", "%_", "مرحبا", "a b#c?d"])
    def test_any_text_names_a_document(self, store, name):
        assert store.get("incidents", name) is None
        store.commit([Create("incidents", name, {"opened_at": "1"})])
        assert store.get("incidents", name).id == name
        assert [found.id for found in store.find(Query("incidents", order_by="opened_at"))] == [name]

    def test_creating_twice_is_a_conflict_and_keeps_the_first(self, store):
        store.commit([Create("incidents", "a", {"n": 1})])
        with pytest.raises(ConflictError):
            store.commit([Create("incidents", "a", {"n": 2})])
        assert store.get("incidents", "a").body == {"n": 1}

    def test_a_stale_replace_is_a_conflict(self, store):
        store.commit([Create("incidents", "a", {"n": 1})])
        read = store.get("incidents", "a")
        store.commit([Replace("incidents", "a", {"n": 2}, read.version)])
        with pytest.raises(ConflictError):
            store.commit([Replace("incidents", "a", {"n": 3}, read.version)])
        assert store.get("incidents", "a").body == {"n": 2}

    def test_a_version_does_not_come_back_after_delete_and_create(self, store):
        store.commit([Create("incidents", "a", {})])
        read = store.get("incidents", "a")
        store.commit([Delete("incidents", "a")])
        store.commit([Create("incidents", "a", {})])
        with pytest.raises(ConflictError):
            store.commit([Replace("incidents", "a", {"n": 3}, read.version)])

    def test_a_delete_of_what_was_read_leaves_what_changed_since_and_conflicts_for_what_is_gone(self, store):
        store.commit([Create("incidents", "a", {"n": 1}), Create("incidents", "b", {"n": 1})])
        read = {name: store.get("incidents", name).version for name in "ab"}
        store.commit([Put("incidents", "a", {"n": 2})])
        with pytest.raises(ConflictError):
            store.commit([Delete("incidents", "b", read["b"]), Delete("incidents", "a", read["a"])])
        assert (store.get("incidents", "a").body, store.get("incidents", "b").body) == ({"n": 2}, {"n": 1})
        store.commit([Delete("incidents", "b", read["b"])])
        assert store.get("incidents", "b") is None
        with pytest.raises(ConflictError):
            store.commit([Delete("incidents", "b", read["b"])])

    def test_one_conflict_undoes_the_whole_commit(self, store):
        store.commit([Create("incidents", "a", {"n": 1})])
        with pytest.raises(ConflictError):
            store.commit([Put("outbox", "o", {"due_at": "1"}), Create("incidents", "a", {"n": 2})])
        assert store.get("outbox", "o") is None

    @pytest.mark.parametrize(("newest_first", "expected"), [(False, list("Zab")), (True, list("baZ"))])
    def test_what_is_equal_in_order_follows_by_id(self, store, newest_first, expected):
        store.commit([Create("incidents", name, {"opened_at": "1"}) for name in "bZa"])
        query = Query("incidents", order_by="opened_at", newest_first=newest_first)
        assert [found.id for found in store.find(query)] == expected

    def test_find_selects_by_equality_and_range_in_order(self, store):
        rows = [("a", "x", "2"), ("b", "x", "1"), ("c", "y", "1"), ("d", "x", "3")]
        store.commit([Create("incidents", i, {"service": s, "opened_at": at}) for i, s, at in rows])
        store.commit([Create("incidents", "e", {"service": "x"})])  # without the field it is not in the index
        query = Query("incidents", equal={"service": "x"}, order_by="opened_at", low="1", high="2")
        newest = Query("incidents", equal={"service": "x"}, order_by="opened_at", newest_first=True, limit=2)
        assert [d.id for d in store.find(query)] == ["b", "a"]
        assert [d.id for d in store.find(newest)] == ["d", "a"]

    def test_documents_whose_field_is_null_are_not_due(self, store):
        store.commit([Create("incidents", "a", {"due_at": None}), Create("incidents", "b", {"due_at": "1"})])
        assert [d.id for d in store.find(Query("incidents", order_by="due_at", high="9"))] == ["b"]

    def test_a_query_without_an_index_is_refused(self, store):
        with pytest.raises(LookupError, match="no index"):
            store.find(Query("incidents", equal={"title": "x"}))

    def test_eight_writers_on_one_document_lose_no_update(self, store):
        store.commit([Create("incidents", "hot", {"n": 0})])
        barrier = threading.Barrier(8)

        def add():
            barrier.wait()
            for _ in range(10):
                while True:
                    read = store.get("incidents", "hot")
                    try:
                        store.commit([Replace("incidents", "hot", {"n": read.body["n"] + 1}, read.version)])
                        break
                    except ConflictError:
                        continue

        threads = [threading.Thread(target=add) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert store.get("incidents", "hot").body == {"n": 80}

    def test_every_document_is_walked_by_its_id_whatever_it_holds(self, store):
        names = ["c", "a", "b/x", "مرحبا", "d"]
        store.commit([Put("incidents", name, {} if name == "a" else {"opened_at": "1"}) for name in names])
        found, after = [], ""
        while page := store.find(Query("incidents", after=after, limit=2)):
            found += [one.id for one in page]
            after = found[-1]
        assert sorted(found) == sorted(names)


def test_every_query_of_the_due_kind_is_served_by_an_index(tmp_path):
    path = tmp_path / "state.db"
    SqliteState(path)
    sql = "EXPLAIN QUERY PLAN SELECT id FROM doc_incidents WHERE json_extract(body, '$.due_at') <= '1'"
    plan = " ".join(str(row) for row in sqlite3.connect(path).execute(sql))
    assert "doc_incidents_due_at" in plan
