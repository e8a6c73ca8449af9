"""The effectiveness of alerting over the last days, from the incidents on record."""

from datetime import timedelta

from shared.domain import effectiveness as figures
from shared.domain.effectiveness import Effectiveness
from shared.domain.figures import Span
from shared.ports.platform import Clock
from shared.ports.store import StateStore
from shared.usecases.marks import incidents_of

SPAN = timedelta(days=30)


def effectiveness(*, store: StateStore, clock: Clock, length: timedelta = SPAN) -> Effectiveness:
    """The figures of incidents (10,000 at most) that opened within the length of time; restricted ones are left out."""
    now = clock.now()
    span = Span(now - length, now + timedelta.resolution)  # with what opened at this very instant
    return figures.effectiveness(incidents_of(span, store))
