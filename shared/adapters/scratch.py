"""A place to restore to: a fresh SQLite file in a folder that nobody else knows."""

import shutil
import tempfile
from pathlib import Path

from shared.adapters.sqlite_documents import SqliteDocuments


class SqliteScratch:
    """Implements `Scratch`, in production as well: a backup of ours has to come back without anything of Google's.

    Each store lies in a folder of its own under the system's folder for such things, so that it can never be the live
    one, and what a killed process left goes with its machine.
    """

    def __init__(self) -> None:
        self._folder: Path | None = None

    def empty(self) -> SqliteDocuments:
        """An empty store."""
        self.clear()
        self._folder = Path(tempfile.mkdtemp(prefix="soukmon-restored-"))
        return SqliteDocuments(self._folder / "state.db")

    def clear(self) -> None:
        """Remove the folder and whatever is in it."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
