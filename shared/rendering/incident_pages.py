"""The pages of incidents as a responder needs them on a phone at night: the list, one of them, and plain notices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.domain.drafts import Draft
from shared.domain.evidence import Evidence
from shared.domain.incidents import Incident, TimelineEntry
from shared.domain.notifications import Notification
from shared.domain.permissions import Permission
from shared.domain.procedure_runs import Run
from shared.domain.severities import Severity
from shared.domain.tasks import Task
from shared.rendering.assets import addresses
from shared.rendering.clocks import clocks
from shared.rendering.evidence import facts, headline, metric_name, sentence, summary
from shared.rendering.explained import explained_sections
from shared.rendering.ladder import rungs
from shared.rendering.page_words import page_words
from shared.rendering.procedure_clocks import led
from shared.rendering.runbook import parts
from shared.rendering.step_words import record_in_words
from shared.rendering.templating import render
from shared.rendering.to_do import task_list
from shared.rendering.view import NOTHING_EXPLAINED, Explained, IncidentView, standing_facts

LINES, MESSAGES, MOST = 30, 12, 150  # of the record and of the ledger on a page; more on request
Frame = Mapping[str, Any]
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Button:
    """An action on the page; `wants` are the names of its form's fields, `asks` the word for what it will do."""

    action: str
    wants: tuple[str, ...] = ()
    is_first: bool = False
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """An incident with everything its page tells. Record and ledger are oldest first.

    `options` are what the fields of forms offer: field -> value and text.
    """

    incident: Incident
    now: datetime
    timeline: Sequence[TimelineEntry] = ()
    notifications: Sequence[Notification] = ()
    runbook: str = ""
    people: Mapping[str, str] = field(default_factory=dict)
    evidence: Evidence | None = None
    buttons: Sequence[Button] = ()
    options: Mapping[str, Options] = field(default_factory=dict)
    whole: bool = False
    explained: Explained = NOTHING_EXPLAINED
    tasks: Sequence[Task] = ()
    runs: Sequence[Run] = ()
    drafts: Sequence[Draft] = ()
    permissions: frozenset[Permission] = frozenset()

    @property
    def view(self) -> IncidentView:
        """What messages about the incident show of it."""
        roles = tuple((role, self.people.get(who, who)) for role, who in self.incident.roles.items())
        return IncidentView(self.incident, self.now, runbook=self.runbook, evidence=self.evidence, roles=roles)


def incident_page(story: Story, frame: Frame, *, locale: str = "en") -> str:
    """One incident: what to do and how long there is for it first, what it rests on and its record below."""
    incident, view = story.incident, story.view
    lines, messages = (MOST, MOST) if story.whole else (LINES, MESSAGES)
    return _framed(
        "incident.html",
        frame,
        locale,
        incident=incident,
        title=headline(incident, story.evidence, locale),
        summary=summary(incident, story.evidence, locale),
        view=view,
        values=view.values,
        standing_facts=standing_facts(view, locale),
        procedures=[led(run, story.now, people=story.people, locale=locale) for run in story.runs],
        drafts=story.drafts,
        may_act=Permission.ACT in story.permissions,
        may_publish=Permission.PUBLISH in story.permissions,
        clocks=clocks(incident, story.now, locale),
        first=view.first_actions,
        buttons=story.buttons,
        options=story.options,
        evidence=facts(story.evidence, locale) if story.evidence else [],
        alt=sentence(story.evidence, locale) if story.evidence else "",
        explained=explained_sections(story.explained, incident, locale),
        tasks=task_list(story.tasks, story.people, story.now, locale),
        timeline=record_in_words(list(reversed(story.timeline))[:lines], story.runs, locale),
        notifications=list(reversed(story.notifications))[:messages],
        is_cut=not story.whole and (len(story.timeline) > lines or len(story.notifications) > messages),
        ladder=rungs(incident.ladder, people=story.people, locale=locale),
        runbook=parts(story.runbook),
        people=story.people,
        now=story.now,
    )


@dataclass(frozen=True, slots=True)
class Overview:
    """A page of the list and the choices that led to it; `newer` and `older` are queries, None where nothing is.

    `titles` are those that read differently in the reader's language.
    """

    incidents: Sequence[Incident]
    open_count: int
    now: datetime
    state: str = ""
    severity: str = ""
    service: str = ""
    metric: str = ""
    states: Sequence[str] = ()
    services: Sequence[str] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    number: int = 1
    newer: Mapping[str, str] | None = None
    older: Mapping[str, str] | None = None


def incident_list(overview: Overview, frame: Frame, *, locale: str = "en") -> str:
    """What is open, worst first, and then what is over."""
    severities = [str(one) for one in sorted(Severity, key=lambda one: -one.rank)]
    about = metric_name(overview.metric, locale) if overview.metric else ""
    return _framed("incidents.html", frame, locale, overview=overview, severities=severities, about=about)


def notice(title: str, text: str, frame: Frame, *, locale: str = "en") -> str:
    """A page with one thing to say; both are words of `page_words`."""
    return _framed("notice.html", frame, locale, title=title, text=text)


def _framed(template: str, frame: Frame, locale: str, **values: Any) -> str:  # noqa: ANN401 - a template's values
    return render(template, locale=locale, here=page_words(locale), assets=addresses(), frame=frame, **values)
