"""Tasks on an incident's page: what the forms there do."""

from shared.domain.tasks import TaskKind
from shared.rendering.catalogue import recorded
from shared.usecases.incident_pages import back_to, missing, the_incident
from shared.usecases.page_site import Answer, Visit
from shared.usecases.records import tasks_of
from shared.usecases.tasks import TaskPorts, TaskWish, finish_task, open_task


def open_a_task(visit: Visit) -> Answer:
    """Somebody is to do something: whoever asks, unless another is named."""
    incident, form = the_incident(visit).id, visit.asked.form
    kind = TaskKind.ACTION if form.get("kind") == TaskKind.ACTION else TaskKind.TASK
    wish = TaskWish(incident, form.get("text", ""), visit.person.id, kind, form.get("to", ""))
    return back_to(incident, _told(incident, open_task(wish, TaskPorts(**visit.site.ports)).outcome, visit), visit)


def finish_a_task(visit: Visit) -> Answer:
    """One of this incident's tasks is done."""
    incident, site, name = the_incident(visit).id, visit.site, visit.arguments["task"]
    if name not in {task.id for task in tasks_of(site.store, incident)}:
        raise missing()
    outcome = finish_task(name, by=visit.person.id, ports=TaskPorts(**site.ports)).outcome
    return back_to(incident, _told(incident, outcome, visit), visit)


def _told(incident: str, outcome: str, visit: Visit) -> str:
    return f"{incident}: {recorded(outcome, visit.locale)}."
