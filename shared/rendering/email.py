"""Incident -> e-mail: subject, text and HTML, in the reader's language and direction."""

from shared.domain.reasons import Notify
from shared.ports import EmailBody
from shared.rendering.catalogue import fact_name, words
from shared.rendering.escaping import one_line
from shared.rendering.templating import render
from shared.rendering.view import IncidentView, cairo, lasting

SUBJECT = 180


def incident_email(view: IncidentView, *, reason: Notify, locale: str) -> EmailBody:
    """The message; all messages of one incident share a thread."""
    say, incident = words(locale), view.incident
    tag = say["resolved"] if reason is Notify.RESOLVED else say[incident.severity]
    subject = one_line(f"[{tag}] {incident.title}")[:SUBJECT]
    html = render("email.html", locale=locale, view=view, incident=incident, reason=say[reason])
    return EmailBody(subject, _text(view, say[reason], locale), html, locale, incident.id)


def _text(view: IncidentView, why: str, locale: str) -> str:
    say, incident = words(locale), view.incident
    age = lasting(incident.started_at, incident.resolved_at or view.now, locale)
    lines = [
        f"{why}: {say[incident.severity]}",
        "",
        incident.title,
        incident.summary,
        "",
        f"{say['since']}: {cairo(incident.started_at)}, {age}",
        f"{say['affected']}: {incident.service}",
        f"{say['events']}: {incident.count}",
        f"{say['state']}: {say[incident.state]}" + (f", {view.owner_name}" if view.owner_name else ""),
    ]
    lines += [f"{fact_name(name, locale)}: {value}" for name, value in view.facts]
    if view.note:
        lines.append(f"{say['note']}: {view.note}")
    if view.first_actions:
        lines += ["", f"{say['do']}:", *(f"{n}. {step}" for n, step in enumerate(view.first_actions, 1))]
    if view.ack_url and incident.state.is_open:
        lines += ["", f"{say['acknowledge']}: {view.ack_url}"]
    if view.incident_url:
        lines += [f"{say['open']}: {view.incident_url}"]
    return "\n".join([*lines, "", say["footer"], ""])
