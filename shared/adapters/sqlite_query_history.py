"""What the local warehouse's queries took, by the hour: the embedded twin of BigQuery's records of its jobs."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Connection

from shared.adapters.sqlite_documents import connect
from shared.domain.slow_queries import QueryCost
from shared.ports.platform import Clock

KEPT_FOR = timedelta(days=60)
SCHEMA = """CREATE TABLE IF NOT EXISTS queries (
  hour TEXT NOT NULL, name TEXT NOT NULL, runs INTEGER NOT NULL, seconds REAL NOT NULL, longest REAL NOT NULL,
  bytes INTEGER NOT NULL, failed INTEGER NOT NULL, PRIMARY KEY (hour, name))"""
ADD = """INSERT INTO queries VALUES (?, ?, 1, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET runs = runs + 1,
  seconds = seconds + excluded.seconds, longest = max(longest, excluded.longest),
  bytes = bytes + excluded.bytes, failed = failed + excluded.failed"""
COSTS = """SELECT name, sum(runs), sum(seconds), max(longest), sum(bytes), sum(failed) FROM queries
  WHERE hour >= ? AND hour < ? GROUP BY name ORDER BY sum(seconds) DESC, name"""


class SqliteQueryHistory:
    """Implements `QueryHistory`; a query belongs to the whole hour in which it ended."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock = path, clock
        self._local = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection.execute(SCHEMA)
        self._connection.execute("DELETE FROM queries WHERE hour < ?", (_hour(clock.now() - KEPT_FOR),))

    def record(self, name: str, *, seconds: float, billed: int, failed: bool) -> None:
        """One run of the named query."""
        values = (_hour(self._clock.now()), name, seconds, seconds, billed, int(failed))
        self._connection.execute(ADD, values)

    def costs(self, since: datetime, until: datetime) -> Sequence[QueryCost]:
        """See `QueryHistory`; those that took the most time first."""
        rows = self._connection.execute(COSTS, (_hour(since), _hour(until))).fetchall()
        return [
            QueryCost(name, runs, seconds, longest, billed, failed=failed)
            for name, runs, seconds, longest, billed, failed in rows
        ]

    @property
    def _connection(self) -> Connection:
        if not hasattr(self._local, "connection"):
            self._local.connection = connect(self._path)
        connection: Connection = self._local.connection
        return connection


def _hour(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H")
