"""The warehouse, the platform's own figures, and what was logged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from shared.ports.store import Body


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a query (none for a statement that changes data) and the bytes the warehouse bills for it."""

    rows: tuple[Mapping[str, Any], ...] = ()
    bytes_billed: int = 0


Parameter = str | int | float | bool | datetime | Sequence[str] | Sequence[datetime]


class Warehouse(Protocol):
    """Tables of raw exports and metric points. BigQuery in production, DuckDB embedded."""

    def query(self, name: str, parameters: Mapping[str, Parameter], *, maximum_bytes: int | None = None) -> Answer:
        """Run the named .sql file with its parameters bound.

        Raises ByteCapError when it would read more than `maximum_bytes`, QueryError when it cannot run at all.
        """

    def append(self, table: str, rows: Sequence[Body]) -> None:
        """Add JSON rows to a table ("dataset.table"); instants are RFC 3339 texts."""

    def stamp(self, tables: Sequence[str]) -> str:
        """A text that changes when rows come into any of the tables ("dataset.table", "dataset.prefix*").

        "" when none of them holds a row (or exists).
        """


@dataclass(frozen=True, slots=True)
class PlatformFigure:
    """How one resource (a function, a database) does in a span, and how it usually does. `what` is our word for it."""

    resource: str
    what: str
    now: float
    usual: float | None = None


class PlatformMetrics(Protocol):
    """What the platform measures of itself. Cloud Monitoring in production; embedded there is none."""

    def figures(self, group: str, *, usual_since: datetime, since: datetime, until: datetime) -> list[PlatformFigure]:
        """The figures of a group ("functions", "firestore").

        Raises QueryError when they cannot be had, and NotMeasuredError where there are none at all.
        """


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry of a log. `id` is the writer's own (insertId): the same entry twice has the same `id` and instant."""

    id: str
    at: datetime
    body: Body


class LogReader(Protocol):
    """Reads logs back. Cloud Logging in production; embedded, what the warehouse has of them."""

    def errors(self, since: datetime, until: datetime) -> Iterator[LogLine]:
        """Entries of severity ERROR and worse in [since, until), oldest first, equal instants by id, each once.

        Raises QueryError when they cannot be read, and NotMeasuredError where nobody may read any.
        """
