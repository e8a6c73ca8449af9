"""The demo's marketplace goes on living: each minute brings its generated rows, as a log sink and an export would."""

import logging
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

from infra.local.demo_history import BEFORE, DAY, SEED
from infra.local.demo_past import releases_before
from infra.local.history.plan import Plan
from infra.local.history.raw.own import gauge_rows
from infra.local.history.raw.rows import raw_rows
from infra.local.history.raw.tables import Named
from infra.local.history.spans import minutes
from infra.local.warehouse.on_demand import WarehouseOnDemand
from infra.local.warehouse.preparing import load
from shared.errors import QueryError
from shared.ports.platform import Clock

MINUTE = timedelta(minutes=1)
PAUSE_SECONDS = 5.0
OVERLAP = 2 * MINUTE  # what the day may have left open; rows that come twice count once

log = logging.getLogger(__name__)


class Marketplace:
    """Everyday traffic without incidents, from now on, until it is closed."""

    def __init__(self, warehouse: WarehouseOnDemand, clock: Clock) -> None:
        self._warehouse, self._clock = warehouse, clock
        self._until = _minute(clock.now()) - OVERLAP
        released = releases_before(self._until - DAY - BEFORE)  # as the demo day has them
        self._plan = Plan(self._until - DAY, self._until, SEED, releases=released)
        self._stopped = threading.Event()

    def run(self) -> None:
        """Bring rows in the background."""
        threading.Thread(target=self._keep_living, daemon=True).start()

    def close(self) -> None:
        """Stop."""
        self._stopped.set()

    def catch_up(self) -> None:
        """Bring the rows of every minute that is over by now."""
        now = _minute(self._clock.now())
        if now > self._until:
            load(self._warehouse.made(), self._rows(self._until, now))
            self._until = now

    def _rows(self, since: datetime, until: datetime) -> Iterator[Named]:
        yield from raw_rows(self._plan, since, until)
        for minute in minutes(since, until):
            yield from gauge_rows(self._plan, minute)

    def _keep_living(self) -> None:
        while not self._stopped.wait(PAUSE_SECONDS):
            try:
                self.catch_up()
            except QueryError:
                log.exception("the demo's traffic could not be kept")


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
