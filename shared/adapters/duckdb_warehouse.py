"""The warehouse on DuckDB: BigQuery's tables, views and SQL in one file, for a single process."""

import re
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from shared.errors import ByteCapError, QueryError
from shared.ports.store import Body
from shared.ports.warehouse import Answer, Parameter

if TYPE_CHECKING:
    import duckdb

    from shared.adapters.dialect.translate import Statement, Translation

PACKAGED_SQL = Path(__file__).parent / "bigquery" / "sql"
_OWN_TABLES = (
    "CREATE SCHEMA IF NOT EXISTS embedded_engine",
    "CREATE TABLE IF NOT EXISTS embedded_engine.views (name VARCHAR PRIMARY KEY, sql VARCHAR)",
    "CREATE TABLE IF NOT EXISTS embedded_engine.partitions (name VARCHAR PRIMARY KEY, by_column VARCHAR, unit VARCHAR)",
    "CREATE TABLE IF NOT EXISTS embedded_engine.appends (name VARCHAR PRIMARY KEY, times BIGINT)",
)
_NO_DATA_IN = (
    "Binder Error:",
    "Catalog Error:",
    "Parser Error:",
    "Constraint Error: NOT NULL",
    "Invalid Input Error: Division by zero",
    "Invalid Input Error: More than one row",
)


class Recorder(Protocol):
    """Keeps what queries took."""

    def record(self, name: str, *, seconds: float, billed: int, failed: bool) -> None:
        """One run of the named query."""


