"""One SQLite file for everything the sandbox providers remember; it survives the death of the process."""

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

BUSY_SECONDS = 15
SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, provider TEXT NOT NULL, recipient TEXT NOT NULL,
  content TEXT NOT NULL, thread TEXT NOT NULL, status TEXT NOT NULL, reference TEXT NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS messages_recipient ON messages (provider, recipient, seq);
CREATE TABLE IF NOT EXISTS numbers (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS faults (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, provider TEXT NOT NULL, recipient TEXT NOT NULL,
  times INTEGER NOT NULL, response TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS callbacks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL, form TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0);
"""


class Database:
    """One connection, one statement at a time: request threads come and go, so a connection for each would leak."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(SCHEMA)

    def run(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Execute one statement (which is its own transaction) and fetch all it returns."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()
