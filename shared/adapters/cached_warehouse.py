"""A warehouse that remembers its answers for a moment: readers who look at one page at once ask it once."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from shared.ports.platform import Clock
from shared.ports.store import Body
from shared.ports.warehouse import Answer, Parameter, Warehouse

LASTS = timedelta(seconds=60)
MOST = 64


class CachedWarehouse:
    """Implements Warehouse over another; `lasts` is how old an answer may be. Failures are not remembered."""

    def __init__(self, inner: Warehouse, clock: Clock, lasts: timedelta = LASTS) -> None:
        self._inner, self._clock, self._lasts = inner, clock, lasts
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, tuple[datetime, Answer]] = OrderedDict()

    def query(self, name: str, parameters: Mapping[str, Parameter], *, maximum_bytes: int | None = None) -> Answer:
        """See `Warehouse`; an answer from memory bills nothing."""
        now, key = self._clock.now(), repr((name, sorted(parameters.items())))
        with self._lock:
            kept = self._answers.get(key)
        if kept is not None and timedelta(0) <= now - kept[0] < self._lasts:
            return Answer(kept[1].rows)
        answer = self._inner.query(name, parameters, maximum_bytes=maximum_bytes)
        with self._lock:
            self._answers[key] = now, answer
            self._answers.move_to_end(key)
            while len(self._answers) > MOST:
                self._answers.popitem(last=False)
        return answer

    def append(self, table: str, rows: Sequence[Body]) -> None:
        """See `Warehouse`."""
        self._inner.append(table, rows)

    def stamp(self, tables: Sequence[str]) -> str:
        """See `Warehouse`."""
        return self._inner.stamp(tables)
