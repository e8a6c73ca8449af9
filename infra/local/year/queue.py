"""What is to happen when: a heap of instants and what happens then, in the order it was put there."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

Event = Callable[[], object]


class Queue:
    """Events by their instants; of those at the same one the first that was put there comes first."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Event]] = []
        self._order = count()

    def put(self, at: datetime, event: Event) -> None:
        """Have it happen then."""
        heapq.heappush(self._heap, (at, next(self._order), event))

    def next_at(self) -> datetime | None:
        """The instant of the next event."""
        return self._heap[0][0] if self._heap else None

    def pop(self) -> Event:
        """The next event, taken out."""
        return heapq.heappop(self._heap)[2]