class DuckDBWarehouse:
    """Implements `Warehouse`; safe to share between threads, and the file belongs to one process at a time.

    Each run of a named query is told to the `recorder`.
    """

    def __init__(self, path: Path | None, *, sql: Path = PACKAGED_SQL, recorder: Recorder | None = None) -> None:
        import duckdb  # noqa: PLC0415 - installed with the local platform only

        from shared.adapters.dialect.billing import Meter  # noqa: PLC0415
        from shared.adapters.dialect.macros import definitions  # noqa: PLC0415
        from shared.adapters.dialect.sources import Catalog  # noqa: PLC0415
        from shared.adapters.dialect.translate import Translator  # noqa: PLC0415

        self._sql, self._recorder = sql, recorder
        self._lock = threading.RLock()
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
        offline: dict[str, Any] = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
        self._connection = duckdb.connect(path or ":memory:", config=offline)
        for statement in ("SET TimeZone = 'UTC'", *_OWN_TABLES, *definitions()):
            self._connection.execute(statement)
        tables = "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE schema_name != 'embedded_engine'"
        self._catalog = Catalog(
            tables={name for (name,) in self._connection.execute(tables).fetchall()},
            views=dict(self._connection.execute("FROM embedded_engine.views").fetchall()),
        )
        self._appends: dict[str, int] = dict(self._connection.execute("FROM embedded_engine.appends").fetchall())
        rows = self._connection.execute("FROM embedded_engine.partitions").fetchall()
        self._partitions = {name: (column, unit) for name, column, unit in rows}
        self._meter = Meter(self._connection, self._partitions)
        self._translator = Translator(self._catalog)

    def close(self) -> None:
        """Let go of the file, once whoever asks just now has the answer: DuckDB refuses to close under a query."""
        with self._lock:
            self._connection.close()

    def create(
        self, table: str, schema: Sequence[Mapping[str, Any]], *, partitioned_by: tuple[str, str] | None = None
    ) -> None:
        """Create "dataset.table" from a BigQuery JSON schema unless it is there.

        `partitioned_by` is a TIMESTAMP column and "HOUR" or "DAY": without it every query is billed the whole table.
        """
        from shared.adapters.dialect.schemas import columns, quoted  # noqa: PLC0415

        with self._engine():
            self._connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(table.partition('.')[0])}")
            self._connection.execute(f"CREATE TABLE IF NOT EXISTS {quoted(table)} ({columns(schema)})")
            if partitioned_by:
                self._remember("partitions", table, *partitioned_by)
                self._partitions[table] = partitioned_by
            if table not in self._catalog.tables:
                self._catalog.tables.add(table)
                self._translator.forget()

    def drop(self, table: str) -> None:
        """Remove a table if it is there, as an expired day of an export."""
        from shared.adapters.dialect.schemas import quoted  # noqa: PLC0415

        with self._engine():
            self._connection.execute(f"DROP TABLE IF EXISTS {quoted(table)}")
            self._catalog.tables.discard(table)
            self._translator.forget()

    def rows(self, table: str) -> int:
        """How many rows the table has."""
        from shared.adapters.dialect.schemas import quoted  # noqa: PLC0415

        with self._engine():
            found = self._connection.execute(f"SELECT count(*) FROM {quoted(table)}").fetchone()  # noqa: S608
            return int(found[0]) if found else 0

    def drop_empty(self, table: str) -> bool:
        """Remove a table that has no row; False for one that has, which stays."""
        with self._lock:
            is_empty = table in self._catalog.tables and not self.rows(table)
            if is_empty:
                self.drop(table)
            return is_empty

    def tables(self) -> list[str]:
        """Every table ("dataset.table") there is, in order."""
        with self._engine():
            return sorted(self._catalog.tables)

    def changes(self, sql: str) -> bool:
        """True for a statement that changes a table and so has no rows."""
        with self._engine():
            return bool(self._translator.translation(sql).changed)

    def define_view(self, name: str, sql: str) -> None:
        """Create or replace a view ("dataset.view") by its BigQuery text; what it reads may be created later."""
        from shared.adapters.dialect.allowed import parsed  # noqa: PLC0415

        parsed(sql)
        with self._engine():
            self._remember("views", name, sql)
            self._catalog.views[name] = sql
            self._translator.forget()

    def append(self, table: str, rows: Sequence[Body]) -> None:
        """Add JSON rows, all or none. Raises QueryError naming a field that the table does not have."""
        from shared.adapters.dialect.schemas import quoted, shape, unknown_field  # noqa: PLC0415

        if not rows:
            return
        with self._engine(), tempfile.TemporaryDirectory() as folder:
            types = self._types(table)
            known = {name: shape(type_) for name, type_ in types.items()}
            for row in rows:
                if unknown := unknown_field(row, known):
                    raise QueryError(f"no such field: {unknown} in {table}")
            file = Path(folder) / "rows.ndjson"
            file.write_bytes(b"\n".join(map(msgspec.json.encode, rows)))
            wanted = {name: str(type_) for name, type_ in types.items()}
            values = ", ".join(_filled(quoted(name), type_) for name, type_ in types.items())
            source = "read_json(?, format = 'newline_delimited', columns = ?)"
            sql = f"INSERT INTO {quoted(table)} SELECT {values} FROM {source}"  # noqa: S608 - the table's own columns
            self._connection.execute(sql, [str(file), wanted])
            self._appends[table] = self._appends.get(table, 0) + 1
            times = "INSERT INTO embedded_engine.appends VALUES (?, 1) ON CONFLICT DO UPDATE SET times = times + 1"
            self._connection.execute(times, [table])

    def stamp(self, tables: Sequence[str]) -> str:
        """How often rows were added to each of the tables that hold any."""
        found = [(name, times) for name, times in sorted(self._appends.items()) if any(_names(t, name) for t in tables)]
        return " ".join(f"{name}:{times}" for name, times in found)

    def query(self, name: str, parameters: Mapping[str, Parameter], *, maximum_bytes: int | None = None) -> Answer:
        """Run the named .sql file; see `Warehouse`, and dialect.billing for what the bytes are."""
        file = self._sql / f"{name}.sql"
        if not re.fullmatch(r"\w+", name) or not file.is_file():
            raise QueryError(f"Unknown query: {name}")
        since, answer = monotonic(), None
        try:
            answer = self.run(file.read_text(encoding="utf-8"), parameters, maximum_bytes=maximum_bytes)
        finally:
            if self._recorder is not None:
                billed = answer.bytes_billed if answer else 0
                self._recorder.record(name, seconds=monotonic() - since, billed=billed, failed=answer is None)
        return answer

    def run(self, sql: str, parameters: Mapping[str, Parameter], *, maximum_bytes: int | None = None) -> Answer:
        """Run one BigQuery statement."""
        with self._engine():
            translation, values = self._bound(sql, parameters)
            billed = self._meter.bytes_billed(translation.reads, values)
            if maximum_bytes is not None and billed > maximum_bytes:
                raise ByteCapError(
                    f"Query exceeded limit for bytes billed: {maximum_bytes}. {billed} or higher required."
                )
            if translation.changed:
                self._change(translation, values)
                return Answer(bytes_billed=billed)
            return Answer(self._rows(translation.main, values), billed)

    def estimate(self, sql: str, parameters: Mapping[str, Parameter]) -> int:
        """The bytes that one BigQuery statement would be billed, without running it; refuses what cannot be run."""
        with self._engine():
            translation, values = self._bound(sql, parameters)
            main = translation.main
            self._connection.execute(f"EXPLAIN {main.sql}", {name: values[name] for name in main.parameters})
            return self._meter.bytes_billed(translation.reads, values)

    def row_bytes(self, name: str, parameters: Mapping[str, Parameter]) -> dict[str, float]:
        """What the named .sql file reads of one row of each table, in bytes."""
        sql = (self._sql / f"{name}.sql").read_text(encoding="utf-8")
        with self._engine():
            translation, values = self._bound(sql, parameters)
            return self._meter.row_bytes(translation.reads, values)

    def _bound(self, sql: str, parameters: Mapping[str, Parameter]) -> "tuple[Translation, dict[str, Any]]":
        from shared.adapters.bigquery.parameters import bound  # noqa: PLC0415

        translation = self._translator.translation(sql)
        return translation, bound(parameters, translation.declarations, translation.main.parameters)

    def _change(self, translation: "Translation", values: Mapping[str, Any]) -> None:
        from shared.adapters.dialect.schemas import quoted  # noqa: PLC0415

        if translation.guard and self._rows(translation.guard, values):
            raise QueryError("UPDATE/MERGE must match at most one source row for each target row")
        arrays = [name for name, type_ in self._types(translation.changed).items() if type_.id == "list"]
        self._rows(translation.main, values)
        for name in arrays:  # as BigQuery stores them: empty, never NULL
            sql = f"UPDATE {quoted(translation.changed)} SET {quoted(name)} = [] WHERE {quoted(name)} IS NULL"  # noqa: S608
            self._connection.execute(sql)

    def _rows(self, statement: "Statement", values: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
        cursor = self._connection.execute(statement.sql, {name: values[name] for name in statement.parameters})
        described = cursor.description or []
        names = [name for name, *_ in described]
        arrays = [index for index, (_, type_, *_) in enumerate(described) if type_.id == "list"]
        return tuple(dict(zip(names, _with_arrays(row, arrays), strict=True)) for row in cursor.fetchall())

    def _types(self, table: str) -> dict[str, Any]:
        from shared.adapters.dialect.schemas import quoted  # noqa: PLC0415

        if table not in self._catalog.tables:
            raise QueryError(f"Not found: Table {table}")
        cursor = self._connection.execute(f"SELECT * FROM {quoted(table)} LIMIT 0")  # noqa: S608
        return {name: type_ for name, type_, *_ in cursor.description or []}

    def _remember(self, what: str, *values: str) -> None:
        marks = ", ".join("?" for _ in values)
        self._connection.execute(f"INSERT OR REPLACE INTO embedded_engine.{what} VALUES ({marks})", list(values))  # noqa: S608

    @contextmanager
    def _engine(self) -> Iterator[None]:
        """One caller at a time; DuckDB's errors come out as QueryError, without values of rows."""
        import duckdb  # noqa: PLC0415

        with self._lock:
            try:
                yield
            except duckdb.Error as error:
                raise QueryError(_told(error)) from error


def _names(table: str, name: str) -> bool:
    return name.startswith(table[:-1]) if table.endswith("*") else name == table


def _filled(column: str, type_: Any) -> str:  # noqa: ANN401 - DuckDBPyType
    return f"coalesce({column}, [])" if type_.id == "list" else column


def _with_arrays(row: tuple[Any, ...], arrays: Sequence[int]) -> Sequence[Any]:
    """A NULL array leaves BigQuery as an empty one, and an array with a NULL in it not at all."""
    if not arrays:
        return row
    values = list(row)
    for index in arrays:
        values[index] = values[index] or []
        if None in values[index]:
            raise QueryError("Array cannot have a null element")
    return values


def _told(error: "duckdb.Error") -> str:
    from shared.adapters.dialect.macros import FAULTS  # noqa: PLC0415

    text = str(error)
    if found := next((fault for fault in FAULTS if fault in text), None):
        return found
    return text.splitlines()[0] if text.startswith(_NO_DATA_IN) else f"{type(error).__name__}: a value does not fit"
