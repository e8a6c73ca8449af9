"""A place to restore to: a fresh SQLite file in a folder that is for nothing else."""

import shutil
from pathlib import Path

from shared.adapters.sqlite_documents import SqliteDocuments


class SqliteScratch:
    """Implements `Scratch`, in production as well: a backup of ours has to come back without anything of Google's.

    It makes its file itself, in a folder of its own, so that it can never be the live store. What a killed process left
    there is removed by the next restore.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def empty(self) -> SqliteDocuments:
        """An empty store."""
        self.clear()
        return SqliteDocuments(self._folder / "restored.db")

    def clear(self) -> None:
        """Remove the folder and whatever is in it."""
        shutil.rmtree(self._folder, ignore_errors=True)
