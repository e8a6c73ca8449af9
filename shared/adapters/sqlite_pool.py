"""How many connections this process holds to its SQLite state store."""

import resource

from shared.adapters.sqlite_state import SqliteState
from shared.ports.audits import Connections

FILES = 3  # that a connection has open: the database, its log and the log's index


class SqlitePool:
    """Implements `ConnectionPool`: one connection a thread, as many as the process may have files open."""

    def __init__(self, state: SqliteState) -> None:
        self._state = state

    def connections(self) -> Connections:
        """See `ConnectionPool`."""
        return Connections(self._state.held, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // FILES)
