"""Everything that making reports touches: a warehouse with a week of points, a store, an archive, and a clock."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from infra.local.warehouse.preparing import prepare
from shared.adapters.clocks import VirtualClock
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.adapters.folder import FolderObjects
from shared.adapters.sqlite_state import SqliteState
from shared.config.loader import load
from shared.domain.bulletins import Bulletin
from shared.domain.editions import Issued
from shared.domain.histograms import of_values
from shared.domain.notifications import Notification
from shared.errors import QueryError
from shared.ports.store import Query
from shared.usecases.make_reports import Press
from shared.usecases.records import BULLETINS, NOTIFICATIONS, REPORTS, value_of
from shared.usecases.report_link import ReportLinks
from tests.unit.usecases.world import MemoryBus

NINE = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)  # 09:00 in Cairo, a Monday
MIDNIGHT = datetime(2026, 11, 29, 22, 0, tzinfo=UTC)  # the same day began in Cairo
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
KEYS = ("a key of the tests",)


def point(metric, at, count, bad=0, *, values=(), source="requests"):
    """A row of metric_points."""
    found = of_values(values)
    buckets = [{"i": index, "n": number} for index, number in zip(found.indices, found.counts, strict=True)]
    named = {"metric": metric, "minute": at.isoformat(), "dimensions": "", "source": source}
    return {**named, "count": count, "sum": float(sum(values)), "bad": bad, "bad_clients": bad, "buckets": buckets}


def day_before(end):
    """A day of requests by the hour up to `end`, the second half twice as bad as the first."""
    for number in range(24):
        at = end - (24 - number) * HOUR
        yield point("error_rate", at, 1_000, 4 if number < 12 else 8)
        yield point("api_response_time", at, 1_000, values=[120.0] * 90 + [400.0] * 10)


class Warehouse:
    """The embedded warehouse; fails for the metrics it is told to fail for."""

    def __init__(self):
        self.inner, self.failing = DuckDBWarehouse(None), set()
        prepare(self.inner)

    def load(self, *rows):
        self.inner.append("soukmon.metric_points", list(rows))

    def arrived(self, source, until):
        """The source has delivered everything up to then."""
        self.load(point(f"rows.{source}", until, 1, source=source))

    def query(self, name, parameters, *, maximum_bytes=None):
        if self.failing & set(parameters.get("metrics", ())):
            raise QueryError("no")
        return self.inner.query(name, parameters, maximum_bytes=maximum_bytes)


@dataclass
class Newsroom:
    """The team's reports, shortened to those that a test names."""

    store: SqliteState
    archive: FolderObjects
    warehouse: Warehouse = field(default_factory=Warehouse)
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(NINE))
    bus: MemoryBus = field(default_factory=MemoryBus)
    config: object = field(default_factory=load)

    @classmethod
    def of(cls, folder, *plans, with_points=True):
        """One that makes these reports."""
        room = cls(SqliteState(folder / "state.db"), FolderObjects(folder / "archive"))
        room.makes(*plans)
        if with_points:
            room.warehouse.load(*day_before(MIDNIGHT), *day_before(MIDNIGHT - WEEK))
        return room

    def makes(self, *plans):
        """From now on these reports and no others."""
        reporting = replace(self.config.reporting, reports={plan.name: plan for plan in plans})
        self.config = replace(self.config, reporting=reporting)

    @property
    def press(self):
        links = ReportLinks("https://souk.example/r", KEYS)
        return Press(self.config, self.store, self.warehouse, self.archive, self.bus, self.clock, links)

    @property
    def issued(self):
        return [value_of(row, Issued) for row in self.store.find(Query(REPORTS, order_by="at"))]

    @property
    def bulletins(self):
        found = [value_of(row, Bulletin) for row in self.store.find(Query(BULLETINS))]
        return sorted(found, key=lambda one: one.at)

    @property
    def messages(self):
        return [value_of(row, Notification) for row in self.store.find(Query(NOTIFICATIONS))]

    def everything_arrives(self, until=NINE - timedelta(minutes=1)):
        for source in self.config.sources:
            self.warehouse.arrived(source, until)
