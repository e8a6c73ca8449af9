"""Incident -> one text message: what, how bad, since when, and a link that is never cut."""

from shared.domain.reasons import Notify
from shared.ports import SmsBody
from shared.rendering.catalogue import words
from shared.rendering.escaping import isolated, without_links
from shared.rendering.segments import cut, is_gsm, length, plain_gsm
from shared.rendering.view import IncidentView, lasting

GSM_SEGMENTS = (160, 306)
UCS2_SEGMENTS = (70, 134, 201)
ENOUGH_TITLE = 60
LEAST_TITLE = 10


def incident_sms(view: IncidentView, *, reason: Notify, locale: str) -> SmsBody:
    """As few segments as leave room for a readable title; the title gives way, the link never does."""
    say, incident = words(locale), view.incident
    title = without_links(incident.title)
    over = reason is Notify.RESOLVED
    why = "" if over or reason is Notify.FIRST else f"{say[reason]}. "
    since = "" if over else f" ({lasting(incident.started_at, view.now, locale)})"
    note = f" [{without_links(view.note)}]" if view.note else ""
    link = f"\n{say['sms_ack']}: {view.ack_url}" if view.ack_url and not over else ""
    if locale != "ar":
        title, why, note = plain_gsm(title), plain_gsm(why), plain_gsm(note)
    head, tail = f"{say['resolved'] if over else say[incident.severity]}: {why}", f"{since}{note}{link}"
    if locale == "ar":
        return SmsBody(head + isolated(cut(title, _room(head, title, tail) - 2)) + tail)
    return SmsBody(head + cut(title, _room(head, title, tail)) + tail)


def _room(head: str, title: str, tail: str) -> int:
    """Characters for the title within the smallest number of segments that keeps it readable."""
    gsm = is_gsm(head + title + tail)
    used = length(head + tail) if gsm else _utf16(head + tail)
    wanted = min(length(title) if gsm else _utf16(title), ENOUGH_TITLE)
    limits = GSM_SEGMENTS if gsm else UCS2_SEGMENTS
    return max(next((limit - used for limit in limits if limit - used >= wanted), limits[-1] - used), LEAST_TITLE)


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-be")) // 2
