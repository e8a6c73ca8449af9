"""What the audits of performance and of the database need from outside; apart, for no event needs any of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.domain.index_review import Index, IndexState
from shared.domain.slow_queries import QueryCost


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file of a website: its address after redirects, and how it was answered.

    `body` is what a browser reads, `transferred` the bytes that came over the wire for it, compressed.
    """

    url: str
    status: int
    content_type: str = ""
    body: bytes = b""
    transferred: int = 0


class SiteReader(Protocol):
    """Reads files of a deployed website as a browser does."""

    def fetch(self, url: str) -> Fetched:
        """The file, whatever its status. Raises SiteError without an answer, and for one that is far too large."""


class QueryHistory(Protocol):
    """What queries of the warehouse took. BigQuery's own jobs in production, DuckDB's records embedded."""

    def costs(self, since: datetime, until: datetime) -> Sequence[QueryCost]:
        """Each query of the span. Raises NotMeasuredError where nothing is kept, QueryError when it cannot be read."""


class IndexReader(Protocol):
    """Which indexes the state store has. Firestore's Admin API in production, SQLite's own plans embedded."""

    def states(self) -> Mapping[Index, IndexState]:
        """Each index with its state. Raises NotMeasuredError where that may not be asked, QueryError when it fails."""


class DocumentCounts(Protocol):
    """How many documents the state store has."""

    def count(self, collection: str) -> int:
        """Those of the collection."""


@dataclass(frozen=True, slots=True)
class Connections:
    """How many connections are open, and how many may be."""

    open: int
    most: int


class ConnectionPool(Protocol):
    """What holds connections to the state store in this process."""

    def connections(self) -> Connections:
        """As they are now. Raises NotMeasuredError where the engine has none to count."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that is stored: its name, bytes, when it was made, and a mark that changes when it does."""

    name: str
    size: int
    mark: str
    made_at: datetime


class Shelf(Protocol):
    """Where things lie that may be of no use any more: a bucket, a folder, a data set's empty tables."""

    def things(self, prefix: str) -> Iterable[Thing]:
        """Those whose names begin so, in order of their names. Raises NotMeasuredError where they may not be listed."""

    def has(self, name: str) -> bool:
        """True while there is a thing of that name, used or not."""

    def remove(self, name: str, mark: str) -> bool:
        """Remove the thing while it still has the mark; False when it is gone or changed, and nothing was removed.

        Raises NotMeasuredError where that may not be done.
        """
