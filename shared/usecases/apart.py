"""Steps of one run of which none may keep the next from being taken: what failed is raised when all had their turn."""

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)


class Apart:
    """Takes steps one by one; a failure waits for `raise_failures`, which makes the whole run fail after all."""

    def __init__(self) -> None:
        self._failed: list[Exception] = []

    def take(self, step: Callable[[], int | None]) -> int:
        """What the step counted, if it counts; 0 when it failed."""
        try:
            return step() or 0
        except Exception as error:  # whatever it is, the steps after it must not wait for it
            log.exception("a part of this run failed")
            self._failed.append(error)
            return 0

    def raise_failures(self) -> None:
        """Raise what failed, if anything did: the run is answered as failed, and whoever watches it hears of it."""
        if self._failed:
            raise ExceptionGroup("parts of this run failed", self._failed)
