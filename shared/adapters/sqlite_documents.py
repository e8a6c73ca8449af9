"""Documents in a SQLite file: one table a collection, JSON bodies, an index for every query we make."""

import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from weakref import WeakSet

import msgspec

from shared.adapters.indexes import INDEXES, fields_of
from shared.errors import ConflictError
from shared.ports.store import Create, Delete, Document, Put, Query, Replace, Write

BUSY_SECONDS = 15


def connect(path: Path) -> sqlite3.Connection:
    """A connection whose commits survive the death of the process."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


class SqliteDocuments:
    """Implements `StateStore`; safe to share between threads and processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._open: WeakSet[_Held] = WeakSet()
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._transaction() as connection:
            for definition in _schema():
                connection.execute(definition)

    def get(self, collection: str, id: str) -> Document | None:  # noqa: A002 - the port's word
        """The document, or None."""
        sql = f"SELECT version, body FROM {table_of(collection)} WHERE id = ?"
        found = self._connection.execute(sql, (id,)).fetchone()
        return Document(collection, id, msgspec.json.decode(found[1]), found[0]) if found else None

    def find(self, query: Query) -> list[Document]:
        """The documents the query selects; refuses a query without an index."""
        sql, values = statement(query)
        rows = self._connection.execute(sql, values).fetchall()
        return [Document(query.collection, id_, msgspec.json.decode(body), version) for id_, version, body in rows]

    def commit(self, writes: Sequence[Write]) -> None:
        """All writes or none."""
        with self._transaction() as connection:
            for write in writes:
                _apply(connection, write)

    @contextmanager
    def frozen(self, at: datetime, *, now: datetime) -> Iterator[tuple[datetime, "SqliteDocuments"]]:
        """The store as it stands now (SQLite remembers nothing older), whatever is written meanwhile.

        In WAL mode a reader sees the database as of its first read: https://www.sqlite.org/isolation.html.
        """
        del at
        with closing(connect(self.path)) as connection:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            yield now, _Frozen(connection)

    @property
    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            self._local.connection = connect(self.path)
            self._local.held = _Held()  # it goes when the thread does, as the connection
            self._open.add(self._local.held)
        connection: sqlite3.Connection = self._local.connection
        return connection

    def count(self, collection: str) -> int:
        """How many documents the collection has."""
        return int(self._connection.execute(f"SELECT count(*) FROM {table_of(collection)}").fetchone()[0])

    @property
    def held(self) -> int:
        """How many connections this process's threads hold."""
        return len(self._open)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


class _Frozen(SqliteDocuments):
    """Reads within one transaction, and writes nothing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._reading = connection

    def commit(self, writes: Sequence[Write]) -> None:
        """Refused: what is frozen stays as it is."""
        raise ConflictError(f"{len(writes)} write(s) to what is frozen")

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._reading


class _Held:
    """Stands for an open connection, which cannot be referred to weakly."""


def statement(query: Query) -> tuple[str, tuple[str | int, ...]]:
    """What `find` runs, and its values; raises LookupError for a query without an index."""
    fields_of(query)
    conditions: list[str] = []
    values: list[str] = []
    if query.after is not None:
        conditions.append("id > ?")
        values.append(query.after)
    for name, value in query.equal.items():
        conditions.append(f"{_field(name)} = ?")
        values.append(value)
    if query.order_by:
        order = _field(query.order_by)
        conditions.append(f"{order} >= ?")
        values.append(query.low or "")
        if query.high is not None:
            conditions.append(f"{order} <= ?")
            values.append(query.high)
    way = "DESC" if query.newest_first else "ASC"
    tail = f" ORDER BY {order} {way}, id {way}" if query.order_by else ""
    tail = " ORDER BY id" if query.after is not None else tail
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    sql = f"SELECT id, version, body FROM {table_of(query.collection)}{where}{tail} LIMIT ?"
    return sql, (*values, query.limit)


def _apply(connection: sqlite3.Connection, write: Write) -> None:
    table, version = table_of(write.collection), secrets.token_hex(8)
    if isinstance(write, Delete):
        _delete(connection, table, write)
        return
    body = msgspec.json.encode(write.body).decode()
    match write:
        case Create():
            sql = f"INSERT INTO {table} (id, version, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
            done = connection.execute(sql, (write.id, version, body)).rowcount
        case Replace():
            sql = f"UPDATE {table} SET version = ?, body = ? WHERE id = ? AND version = ?"
            done = connection.execute(sql, (version, body, write.id, write.version)).rowcount
        case Put():
            sql = f"INSERT OR REPLACE INTO {table} (id, version, body) VALUES (?, ?, ?)"
            done = connection.execute(sql, (write.id, version, body)).rowcount
    if done != 1:
        raise ConflictError(f"{write.collection}/{write.id}")


def _delete(connection: sqlite3.Connection, table: str, write: Delete) -> None:
    if write.version is None:
        connection.execute(f"DELETE FROM {table} WHERE id = ?", (write.id,))
        return
    done = connection.execute(f"DELETE FROM {table} WHERE id = ? AND version = ?", (write.id, write.version)).rowcount
    if done != 1:
        raise ConflictError(f"{write.collection}/{write.id}")


def _schema() -> Iterator[str]:
    for collection, indexes in INDEXES.items():
        table = table_of(collection)
        yield f"CREATE TABLE IF NOT EXISTS {table} (id TEXT PRIMARY KEY, version TEXT NOT NULL, body TEXT NOT NULL)"
        for fields in indexes:
            columns = ", ".join((*(_field(name) for name in fields), "id"))
            yield f"CREATE INDEX IF NOT EXISTS {table}_{'_'.join(fields)}_id ON {table} ({columns})"


def table_of(collection: str) -> str:
    """The table of a collection; raises LookupError for one that is not declared."""
    if collection not in INDEXES:
        raise LookupError(f"unknown collection {collection}")
    return f"doc_{collection}"


def _field(name: str) -> str:
    if not name.isidentifier():
        raise LookupError(f"not a field name: {name}")
    return f"json_extract(body, '$.{name}')"
