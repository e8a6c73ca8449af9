"""The embedded store, with a note of what was written since somebody last looked."""

from collections.abc import Sequence
from pathlib import Path

from shared.adapters.sqlite_documents import SqliteDocuments
from shared.ports.store import Write
from shared.usecases.records import AMENDMENTS


class NotedState(SqliteDocuments):
    """Implements `StateStore`; `written` are the collections that commits touched, `amended` counts the amendments."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._connection.execute("PRAGMA synchronous=OFF")  # it is gone with the process anyway
        self.written: list[str] = []
        self.amended = 0

    def commit(self, writes: Sequence[Write]) -> None:
        """All writes or none."""
        super().commit(writes)
        self.written += [write.collection for write in writes]
        self.amended += sum(write.collection == AMENDMENTS for write in writes)
