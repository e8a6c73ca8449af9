"""The effectiveness of alerting over the last days, from the incidents on record."""

from datetime import timedelta

from shared.domain import effectiveness as figures
from shared.domain.effectiveness import Effectiveness
from shared.domain.incidents import Incident
from shared.ports import Clock, Query, StateStore
from shared.usecases.records import INCIDENTS, instant, value_of

SPAN = timedelta(days=30)
MOST = 10_000


def effectiveness(*, store: StateStore, clock: Clock, length: timedelta = SPAN) -> Effectiveness:
    """The figures of the newest incidents (10,000 at most) that were opened within the length of time."""
    now = clock.now()
    query = Query(INCIDENTS, order_by="opened_at", low=instant(now - length), newest_first=True, limit=MOST)
    return figures.effectiveness(value_of(row, Incident) for row in store.find(query))
