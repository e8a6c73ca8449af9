"""Maintenance as an iCalendar feed (RFC 5545): each turn of a job and each window as an event of its own, in UTC.

No recurrence rules: none says what Egypt's clock changes do to a turn, and a turn that has run says how it went.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.domain.job_board import Turn
from shared.domain.maintenance import Window
from shared.domain.signals import digest
from shared.rendering.calendar import empty_calendar, ical_bytes
from shared.rendering.job_words import job_title, job_words, verdict_word

if TYPE_CHECKING:
    from icalendar import Event

SHORTEST = timedelta(minutes=5)


def maintenance_feed(turns: Iterable[Turn], windows: Iterable[Window], *, now: datetime, locale: str = "en") -> bytes:
    """The feed. A turn keeps its UID from its plan to its outcome, and a window through every move of it."""
    calendar = empty_calendar(job_words(locale)["title"])
    for turn in turns:
        calendar.add_component(_turn(turn, now, locale))
    for window in windows:
        calendar.add_component(_window(window, now, locale))
    return ical_bytes(calendar)


def _turn(turn: Turn, now: datetime, locale: str) -> "Event":
    run, title = turn.run, job_title(turn.plan.name, locale)
    begun = run.started_at if run else turn.at
    ended = run.finished_at if run else None
    if run is not None:
        title = f"{title}: {verdict_word(run.verdict, locale) if run.is_over else job_words(locale)['now']}"
    event = _event(digest("job", turn.plan.name, turn.at.isoformat()), title, now)
    event.add("dtstart", begun)
    event.add("dtend", max(ended, begun + SHORTEST) if ended else begun + turn.plan.budget)
    event.add("sequence", 0 if run is None else 1 + run.is_over)
    event.add("status", "CONFIRMED")
    return event


def _window(window: Window, now: datetime, locale: str) -> "Event":
    kind = job_words(locale)["emergency" if window.emergency else "window"]
    event = _event(digest("window", window.id), f"{kind}: {window.reason}", now)
    event.add("dtstart", window.start)
    event.add("dtend", max(window.end, window.start + SHORTEST))
    event.add("sequence", 2 * window.revision + bool(window.closed_by))
    event.add("status", "CANCELLED" if window.is_cancelled else "CONFIRMED")
    return event


def _event(uid: str, summary: str, now: datetime) -> "Event":
    from icalendar import Event  # noqa: PLC0415 - only the feed pays for the library

    event = Event()
    event.add("uid", f"{uid}@soukmon")
    event.add("dtstamp", now)
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")
    return event
