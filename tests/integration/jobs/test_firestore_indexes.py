"""Firestore's Admin API over a real socket: pages, states, kinds of index that are not ours, and refusals."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.adapters.firestore_indexes import FirestoreIndexes, rest
from shared.domain.index_review import Index, IndexState
from shared.errors import NotMeasuredError, QueryError

ROOT = "projects/souk/databases/(default)/collectionGroups"


def index(collection, *fields, state="READY", scope="COLLECTION", last="ASCENDING"):
    orders = [*["ASCENDING"] * (len(fields) - 1), last]
    listed = [{"fieldPath": name, "order": order} for name, order in zip(fields, orders, strict=True)]
    name = f"{ROOT}/{collection}/indexes/CICAgOi3kJAK"
    return {
        "name": name,
        "queryScope": scope,
        "state": state,
        "fields": [*listed, {"fieldPath": "__name__", "order": last}],
    }


class Admin(BaseHTTPRequestHandler):
    """Two pages of indexes, or a refusal."""

    def do_GET(self):
        url = urlsplit(self.path)
        self.server.asked.append((url.path, self.headers["Authorization"]))
        token = parse_qs(url.query).get("pageToken", [""])[0]
        page = self.server.pages[int(token or 0)]
        more = {"nextPageToken": str(int(token or 0) + 1)} if int(token or 0) + 1 < len(self.server.pages) else {}
        body = json.dumps({"indexes": page, **more} if page else more).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def admin():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Admin)
    server.pages, server.status, server.asked = [[]], 200, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def states(admin):
    reached = rest(base_url=f"http://127.0.0.1:{admin.server_port}", token="given")
    return FirestoreIndexes(reached, "souk", "(default)").states()


def test_every_page_is_read_and_each_index_has_its_direction_and_state(admin):
    admin.pages = [
        [index("incidents", "service", "opened_at"), index("incidents", "service", "opened_at", last="DESCENDING", state="CREATING")],
        [index("tasks", "incident", "created_at", state="NEEDS_REPAIR")],
    ]  # fmt: skip
    assert states(admin) == {
        Index("incidents", ("service", "opened_at")): IndexState.READY,
        Index("incidents", ("service", "opened_at"), newest_first=True): IndexState.CREATING,
        Index("tasks", ("incident", "created_at")): IndexState.NEEDS_REPAIR,
    }
    assert admin.asked[0] == (f"/firestore/v1/{ROOT}/-/indexes", "Bearer given")


def test_kinds_of_index_that_no_query_of_ours_uses_are_passed_over(admin):
    array = {
        "name": f"{ROOT}/cars/indexes/1",
        "queryScope": "COLLECTION",
        "state": "READY",
        "fields": [{"fieldPath": "tags", "arrayConfig": "CONTAINS"}],
    }
    admin.pages = [[array, index("cars", "a", "b", scope="COLLECTION_GROUP")]]
    assert states(admin) == {}


def test_a_database_without_indexes_has_none(admin):
    assert states(admin) == {}


def test_without_the_right_to_list_it_says_which_role_to_give(admin):
    admin.status = 403
    with pytest.raises(NotMeasuredError, match=r"roles/datastore\.user"):
        states(admin)


def test_an_answer_that_fails_was_no_look(admin):
    admin.status = 503
    with pytest.raises(QueryError, match="firestore answered 503"):
        states(admin)
