"""Orders to whoever calls rollbacks: to try whether a target answers, and to go back."""

from datetime import datetime

from shared.domain.maintenance import Window
from shared.domain.signals import digest
from shared.ports.store import Write
from shared.usecases.records import instant, outbox_write

ROLLBACKS = "rollbacks"


def trial_write(window: Window, now: datetime) -> Write:
    """The order to see whether the window's target answers; nothing is started."""
    return _order(window, now, trial=True)


def rollback_write(window: Window, now: datetime) -> Write:
    """The order to start the window's rollback, which has to be asked for on the window in the same commit."""
    return _order(window, now, trial=False)


def _order(window: Window, now: datetime, *, trial: bool) -> Write:
    name = f"rollback-{digest(window.id, instant(now), str(trial), size=8)}"
    return outbox_write(name, ROLLBACKS, {"window": window.id, "trial": trial}, due_at=now)
