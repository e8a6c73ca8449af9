"""Incident or bulletin -> the two short texts that a locked telephone shows, and where a tap leads."""

from shared.domain.bulletins import BulletinText
from shared.domain.incidents import State
from shared.domain.reasons import Notify
from shared.domain.severities import Severity
from shared.ports.messages import PushBody
from shared.rendering.catalogue import words
from shared.rendering.escaping import isolated, one_line
from shared.rendering.evidence import headline
from shared.rendering.segments import cut
from shared.rendering.view import IncidentView, lasting

TITLE, TEXT = 65, 240
NOTE = 80


def incident_push(view: IncidentView, *, reason: Notify, locale: str) -> PushBody:
    """How bad and what, why now and since when; a tap leads to the link that acknowledges while nobody has."""
    say, incident = words(locale), view.incident
    over = reason is Notify.RESOLVED
    tag = say["resolved"] if over else say[incident.severity]
    parts = [
        "" if over else f"{say[reason]}{say['comma']}{lasting(incident.started_at, view.now, locale)}",
        _foreign(incident.service, locale, NOTE),
        _foreign(view.note, locale, NOTE),
    ]
    return PushBody(
        title=_title(f"{tag}: ", headline(incident, view.evidence, locale), locale),
        text=" · ".join(part for part in parts if part),
        url=view.ack_url if view.ack_url and incident.state is State.TRIGGERED else view.incident_url,
        group=incident.id,
        urgent=not over and incident.severity.rank >= Severity.HIGH.rank,
    )


def bulletin_push(text: BulletinText, *, link: str = "") -> PushBody:
    """The title, and as much of the rest as fits."""
    rest = " ".join(one_line(line) for line in text.lines)
    return PushBody(cut(one_line(text.title), TITLE), cut(rest, TEXT), link)


def _title(head: str, title: str, locale: str) -> str:
    marks = len(isolated(""))
    return head + _foreign(title, locale, TITLE - len(head) - (marks if locale == "ar" else 0))


def _foreign(text: str, locale: str, limit: int) -> str:
    line = cut(one_line(text), limit)
    return isolated(line) if locale == "ar" and line else line
