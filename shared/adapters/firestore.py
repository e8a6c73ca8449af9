"""The state store on Firestore: atomic batches under preconditions, queries by the indexes that are declared."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import msgspec
from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from google.api_core.exceptions import Aborted, AlreadyExists, FailedPrecondition, NotFound
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared import typed
from shared.adapters.indexes import INDEXES, fields_of
from shared.errors import ConflictError
from shared.ports.store import Body, Create, Delete, Document, Put, Query, Replace, Write

BODY = "json"
NAME = "__name__"  # what Firestore calls a document's id in a query
EXPIRES = "expires_at"  # a timestamp: Firestore's TTL policy deletes by it
SECONDS = 10.0
SETTLES = timedelta(seconds=5)  # clocks differ
RESERVED = frozenset({"", ".", ".."})
MARK = "%_"  # before names that Firestore would not take as they are
CONFLICTS = (AlreadyExists, FailedPrecondition, NotFound, Aborted)


class FirestoreState:
    """Implements `StateStore`. A body is kept as JSON text beside the fields that are asked for.

    So nothing but those fields is indexed (the text is exempt), and lists of lists, which Firestore refuses, are kept.
    A version is the document's update time. `client` is a factory: the first use makes the client, not the import.
    """

    def __init__(self, client: Callable[[], firestore.Client], *, read_at: datetime | None = None) -> None:
        self._make = client
        self._made: firestore.Client | None = None
        self._read_at = read_at

    def get(self, collection: str, id: str) -> Document | None:  # noqa: A002 - the port's word
        """The document, or None."""
        found = self._reference(collection, id).get(timeout=SECONDS, read_time=self._read_at)
        return _document(collection, found) if found.exists else None

    def find(self, query: Query) -> list[Document]:
        """The documents the query selects; refuses a query without an index."""
        fields_of(query)
        asked: Any = self._client.collection(_known(query.collection))
        for name, value in query.equal.items():
            asked = asked.where(filter=FieldFilter(name, "==", value))
        if query.order_by:
            asked = self._ordered(asked, query)
        if query.after is not None:
            asked = self._by_id(asked, query)
        answer = asked.limit(query.limit).stream(timeout=SECONDS, read_time=self._read_at)
        return [_document(query.collection, found) for found in answer]

    def count(self, collection: str) -> int:
        """How many documents the collection has; billed as one read for each thousand."""
        asked: Any = self._client.collection(_known(collection))
        found = asked.count().get(timeout=SECONDS)
        return int(found[0][0].value)

    def commit(self, writes: Sequence[Write]) -> None:
        """All writes or none."""
        batch = self._client.batch()
        for write in writes:
            self._add(batch, write)
        try:
            batch.commit(timeout=SECONDS)
        except CONFLICTS as error:
            raise ConflictError(", ".join(f"{write.collection}/{write.id}" for write in writes)) from error

    @contextmanager
    def frozen(self, at: datetime, *, now: datetime) -> Iterator[tuple[datetime, "FirestoreState"]]:
        """The store as it stood at `at`, unless that is so young that Google's clocks may not have reached it yet.

        Within an hour any instant can be read, and with point-in-time recovery whole minutes for a week, which is when
        jobs are due: https://firebase.google.com/docs/firestore/pitr.
        """
        settled = min(at, now - SETTLES)
        yield settled, FirestoreState(lambda: self._client, read_at=settled)

    def _ordered(self, asked: Any, query: Query) -> Any:  # noqa: ANN401 - the client's query builder
        low = query.low or ""
        asked = asked.where(filter=FieldFilter(query.order_by, ">=", low))
        if query.high is not None:
            asked = asked.where(filter=FieldFilter(query.order_by, "<=", query.high))
        direction = firestore.Query.DESCENDING if query.newest_first else firestore.Query.ASCENDING
        return asked.order_by(query.order_by, direction=direction)

    def _by_id(self, asked: Any, query: Query) -> Any:  # noqa: ANN401 - the client's query builder
        if query.after:
            asked = asked.where(filter=FieldFilter(NAME, ">", self._reference(query.collection, query.after)))
        return asked.order_by(NAME)

    def _add(self, batch: firestore.WriteBatch, write: Write) -> None:
        reference = self._reference(write.collection, write.id)
        match write:
            case Create():
                batch.create(reference, _kept(write.collection, write.body))
            case Put():
                batch.set(reference, _kept(write.collection, write.body))
            case Replace():
                batch.update(reference, _replaced(write.collection, write.body), option=self._unchanged(write.version))
            case Delete():
                batch.delete(reference, option=self._unchanged(write.version) if write.version else None)

    def _unchanged(self, version: str) -> Any:  # noqa: ANN401 - the client's option
        """The precondition that a document is still the one that was read."""
        read_at = DatetimeWithNanoseconds.from_rfc3339(version).timestamp_pb()  # type: ignore[no-untyped-call]
        return self._client.write_option(last_update_time=read_at)

    def _reference(self, collection: str, name: str) -> firestore.DocumentReference:
        return self._client.collection(_known(collection)).document(_escaped(name))

    @property
    def _client(self) -> firestore.Client:
        if self._made is None:
            self._made = self._make()
        return self._made


def indexed(collection: str) -> tuple[str, ...]:
    """The fields of a collection that some query asks for, each once."""
    return tuple(dict.fromkeys(name for fields in INDEXES[collection] for name in fields))


def _kept(collection: str, body: Body) -> dict[str, Any]:
    """The text and the fields asked for; one that is null is left out, so that no query finds it."""
    asked = {name: body[name] for name in indexed(collection) if body.get(name) is not None}
    expiry = body.get(EXPIRES)
    ends = {EXPIRES: datetime.fromisoformat(expiry)} if isinstance(expiry, str) else {}
    return {BODY: msgspec.json.encode(body).decode(), **asked, **ends}


def _replaced(collection: str, body: Body) -> dict[str, Any]:
    """An update touches only what it names: fields that are gone have to be named as well."""
    gone = dict.fromkeys((*indexed(collection), EXPIRES), firestore.DELETE_FIELD)
    return {**gone, **_kept(collection, body)}


def _document(collection: str, found: Any) -> Document:  # noqa: ANN401 - the client's snapshot
    return Document(collection, _unescaped(found.id), _body(found), found.update_time.rfc3339())


def _body(found: Any) -> Body:  # noqa: ANN401 - the client's snapshot
    """The body; an empty one for what was not written by us, which no reader takes for a value of ours."""
    try:
        return typed.decode_json(str(found.get(BODY)), dict[str, Any])
    except (KeyError, msgspec.DecodeError):
        return {}


def _escaped(name: str) -> str:
    """Firestore takes no empty id, no slash, no `.`, `..` or `__x__`: https://firebase.google.com/docs/firestore/quotas."""
    escaped = name.replace("%", "%25").replace("/", "%2F")
    return MARK + escaped if escaped in RESERVED or (escaped[:2] == "__" == escaped[-2:]) else escaped


def _unescaped(name: str) -> str:
    return name.removeprefix(MARK).replace("%2F", "/").replace("%25", "%")


def _known(collection: str) -> str:
    if collection not in INDEXES:
        raise LookupError(f"unknown collection {collection}")
    return collection
