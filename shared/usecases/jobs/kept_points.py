"""The points of the last two days, kept each night: what no export of Google's could give back after a loss."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from shared.domain.backup_format import Row
from shared.domain.backups import Kept
from shared.domain.jobs import Run
from shared.ports.warehouse import Warehouse
from shared.usecases.backups import Pages, name_of, write_backup
from shared.usecases.jobs.keeping import Keeper
from shared.usecases.records import body_of

WINDOW = timedelta(days=2)  # nights overlap, because rollups correct what they have written
AN_HOUR = timedelta(hours=1)
PAGE = 1_000


def write_points(keeper: Keeper, run: Run) -> bool:
    """Write them as they stand; False where there are none to write. Raises QueryError."""
    until = run.at.replace(minute=0, second=0, microsecond=0)
    pages = _pages(keeper.warehouse, until - WINDOW, until, keeper.config.limits.query_bytes)
    if not pages(""):
        return False
    write_backup(keeper.archive, name_of(Kept.POINTS, run.at), run.at, {Kept.POINTS: pages})
    return True


def _pages(warehouse: Warehouse, since: datetime, until: datetime, cap: int) -> Pages:
    """Hour by hour, each read once: a row's id is its hour and its place in it."""
    read: dict[datetime, list[Row]] = {}

    def pages(after: str) -> Sequence[Row]:
        for hour in _hours(since, until):
            prefix = f"{hour:%Y%m%dT%H}"
            if after[: len(prefix)] > prefix:
                continue
            if hour not in read:
                read.clear()
                read[hour] = _rows(warehouse, hour, prefix, cap)
            if left := [row for row in read[hour] if row.id > after]:
                return left[:PAGE]
        return []

    return pages


def _rows(warehouse: Warehouse, hour: datetime, prefix: str, cap: int) -> list[Row]:
    asked = {"since": hour, "until": hour + AN_HOUR}
    found = warehouse.query("export_points", asked, maximum_bytes=cap).rows
    return [Row(f"{prefix}-{number:07}", "", body_of(dict(row))) for number, row in enumerate(found)]


def _hours(since: datetime, until: datetime) -> Iterator[datetime]:
    while since < until:
        yield since
        since += AN_HOUR
