"""What stands behind the pages of incidents: the list, one of them with its chart, what is done there, and JSON."""

import json
from collections.abc import Iterable
from datetime import timedelta

from shared.domain.evidence import NAMED_BY, Evidence
from shared.domain.incidents import Incident
from shared.domain.permissions import Permission, is_shown
from shared.errors import RefusedError
from shared.ports.store import Document, Query
from shared.rendering import charts
from shared.rendering.evidence import headline
from shared.rendering.incident_pages import Button, Overview, Story, incident_list, incident_page
from shared.rendering.view import IncidentView
from shared.usecases.act import act, sentence
from shared.usecases.chart_link import read_evidence
from shared.usecases.drafts import drafts_of
from shared.usecases.explaining import explained, found_out
from shared.usecases.incident_list import STATES, another_page, listed, wanted
from shared.usecases.page_actions import form_options, offered, wish_of
from shared.usecases.page_site import JSON, Answer, Cookie, Visit, drawn, page, redirect
from shared.usecases.procedures import runs_of
from shared.usecases.records import (
    INCIDENTS,
    NOTIFICATIONS,
    instant,
    lines_of,
    notifications_of,
    tasks_of,
    timeline_of,
    value_of,
)
from shared.usecases.sessions import SAID, packed_words

SAID_FOR = timedelta(minutes=1)
LISTED, MOST_LISTED = 200, 20_000


def go_to_list(visit: Visit) -> Answer:
    """The root has no page of its own."""
    del visit
    return redirect("/incidents")


def show_list(visit: Visit) -> Answer:
    """Open first, by state, severity and service, page by page."""
    wish = wanted(visit.asked.query)
    config = visit.site.config
    rules = config.rules_about(wish.metric) if wish.metric in config.metrics else None
    found = listed(wish, visit.permissions, store=visit.site.store, rules=rules)
    overview = Overview(
        found.incidents,
        found.open_count,
        visit.now,
        state=wish.state,
        severity=wish.severity,
        service=wish.service,
        metric=wish.metric if rules is not None else "",
        states=STATES,
        services=found.services,
        people=_names(visit),
        titles=titles_of(visit, found.incidents),
        number=wish.number,
        newer=another_page(wish, wish.number - 1) if wish.number > 1 else None,
        older=another_page(wish, wish.number + 1) if found.has_more else None,
    )
    return page(incident_list(overview, visit.frame, locale=visit.locale))


def show_one(visit: Visit) -> Answer:
    """One incident; looking changes nothing."""
    incident, store = the_incident(visit), visit.site.store
    runbook = visit.site.config.runbooks.get(incident.runbook, "")
    story = Story(
        incident,
        visit.now,
        timeline=timeline_of(store, incident.id),
        notifications=notifications_of(store, incident.id),
        runbook=runbook,
        people=_names(visit),
        evidence=_evidence(visit, incident),
        buttons=_buttons(visit, incident),
        options=form_options(incident, visit.site.config.directory, visit.locale),
        explained=explained(incident, config=visit.site.config, store=store),
        tasks=tasks_of(store, incident.id),
        runs=runs_of(store, incident.id),
        drafts=drafts_of(store, incident.id),
        permissions=visit.permissions,
        whole=visit.asked.query.get("all") == "1",
    )
    return page(incident_page(story, visit.frame, locale=visit.locale))


def show_chart(visit: Visit) -> Answer:
    """The evidence, drawn; the page does not wait for it."""
    evidence = _evidence(visit, the_incident(visit))
    if evidence is None:
        raise missing()
    return drawn(charts.svg(evidence, visit.locale))


def act_on(visit: Visit) -> Answer:
    """Do what the form asks, and lead back to the page, which says what came of it."""
    incident = the_incident(visit)
    acted = act(wish_of(visit.asked.form, incident, visit.person.id), **visit.site.ports)
    return back_to(incident.id, sentence(acted, visit.site.config, visit.locale), visit)


def back_to(incident: str, sentence: str, visit: Visit) -> Answer:
    """The incident's page, which says the sentence once."""
    said = packed_words(sentence, keys=visit.site.keys)
    return redirect(f"/incidents/{incident}", Cookie(SAID, said, SAID_FOR).header(visit.asked))


def list_json(visit: Visit) -> Answer:
    """The newest incidents as they are kept, at most `limit`."""
    given = visit.asked.query.get("limit", "")
    limit = min(int(given[:6]), MOST_LISTED) if given.isascii() and given[:6].isdigit() else LISTED
    rows = visit.site.store.find(Query(INCIDENTS, order_by="opened_at", newest_first=True, limit=max(1, limit)))
    return _json([row.body for row in rows if is_shown(row.body.get("labels", {}), visit.permissions)])


def one_json(visit: Visit) -> Answer:
    """One incident as it is kept, with its record, its ledger and what was found out about it."""
    document, store = _document(visit), visit.site.store
    rows = store.find(Query(NOTIFICATIONS, equal={"incident": document.id}, order_by="planned_at"))
    told = {"timeline": lines_of(store, document.id), "notifications": [x.body for x in rows]}
    found = {name: kept.body for name, kept in found_out(store, document.id).items()}
    return _json({**document.body, **found, **told})


def version_json(visit: Visit) -> Answer:
    """What changes when a reader should look again; cheap enough to ask every few seconds."""
    incident = the_incident(visit)
    return _json({"version": f"{incident.revision}.{incident.entries}", "now": instant(visit.now)})


def missing() -> RefusedError:
    """There is nothing of that name, or nothing that this reader may know of: they look alike."""
    return RefusedError("there is no such page", status=404)


def _document(visit: Visit) -> Document:
    document = visit.site.store.get(INCIDENTS, visit.arguments["incident"])
    if document is None or not is_shown(document.body.get("labels", {}), visit.permissions):
        raise missing()
    return document


def the_incident(visit: Visit) -> Incident:
    """The incident that the address names; raises RefusedError (404)."""
    return value_of(_document(visit), Incident)


def _evidence(visit: Visit, incident: Incident) -> Evidence | None:
    return read_evidence(visit.site.store, incident.values.get(NAMED_BY, ""))


def titles_of(visit: Visit, incidents: Iterable[Incident]) -> dict[str, str]:
    """Titles that we made ourselves, in Arabic: they rest on the evidence, which nobody else has to wait for."""
    if visit.locale == "en":
        return {}
    return {one.id: headline(one, _evidence(visit, one), visit.locale) for one in incidents}


def _buttons(visit: Visit, incident: Incident) -> list[Button]:
    if Permission.ACT not in visit.permissions:
        return []
    view = IncidentView(incident, visit.now)
    return [Button(one.action, one.wants, is_first=one.is_first, asks=one.asks) for one in offered(view)]


def _names(visit: Visit) -> dict[str, str]:
    return {key: person.name for key, person in visit.site.config.directory.people.items()}


def _json(value: object) -> Answer:
    return page(json.dumps(value, ensure_ascii=False), kind=JSON)
