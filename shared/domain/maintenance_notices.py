"""What is said about a maintenance window, and when: ahead, at its start, at its end and afterwards, each once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.maintenance import Window


class Notice(StrEnum):
    """What a bulletin about a window says."""

    PLANNED = "planned"
    EMERGENCY = "emergency"
    MOVED = "moved"
    CANCELLED = "cancelled"
    DAY = "day"
    HOUR = "hour"
    STARTED = "started"
    NOT_READY = "not-ready"
    HELD = "held"
    ENDED = "ended"
    TO_DO = "to-do"
    POST_MORTEM = "post-mortem"
    ROLLBACK_ASKED = "rollback-asked"
    ROLLBACK_DONE = "rollback-done"
    ROLLBACK_UNREACHABLE = "rollback-unreachable"


AHEAD = {Notice.DAY: timedelta(hours=24), Notice.HOUR: timedelta(hours=1), Notice.STARTED: timedelta(0)}
POST_MORTEM_WITHIN = timedelta(hours=24)
LIST_AFTER = timedelta(hours=1)
POST_MORTEM_AFTER = timedelta(hours=20)  # four hours are left to write it


@dataclass(frozen=True, slots=True)
class Due:
    """The notice to send now (None for none), and the window that remembers what need not be sent any more."""

    notice: Notice | None
    window: Window


def ahead(window: Window, now: datetime) -> Due:
    """What is said of a window that is to come or has just begun.

    What fell due before the window was announced is not said; where several are due at once, the last says it all.
    """
    known_at = window.announced_at or window.created_at or window.start
    due = [kind for kind, before in AHEAD.items() if known_at < window.start - before <= now]
    fresh = [kind for kind in due if kind not in window.told]
    if not fresh:
        return Due(None, window)
    return Due(fresh[-1], replace(window, told=(*window.told, *fresh)))


def afterwards(window: Window, now: datetime) -> Due:
    """What its author is reminded of when it is over: the rest of the list, and after an emergency the post-mortem."""
    waits = {Notice.TO_DO: LIST_AFTER} | ({Notice.POST_MORTEM: POST_MORTEM_AFTER} if window.emergency else {})
    fresh = [kind for kind, wait in waits.items() if kind not in window.told and window.end + wait <= now]
    if not fresh:
        return Due(None, window)
    return Due(fresh[-1], replace(window, told=(*window.told, *fresh)))


def is_settled(window: Window) -> bool:
    """True when nothing is left to be reminded of."""
    last = Notice.POST_MORTEM if window.emergency else Notice.TO_DO
    return window.is_cancelled or last in window.told
