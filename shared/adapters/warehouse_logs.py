"""Error logs as the warehouse has them: the log entries of the web app and the requests that our side failed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.domain.archives import text_of
from shared.ports.warehouse import LogLine, Warehouse

SLICE = timedelta(hours=1)  # read at a time; entries are in memory for one slice only


class WarehouseLogs:
    """Implements `LogReader` where there is no Cloud Logging: by the raw tables that its sinks would fill."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def errors(self, since: datetime, until: datetime) -> Iterator[LogLine]:
        """Oldest first, slice by slice. Raises QueryError."""
        begin = since
        while begin < until:
            end = min(begin + SLICE, until)
            for row in self._warehouse.query("read_errors", {"since": begin, "until": end}).rows:
                facts = {name: value for name, value in row.items() if name not in {"at", "insert_id"} and value}
                yield LogLine(str(row["insert_id"]), row["at"], {"timestamp": text_of(row["at"]), **facts})
            begin = end
