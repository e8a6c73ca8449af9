"""State: documents, writes, queries, and what reads them as of an instant."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """A stored JSON object; `version` is what a later commit may demand to be unchanged."""

    collection: str
    id: str
    body: Body
    version: str


@dataclass(frozen=True, slots=True)
class Create:
    """Write a document that must not exist yet."""

    collection: str
    id: str
    body: Body


@dataclass(frozen=True, slots=True)
class Replace:
    """Overwrite a document that must still have the version that was read."""

    collection: str
    id: str
    body: Body
    version: str


@dataclass(frozen=True, slots=True)
class Put:
    """Write a document whatever was there."""

    collection: str
    id: str
    body: Body


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove a document if it is there; with a `version`, only the one that was read, and it must still be there."""

    collection: str
    id: str
    version: str | None = None


Write = Create | Replace | Put | Delete


@dataclass(frozen=True, slots=True)
class Query:
    """Documents of a collection: all `equal`, and `low <= order_by <= high` (ISO strings sort as instants).

    Documents without the `order_by` field are left out, and equal ones follow by id, as in Firestore. Ascending unless
    `newest_first`. `after` in place of `equal` and `order_by` gives every document by its id, those after that one.
    """

    collection: str
    equal: Mapping[str, str] = field(default_factory=dict)
    order_by: str = ""
    low: str | None = None
    high: str | None = None
    newest_first: bool = False
    limit: int = 500
    after: str | None = None


class StateStore(Protocol):
    """Documents with compare-and-set commits. Firestore in production, SQLite embedded."""

    def get(self, collection: str, id: str) -> Document | None:  # noqa: A002 - the field's word
        """The document, or None."""

    def find(self, query: Query) -> list[Document]:
        """The documents the query selects; always served by an index."""

    def commit(self, writes: Sequence[Write]) -> None:
        """All writes or none; raises ConflictError when a precondition does not hold."""


class Freezing(Protocol):
    """A state store that can be read as it stood at one instant, so that what it says fits together."""

    def frozen(self, at: datetime, *, now: datetime) -> AbstractContextManager[tuple[datetime, StateStore]]:
        """The instant as of which it is read (`at` where the engine remembers it, else `now`), and what reads it."""


class Scratch(Protocol):
    """A place to restore to that is nobody's: it can never be the live store."""

    def empty(self) -> StateStore:
        """An empty store; what an earlier run left there is gone."""

    def clear(self) -> None:
        """Leave nothing behind."""
