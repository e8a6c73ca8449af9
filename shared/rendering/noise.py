"""What the digest says of the messages that a night held back."""

from collections.abc import Mapping, Sequence

from shared.domain.bulletins import BulletinText
from shared.domain.incidents import Incident
from shared.rendering.catalogue import words
from shared.rendering.view import cairo

LISTED = 40
LOCALES = ("en", "ar")


def digest_texts(incidents: Sequence[Incident]) -> Mapping[str, BulletinText]:
    """What waited for the morning, in both languages: how many, then one line each, what is still open first."""
    still = sorted(incidents, key=lambda one: (not one.state.is_open, -one.severity.rank, one.opened_at))
    return {locale: _digest(still, locale) for locale in LOCALES}


def incident_line(incident: Incident, locale: str) -> str:
    """One incident in one line: how bad, which, since when, and whether it is over."""
    say = words(locale)
    over = None if incident.state.is_open else incident.resolved_at
    until = f"{say[incident.state]} {cairo(over, locale)}" if over else ""
    parts = (
        f"{say[incident.severity]} {incident.id}",
        incident.title,
        f"{say['since']} {cairo(incident.started_at, locale)}",
        until or say[incident.state],
    )
    return say["comma"].join(parts)


def _digest(incidents: Sequence[Incident], locale: str) -> BulletinText:
    still_open = sum(incident.state.is_open for incident in incidents)
    lines = [incident_line(incident, locale) for incident in incidents[:LISTED]]
    left = len(incidents) - LISTED
    if locale == "ar":
        title = f"ما حدث أثناء ساعات الهدوء: عدد البلاغات {len(incidents)}، المفتوح منها {still_open}"
        more = f"وبلاغات أخرى عددها {left}"
    else:
        title = f"During the quiet hours: {len(incidents)} incident(s), {still_open} still open"
        more = f"and {left} more"
    return BulletinText(title, (*lines, *((more,) if left > 0 else ())))
