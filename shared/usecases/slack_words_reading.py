"""Commands that only look: incidents, and how well alerting works."""

from shared.domain.incidents import Incident
from shared.ports.store import Query
from shared.rendering.effectiveness import effectiveness_lines
from shared.rendering.escaping import one_line
from shared.rendering.view import IncidentView, cairo, lasting, standing
from shared.usecases.effectiveness import SPAN, effectiveness
from shared.usecases.records import INCIDENTS, read_incident, timeline_of, value_of
from shared.usecases.slack_desk import Desk
from shared.usecases.slack_typed import Typed, incident_named
from shared.usecases.wishes import may_act_on

LISTED, READ = 10, 50
LINES = 8
TITLE, DETAIL = 120, 200


def incidents(typed: Typed, desk: Desk) -> str:
    """The newest open incidents that this reader may know of, a line each."""
    query = Query(INCIDENTS, equal={"is_open": "yes"}, order_by="opened_at", newest_first=True, limit=READ)
    every = (value_of(row, Incident) for row in desk.store.find(query))
    found = [one for one in every if may_act_on(one, typed.who, desk.config)][:LISTED]
    return "\n".join(_line(one, desk) for one in found) or "No incident is open."


def show(typed: Typed, desk: Desk) -> str:
    """One incident and the last lines of its record."""
    found = read_incident(desk.store, incident_named(typed.first, typed.who, desk))
    if found is None:
        return "There is no such incident."
    record = timeline_of(desk.store, found[0].id)[-LINES:]
    people = desk.config.directory.people
    lines = [
        f"{cairo(e.at)}  {people[e.actor].name if e.actor in people else e.actor}: {e.event}"
        + (f" ({one_line(e.detail)[:DETAIL]})" if e.detail else "")
        for e in record
    ]
    return "\n".join([_line(found[0], desk), *lines])


def stats(typed: Typed, desk: Desk) -> str:
    """The false positive rate and the mean time to acknowledge of the last days."""
    del typed
    found = effectiveness(store=desk.store, clock=desk.clock)
    return "\n".join(effectiveness_lines(found, SPAN))


def _line(incident: Incident, desk: Desk) -> str:
    owner = desk.config.directory.people.get(incident.owner)
    view = IncidentView(incident, desk.clock.now(), owner_name=owner.name if owner else "")
    age = lasting(incident.started_at, incident.resolved_at or view.now)
    return f"{incident.severity.upper()} {incident.id}  {one_line(incident.title)[:TITLE]}  {standing(view)}, {age}"
