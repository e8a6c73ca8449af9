"""What bulletins about held-back messages say: the digest of a night, and the end of a maintenance window."""

from collections.abc import Mapping, Sequence

from shared.domain.bulletins import BulletinText
from shared.domain.incidents import Incident
from shared.domain.maintenance import Window
from shared.rendering.catalogue import words
from shared.rendering.view import cairo

LISTED = 40
LOCALES = ("en", "ar")


def digest_texts(incidents: Sequence[Incident]) -> Mapping[str, BulletinText]:
    """What waited for the morning, in both languages: how many, then one line each, what is still open first."""
    still = sorted(incidents, key=lambda one: (not one.state.is_open, -one.severity.rank, one.opened_at))
    return {locale: _digest(still, locale) for locale in LOCALES}


def window_ended(window: Window) -> Mapping[str, BulletinText]:
    """That a window nobody closed is over."""
    return {locale: _window_ended(window, locale) for locale in LOCALES}


def _digest(incidents: Sequence[Incident], locale: str) -> BulletinText:
    still_open = sum(incident.state.is_open for incident in incidents)
    lines = [_line(incident, locale) for incident in incidents[:LISTED]]
    left = len(incidents) - LISTED
    if locale == "ar":
        title = f"ما حدث أثناء ساعات الهدوء: عدد البلاغات {len(incidents)}، المفتوح منها {still_open}"
        more = f"وبلاغات أخرى عددها {left}"
    else:
        title = f"During the quiet hours: {len(incidents)} incident(s), {still_open} still open"
        more = f"and {left} more"
    return BulletinText(title, (*lines, *((more,) if left > 0 else ())))


def _line(incident: Incident, locale: str) -> str:
    say = words(locale)
    over = None if incident.state.is_open else incident.resolved_at
    until = f"{say['resolved']} {cairo(over, locale)}" if over else ""
    parts = (
        f"{say[incident.severity]} {incident.id}",
        incident.title,
        f"{say['since']} {cairo(incident.started_at, locale)}",
        until or say[incident.state],
    )
    return say["comma"].join(parts)


def _window_ended(window: Window, locale: str) -> BulletinText:
    end = cairo(window.end, locale)
    if locale == "ar":
        title = "انتهت نافذة الصيانة تلقائياً لأن أحداً لم يغلقها"
        lines = (f"السبب المسجل: {window.reason}", f"وقت الانتهاء: {end}", "تُرسل الإخطارات من جديد، بما فيها ما تأجل.")
    else:
        title = "A maintenance window ended by itself, nobody had closed it"
        lines = (f"Its reason: {window.reason}", f"It ended: {end}", "Alerts are told again, those it held back too.")
    return BulletinText(title, lines)
