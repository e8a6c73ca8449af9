"""Incident -> one text message: what, how bad, since when, and a link that is never cut."""

from shared.domain.reasons import Notify
from shared.ports.messages import SmsBody
from shared.rendering.catalogue import noted, words
from shared.rendering.escaping import isolated, without_links
from shared.rendering.evidence import headline
from shared.rendering.segments import cut, is_gsm, length, plain_gsm, utf16
from shared.rendering.view import IncidentView, lasting

GSM_SEGMENTS = (160, 306)
UCS2_SEGMENTS = (70, 134, 201)
ENOUGH_TITLE = 60
LEAST_TITLE = 10
NOTE = 60


def incident_sms(view: IncidentView, *, reason: Notify, locale: str) -> SmsBody:
    """As few segments as leave room for a readable title; the title gives way, the link never does."""
    say, incident = words(locale), view.incident
    arabic, over = locale == "ar", reason is Notify.RESOLVED
    literal = isolated if arabic else plain_gsm
    title, why = (
        without_links(headline(incident, view.evidence, locale)),
        "" if over or reason is Notify.FIRST else f"{say[reason]}. ",
    )
    since = "" if over else f" ({lasting(incident.started_at, view.now, locale)})"
    more = f" {say['more_open'].format(len(view.also_open))}" if view.also_open else ""
    note = f" [{literal(cut(without_links(noted(view.note, locale)), NOTE))}]" if view.note else ""
    link = f"\n{say['sms_ack']}: {view.ack_url}" if view.ack_url and not over else ""
    head, tail = f"{say['resolved'] if over else say[incident.severity]}: {why}", f"{since}{note}{more}{link}"
    if arabic:
        return SmsBody(head + isolated(cut(title, _room(head, title, tail) - 2)) + tail)
    title = plain_gsm(title)
    return SmsBody(head + cut(title, _room(head, title, tail)) + tail)


def short_sms(view: IncidentView, *, reason: Notify) -> SmsBody:
    """One segment whatever happens, the link whole: English in the GSM alphabet, which has room for twice as much.

    A title in another script would cost a second segment; the service's name stands for it.
    """
    say, incident, over = words("en"), view.incident, reason is Notify.RESOLVED
    title = plain_gsm(without_links(headline(incident, view.evidence, "en")))
    service = plain_gsm(without_links(incident.service))
    title = title if is_gsm(title) else (service if is_gsm(service) else "")
    head = say["resolved"] if over else say[incident.severity]
    link = f"\n{view.ack_url}" if view.ack_url and not over else ""
    room = GSM_SEGMENTS[0] - length(f"{head}: {link}")
    return SmsBody((f"{head}: {cut(title, room)}" if title and room >= LEAST_TITLE else head) + link)


def _room(head: str, title: str, tail: str) -> int:
    """Characters for the title within the smallest number of segments that keeps it readable."""
    gsm = is_gsm(head + title + tail)
    size, limits = (length, GSM_SEGMENTS) if gsm else (utf16, UCS2_SEGMENTS)
    used, wanted = size(head + tail), min(size(title), ENOUGH_TITLE)
    return max(next((limit - used for limit in limits if limit - used >= wanted), limits[-1] - used), LEAST_TITLE)
