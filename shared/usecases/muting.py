"""What may mute an incident now, read only when something would be told, and once for all that one event decides."""

import logging
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from shared.domain.holding import Hold, Mutes, hold_on
from shared.domain.incidents import Incident, State
from shared.domain.labels import labels_of_incident
from shared.domain.maintenance import Window
from shared.domain.noise import Noise
from shared.domain.silences import Silence
from shared.errors import ConflictError
from shared.ports.store import Query, Replace, StateStore
from shared.usecases.records import INCIDENTS, SILENCES, WINDOWS, instant, value_of

MOST = 500

T = TypeVar("T")
log = logging.getLogger(__name__)


class Muting:
    """The silences, windows and open incidents that may mute something at `now`."""

    def __init__(self, noise: Noise, *, store: StateStore, now: datetime) -> None:
        self._noise, self._store, self._now = noise, store, now

    def hold_on(self, incident: Incident) -> Hold | None:
        """Why the incident has to wait, and until when; None when it may be told."""
        labels = labels_of_incident(incident)
        firing = self._firing if self._noise.may_be_inhibited(labels) else ()
        others = [found for name, found in firing if name != incident.id]
        return hold_on(incident, Mutes(self._noise, self._silences, self._windows, others), self._now)

    @cached_property
    def _silences(self) -> tuple[Silence, ...]:
        return tuple(self._readable(SILENCES, Silence))

    @cached_property
    def _windows(self) -> tuple[Window, ...]:
        return tuple(self._readable(WINDOWS, Window))

    def _readable(self, collection: str, kind: type[T]) -> list[T]:
        """What can be read mutes; what cannot must not: rather somebody is paged in vain."""
        try:
            return [value_of(row, kind) for row in self._store.find(_ending(collection, self._now))]
        except Exception:  # whatever is wrong with them
            log.exception("what mutes could not be read, so nothing of it does", extra={"collection": collection})
            return []

    @cached_property
    def _firing(self) -> tuple[tuple[str, Mapping[str, str]], ...]:
        query = Query(INCIDENTS, equal={"inhibits_now": "yes"}, order_by="opened_at", limit=MOST)
        found = (value_of(row, Incident) for row in self._store.find(query))
        return tuple((incident.id, labels_of_incident(incident)) for incident in found)


def wake(holder: str, *, store: StateStore, now: datetime) -> int:
    """Have the next tick look at everything that `holder` (a silence, a window) held back until now."""
    woken = 0
    for row in store.find(Query(INCIDENTS, equal={"held_by": holder}, order_by="opened_at", limit=MOST)):
        if row.body["state"] != State.TRIGGERED:
            continue
        try:
            store.commit([Replace(INCIDENTS, row.id, {**row.body, "due_at": instant(now)}, row.version)])
        except ConflictError:
            continue  # whoever changed it has looked at what mutes it, or will when it is due
        woken += 1
    return woken


def _ending(collection: str, now: datetime) -> Query:
    return Query(collection, order_by="end", low=instant(now), limit=MOST)
