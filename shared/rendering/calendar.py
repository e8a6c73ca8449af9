"""Duties as an iCalendar feed (RFC 5545) that calendars subscribe to; in UTC, words in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.domain.oncall import Directory, Duty
from shared.domain.signals import digest
from shared.rendering.duties import who
from shared.rendering.duty_words import duty_words
from shared.rendering.escaping import one_line

if TYPE_CHECKING:
    from icalendar import Calendar, Event

REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OnCall:
    """A duty of a rotation."""

    rotation: str
    duty: Duty


def feed(
    entries: Iterable[OnCall],
    *,
    title: str,
    directory: Directory,
    now: datetime,
    locale: str = "en",
    named: bool = False,
) -> bytes:
    """The feed; with `named` each event says who is on call, else it is the reader's own.

    An event keeps its UID for as long as its duty begins at the same time, so a calendar moves it and makes no second.
    """
    calendar = empty_calendar(title)
    for entry in entries:
        calendar.add_component(_event(entry, _summary(entry, directory, locale, named=named), now))
    return ical_bytes(calendar)


def empty_calendar(title: str) -> "Calendar":
    """A calendar without events that is looked at again within the hour."""
    from icalendar import Calendar  # noqa: PLC0415 - only the feed pays for the library

    calendar = Calendar()
    calendar.add("prodid", "-//Souk El-Sayarat//soukmon//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", one_line(title))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    return calendar


def _event(entry: OnCall, summary: str, now: datetime) -> "Event":
    from icalendar import Event  # noqa: PLC0415

    event = Event()
    uid = digest("duty", entry.rotation, entry.duty.person or "", entry.duty.start.isoformat())
    event.add("uid", f"{uid}@soukmon")
    event.add("dtstamp", now)
    event.add("dtstart", entry.duty.start)
    event.add("dtend", entry.duty.end)
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")  # somebody on call is not busy
    return event


def _summary(entry: OnCall, directory: Directory, locale: str, *, named: bool) -> str:
    words = duty_words(locale)["on_call_who" if named else "on_call"]
    return words.format(rotation=entry.rotation, who=who(directory, entry.duty.person, locale))


def ical_bytes(calendar: "Calendar") -> bytes:
    """The calendar as it is sent."""
    made: bytes = calendar.to_ical()
    return made
