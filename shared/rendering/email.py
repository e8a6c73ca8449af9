"""Incident -> e-mail: subject, text and HTML, in the reader's language and direction."""

from shared.domain.reasons import Notify
from shared.ports.messages import EmailBody, InlinePicture
from shared.rendering.catalogue import fact_name, noted, words
from shared.rendering.diagnosis import Told, diagnosis_text, told
from shared.rendering.escaping import isolated, one_line, printable
from shared.rendering.evidence import facts, headline, sentence, summary
from shared.rendering.impact import impact_details, impact_title
from shared.rendering.suspects import suspect_lines
from shared.rendering.templating import render
from shared.rendering.view import IncidentView, cairo, lasting, standing, standing_facts

SUBJECT = 180
CHART = "chart"


def incident_email(view: IncidentView, *, reason: Notify, locale: str, chart: bytes = b"") -> EmailBody:
    """The message; all messages of one incident share a thread. `chart` is the evidence's picture (PNG)."""
    say, incident = words(locale), view.incident
    tag = say["resolved"] if reason is Notify.RESOLVED else say[incident.severity]
    title = headline(incident, view.evidence, locale)
    subject = one_line(f"[{tag}] {title}")[:SUBJECT]
    pictures = (InlinePicture(f"{CHART}.{incident.id}", chart),) if chart and view.evidence else ()
    html = render(
        "email.html", locale=locale, view=view, incident=incident, reason=say[reason], title=title,
        note=noted(view.note, locale),
        summary=summary(incident, view.evidence, locale),
        evidence=facts(view.evidence, locale) if view.evidence else [],
        suspects=suspect_lines(incident, view.explained.suspects, locale), diagnosis=_diagnosis(view, locale),
        standing_facts=standing_facts(view, locale),
        impact=_impact(view, locale),
        picture=pictures[0].name if pictures else "", alt=sentence(view.evidence, locale) if view.evidence else "",
    )  # fmt: skip
    return EmailBody(subject, _text(view, say[reason], locale), html, locale, incident.id, pictures)


def _text(view: IncidentView, why: str, locale: str) -> str:
    say, incident = words(locale), view.incident
    lines = [f"{why}: {say[incident.severity]}", "", _foreign(headline(incident, view.evidence, locale), locale)]
    about = summary(incident, view.evidence, locale)
    # Every line of a text from outside is marked as quoted: it cannot pass for one of ours.
    lines += [f"> {_foreign(line, locale)}" for line in printable(about).splitlines() if about != incident.title]
    lines += ["", *_facts(view, locale)]
    if view.evidence:
        lines += ["", f"{say['evidence']}:", *(f"{name}: {text}" for name, text in facts(view.evidence, locale))]
    if view.explained.suspects:
        lines += ["", *suspect_lines(incident, view.explained.suspects, locale)]
    impact = view.explained.impact
    if impact:
        lines += ["", f"{impact_title(impact, locale)}:"]
        lines += [f"{name}: {text}" for name, text in impact_details(impact, locale)]
    diagnosed = _diagnosis(view, locale)
    if diagnosed:
        lines += ["", *diagnosis_text(diagnosed)]
    if view.first_actions and incident.state.is_open:
        steps = (f"{n}. {_foreign(step, locale)}" for n, step in enumerate(view.first_actions, 1))
        lines += ["", f"{say['do']}:", *steps]
    if view.tasks:
        lines += ["", f"{say['tasks']}:", *(f"- {line}" for line in view.tasks)]
    if view.ack_url and view.may_acknowledge:
        lines += ["", f"{say['acknowledge']}: {view.ack_url}"]
    if view.incident_url:
        lines += [f"{say['open']}: {view.incident_url}"]
    lines += [f"{_foreign(name, locale)}: {url}" for name, url in view.links.items()]
    return "\n".join([*lines, "", say["footer"], ""])


def _impact(view: IncidentView, locale: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    found = view.explained.impact
    return (impact_title(found, locale), impact_details(found, locale)) if found else None


def _diagnosis(view: IncidentView, locale: str) -> Told | None:
    found = view.explained.diagnosis
    return told(found, view.incident, locale) if found else None


def _facts(view: IncidentView, locale: str) -> list[str]:
    say, incident = words(locale), view.incident
    age = lasting(incident.started_at, incident.resolved_at or view.now, locale)
    lines = [
        f"{say['since']}: {cairo(incident.started_at, locale)}{say['comma']}{age}",
        f"{say['affected']}: {_foreign(incident.service, locale)}",
        f"{say['events']}: {incident.count}",
        f"{say['state']}: {standing(view, locale)}",
    ]
    lines += [f"{name}: {text}" for name, text in standing_facts(view, locale)]
    lines += [f"{fact_name(name, locale)}: {_foreign(value, locale)}" for name, value in view.facts]
    return [*lines, f"{say['note']}: {_foreign(noted(view.note, locale), locale)}"] if view.note else lines


def _foreign(text: str, locale: str) -> str:
    """A text that is not ours on a line of ours; in Arabic it keeps its own direction."""
    line = one_line(text)
    return isolated(line) if locale == "ar" and line else line
