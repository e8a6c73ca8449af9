"""Shelves on this machine: the files of a folder, and the empty tables of the local warehouse."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.adapters.folder import inside_folder
from shared.ports.audits import Thing


class FolderShelf:
    """Implements `Shelf` over the folder of `FolderObjects`; drafts that are being written are not seen."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def things(self, prefix: str) -> Iterator[Thing]:
        """See `Shelf`."""
        for path in sorted(self._root.rglob("*")) if self._root.is_dir() else ():
            name = path.relative_to(self._root).as_posix()
            if name.startswith(prefix) and path.is_file() and not path.name.startswith("."):
                found = path.stat()
                yield Thing(name, found.st_size, _mark(path), datetime.fromtimestamp(found.st_mtime, UTC))

    def has(self, name: str) -> bool:
        """See `Shelf`."""
        return inside_folder(self._root, name).is_file()

    def remove(self, name: str, mark: str) -> bool:
        """See `Shelf`."""
        path = inside_folder(self._root, name)
        if not path.is_file() or _mark(path) != mark:
            return False
        path.unlink()
        return True


class DuckDBTables:
    """Implements `Shelf`: tables of our data set without a row, but those that are declared. They have no age."""

    def __init__(self, warehouse: DuckDBWarehouse, dataset: str, declared: Iterable[str]) -> None:
        self._warehouse, self._dataset, self._declared = warehouse, dataset, frozenset(declared)

    def things(self, prefix: str) -> Iterator[Thing]:
        """See `Shelf`; made at the beginning of time, for DuckDB does not say when."""
        for name in self._warehouse.tables():
            is_ours = name.startswith(f"{self._dataset}.") and name not in self._declared
            if is_ours and name.startswith(prefix) and not self._warehouse.rows(name):
                yield Thing(name, 0, self._mark(name), datetime.min.replace(tzinfo=UTC))

    def has(self, name: str) -> bool:
        """See `Shelf`."""
        return name in self._warehouse.tables()

    def remove(self, name: str, mark: str) -> bool:
        """See `Shelf`."""
        found = {one.name: one.mark for one in self.things(name)}
        return found.get(name) == mark and self._warehouse.drop_empty(name)

    def _mark(self, name: str) -> str:
        """What was ever appended to it counts as a change."""
        return f"empty;{self._warehouse.stamp([name])}"


def _mark(path: Path) -> str:
    found = path.stat()
    return f"{found.st_ino}-{found.st_mtime_ns}-{found.st_ctime_ns}-{found.st_size}"
