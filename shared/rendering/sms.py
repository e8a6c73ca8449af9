"""Incident -> one text message: what, how bad, since when, and a link that is never cut."""

from shared.domain.reasons import Notify
from shared.ports import SmsBody
from shared.rendering.catalogue import words
from shared.rendering.escaping import without_links
from shared.rendering.segments import cut, plain_gsm
from shared.rendering.view import IncidentView, lasting

ONE_GSM, ONE_UCS2, TWO_GSM, TWO_UCS2 = 160, 70, 306, 134
LEAST_TEXT = 40
QUIET = frozenset({Notify.RESOLVED})


def incident_sms(view: IncidentView, *, reason: Notify, locale: str) -> SmsBody:
    """One segment where title and link fit, two otherwise; the title gives way, the link never does."""
    say, incident = words(locale), view.incident
    title = without_links(incident.title)
    opening = say["resolved"] if reason is Notify.RESOLVED else say[incident.severity]
    since = "" if reason is Notify.RESOLVED else f" ({lasting(incident.started_at, view.now)})"
    why = "" if reason in {Notify.FIRST, Notify.RESOLVED} else f"{say[reason]}. "
    link = f"\n{say['sms_ack']}: {view.ack_url}" if view.ack_url and reason not in QUIET else ""
    note = f" [{view.note}]" if view.note else ""
    if locale != "ar":
        title, why, note = plain_gsm(title), plain_gsm(why), plain_gsm(note)
    head = f"{opening}: {why}"
    tail = f"{since}{note}{link}"
    return SmsBody(head + cut(title, _room(head + title + tail, head + tail)) + tail)


def _room(whole: str, fixed: str) -> int:
    from shared.rendering.segments import is_gsm, length  # noqa: PLC0415

    one, two = (ONE_GSM, TWO_GSM) if is_gsm(whole) else (ONE_UCS2, TWO_UCS2)
    used = length(fixed) if is_gsm(whole) else len(fixed.encode("utf-16-be")) // 2
    return max(one - used if one - used >= LEAST_TEXT else two - used, 10)
