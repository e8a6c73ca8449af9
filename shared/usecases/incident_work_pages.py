"""What people do from an incident's page beside the actions: steps of a procedure, and tasks."""

from shared.domain.tasks import TaskKind
from shared.errors import UndecodableError
from shared.rendering.catalogue import recorded
from shared.usecases.incident_pages import back_to, missing, the_incident
from shared.usecases.page_site import Answer, Visit
from shared.usecases.procedures import StepWish, finish_step, skip_step
from shared.usecases.records import tasks_of
from shared.usecases.tasks import TaskPorts, TaskWish, finish_task, open_task

LONGEST_NAME = 100


def act_on_step(visit: Visit) -> Answer:
    """A step is done, or left out, with what shows it or why."""
    incident, form = the_incident(visit).id, visit.asked.form
    change = {"done": finish_step, "skip": skip_step}.get(form.get("how", ""))
    if change is None:
        raise UndecodableError("a step is done or left out")
    step, procedure = (form.get(name, "")[:LONGEST_NAME] for name in ("step", "procedure"))
    wish = StepWish(incident, step, visit.person.id, "page", form.get("text", "").strip(), procedure=procedure)
    return back_to(incident, _told(incident, change(wish, **visit.site.ports).outcome, visit), visit)


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
