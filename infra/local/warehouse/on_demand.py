"""The local warehouse: made with all its tables when something is first put in, and until then nothing at all."""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.local.warehouse.preparing import load, prepare
from shared.adapters.duckdb_warehouse import DuckDBWarehouse, Recorder
from shared.ports.store import Body
from shared.ports.warehouse import Answer, Parameter


class WarehouseOnDemand:
    """Implements Warehouse over a file that need not exist yet: a platform that measures nothing pays nothing."""

    def __init__(self, path: Path | None, *, recorder: Recorder | None = None) -> None:
        self._path, self._recorder = path, recorder
        self._lock = threading.Lock()
        self._made: DuckDBWarehouse | None = None

    def query(self, name: str, parameters: Mapping[str, Parameter], *, maximum_bytes: int | None = None) -> Answer:
        """See `Warehouse`."""
        return self.made().query(name, parameters, maximum_bytes=maximum_bytes)

    def append(self, table: str, rows: Sequence[Body]) -> None:
        """Add rows; a new day of Google Analytics gets its table by its first row, as the export does."""
        load(self.made(), ((table, row) for row in rows))

    def stamp(self, tables: Sequence[str]) -> str:
        """See `Warehouse`."""
        if self._made is None and not (self._path and self._path.exists()):
            return ""
        return self.made().stamp(tables)

    def made(self) -> DuckDBWarehouse:
        """The warehouse itself, with every table and view."""
        with self._lock:
            if self._made is None:
                made = DuckDBWarehouse(self._path, recorder=self._recorder)
                prepare(made)
                self._made = made
            return self._made

    def close(self) -> None:
        """Let go of the file, if it was ever opened."""
        if self._made is not None:
            self._made.close()
            self._made = None
