"""The pages of the local platform and of the acknowledgement link; they work without JavaScript."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup

from shared.domain.bulletins import BulletinKind
from shared.domain.evidence import Evidence
from shared.domain.incidents import Acked, Incident, TimelineEntry
from shared.domain.notifications import Notification
from shared.rendering import charts
from shared.rendering.evidence import facts, headline, sentence, summary
from shared.rendering.explained import explained_sections
from shared.rendering.home_words import home_words
from shared.rendering.ladder import rungs
from shared.rendering.runbook import parts
from shared.rendering.screens import Message, shown
from shared.rendering.templating import render
from shared.rendering.view import NOTHING_EXPLAINED, Explained, IncidentView

PROVIDERS = ("slack", "twilio", "voice", "fcm", "smtp", "rollback")


def home(stats: Mapping[str, Any], *, locale: str = "en") -> str:
    """What runs and what is open; every figure is given, none is made up."""
    return render("home.html", locale=locale, here=home_words(locale), **stats)


def inbox(messages: Sequence[Message], *, locale: str = "en", only: str = "", user: str = "") -> str:
    """Every message as its receiver would see it, newest first; buttons are pressed as `user`."""
    newest = sorted(messages, key=lambda message: str(message["created_at"]), reverse=True)
    wanted = [shown(message) for message in newest if not only or message["provider"] == only]
    counts = {"": len(messages)} | {key: sum(m["provider"] == key for m in messages) for key in PROVIDERS}
    return render("inbox.html", locale=locale, messages=wanted, only=only, user=user, counts=counts)


def incident_page(  # noqa: PLR0913 - everything that is known of an incident stands on its page
    incident: Incident,
    timeline: Sequence[TimelineEntry],
    notifications: Sequence[Notification],
    *,
    now: datetime,
    locale: str = "en",
    runbook: str = "",
    people: Mapping[str, str] | None = None,
    evidence: Evidence | None = None,
    explained: Explained = NOTHING_EXPLAINED,
) -> str:
    """One incident with what its decision rests on, its record and its ledger."""
    view, names = IncidentView(incident, now, evidence=evidence), people or {}
    return render(
        "incident.html",
        locale=locale,
        incident=incident,
        title=headline(incident, evidence, locale),
        summary=summary(incident, evidence, locale),
        values=view.values,
        evidence=facts(evidence, locale) if evidence else [],
        chart=Markup(charts.svg(evidence, locale)) if evidence else "",  # noqa: S704 - drawn by us, its texts escaped
        alt=sentence(evidence, locale) if evidence else "",
        explained=explained_sections(explained, incident, locale),
        timeline=timeline,
        notifications=notifications,
        now=now,
        links=view.links,
        ladder=rungs(incident.ladder, people=names, locale=locale),
        runbook=parts(runbook),
        people=names,
    )


def acknowledge_page(view: IncidentView, *, locale: str = "en") -> str:
    """What a GET of the signed link shows: looking changes nothing."""
    return render("acknowledge.html", locale=locale, incident=view.incident, now=view.now, owner=view.owner_name)


def acknowledged_page(outcome: str, *, incident: Incident | None, text: str, locale: str = "en") -> str:
    """What a POST of the signed link came to; `text` is the English sentence about it."""
    done = outcome == Acked.ACCEPTED
    return render("acknowledged.html", locale=locale, done=done, outcome=str(outcome), incident=incident, text=text)


def unsubscribe_page(kind: BulletinKind, *, stopped: bool, done: bool, locale: str = "en") -> str:
    """Mails of a kind: an offer to end them, or (`done`) what a press of the button came to, with its way back."""
    return render("unsubscribe.html", locale=locale, kind=kind, stopped=stopped, done=done)
