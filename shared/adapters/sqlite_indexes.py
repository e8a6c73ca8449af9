"""Whether SQLite serves each declared query by an index: its own plan of the very statement that would run."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from shared.adapters.indexes import INDEXES
from shared.adapters.sqlite_documents import statement, table_of
from shared.domain.index_review import Index, IndexState
from shared.ports.store import Query

_FIELD = re.compile(r"json_extract\(body, '\$\.(\w+)'\)")
SOMETHING = "x"


class SqliteIndexes:
    """Implements `IndexReader`: an index that is not there, or that the planner does not take, is missing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def states(self) -> Mapping[Index, IndexState]:
        """See `IndexReader`; of queries over one field too, for which SQLite makes nothing by itself."""
        connection = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)
        try:
            found = dict.fromkeys(_there(connection), IndexState.READY)
            for one in _declared():
                found[one] = IndexState.READY if _is_served(connection, one) else IndexState.MISSING
            return found
        finally:
            connection.close()


def _declared() -> Iterator[Index]:
    for collection, queries in INDEXES.items():
        for fields in queries:
            yield Index(collection, fields)
            yield Index(collection, fields, newest_first=True)


def _is_served(connection: sqlite3.Connection, one: Index) -> bool:
    """True where the plan searches by an index of the fields, and sorts nothing afterwards."""
    *equal, order = one.fields
    query = Query(one.collection, dict.fromkeys(equal, SOMETHING), order, newest_first=one.newest_first)
    sql, values = statement(query)
    plan = [str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    index = f"{table_of(one.collection)}_{'_'.join(one.fields)}_id "
    return len(plan) == 1 and plan[0].startswith("SEARCH") and f"USING INDEX {index}" in f"{plan[0]} "


def _there(connection: sqlite3.Connection) -> Iterator[Index]:
    """What is there beside what is declared; SQLite reads an index both ways."""
    rows = connection.execute("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    for table, sql in rows.fetchall():
        fields = tuple(_FIELD.findall(sql))
        if fields and fields not in INDEXES.get(table.removeprefix("doc_"), ()):
            yield Index(table.removeprefix("doc_"), fields)
