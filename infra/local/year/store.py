"""The embedded store, with a note of what was written since somebody last looked."""

from collections.abc import Sequence
from pathlib import Path

from shared.adapters.sqlite_documents import SqliteDocuments
from shared.ports import Write


class NotedState(SqliteDocuments):
    """Implements `StateStore`; `written` are the collections that commits have touched."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.written: list[str] = []

    def commit(self, writes: Sequence[Write]) -> None:
        """All writes or none."""
        super().commit(writes)
        self.written += [write.collection for write in writes]
