"""The composite indexes that Firestore really has, over its Admin REST API.

GET projects/P/databases/D/collectionGroups/-/indexes; "-" is every collection. Each index ends in __name__, which
Firestore adds by itself. https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases.collectionGroups.indexes
"""

from collections.abc import Mapping
from typing import Any

from shared.adapters.google_rest import FORBIDDEN, Rest
from shared.domain.index_review import Index, IndexState
from shared.errors import NotMeasuredError, QueryError

NAME = "__name__"
NOT_ALLOWED = "the database's indexes may not be listed; give our account roles/datastore.user"


def rest(*, base_url: str = "", token: str = "") -> Rest:
    """The API, whose refusals are those of `IndexReader`."""
    return Rest(base_url=base_url, token=token, refusal=_refusal)


class FirestoreIndexes:
    """Implements `IndexReader`. Needs datastore.indexes.list (roles/datastore.user)."""

    def __init__(self, rest: Rest, project: str, database: str) -> None:
        self._rest = rest
        self._path = f"v1/projects/{project}/databases/{database}/collectionGroups/-/indexes"

    def states(self) -> Mapping[Index, IndexState]:
        """See `IndexReader`."""
        listed = self._rest.pages("firestore", self._path, "indexes")
        return dict(found for given in listed if (found := _read(given)) is not None)


def _refusal(text: str, status: int) -> QueryError:
    return NotMeasuredError(NOT_ALLOWED) if status == FORBIDDEN else QueryError(text)


def _read(given: Mapping[str, Any]) -> tuple[Index, IndexState] | None:
    """The index and its state; None for one of a kind that no query of ours could use (arrays, vectors, groups)."""
    fields = [one for one in given.get("fields", []) if one.get("fieldPath") != NAME]
    orders = [one.get("order") for one in fields]
    plain = given.get("queryScope", "COLLECTION") == "COLLECTION" and set(orders[:-1]) <= {"ASCENDING"}
    if not fields or not plain or orders[-1] not in {"ASCENDING", "DESCENDING"}:
        return None
    collection = str(given["name"]).split("/")[5]
    names = tuple(str(one["fieldPath"]) for one in fields)
    return Index(collection, names, newest_first=orders[-1] == "DESCENDING"), _state(str(given.get("state", "")))


def _state(said: str) -> IndexState:
    return IndexState(said) if said in set(IndexState) else IndexState.NEEDS_REPAIR
