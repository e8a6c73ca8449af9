"""Procedures and drafts on an incident's page: what is shown, and what the forms there do."""

from shared.errors import UndecodableError
from shared.rendering.catalogue import recorded
from shared.usecases.drafts import DraftWish, approve_draft, read_draft, reject_draft
from shared.usecases.incident_pages import back_to, missing, the_incident
from shared.usecases.page_site import Answer, Visit
from shared.usecases.procedures import StepWish, finish_step, skip_step

VIA = "page"


def step_on(visit: Visit) -> Answer:
    """A step is done, asked for, confirmed or left out, as the form says."""
    incident, form = the_incident(visit), visit.asked.form
    change = {"finish": finish_step, "skip": skip_step}.get(form.get("do", ""))
    if change is None:
        raise UndecodableError("no such action")
    wish = StepWish(
        incident.id, form.get("name", ""), visit.person.id, VIA, form.get("text", ""), form.get("procedure", "")
    )
    done = change(wish, **visit.site.ports)
    return back_to(incident.id, f"{recorded(done.outcome, visit.locale)}.", visit)


def draft_on(visit: Visit) -> Answer:
    """A draft of this incident is approved or rejected, as the form says."""
    incident, form = the_incident(visit), visit.asked.form
    found = read_draft(visit.site.store, form.get("name", "")) if form.get("name") else None
    if found is None or found[0].incident != incident.id:
        raise missing()
    wish = DraftWish(found[0].id, visit.person.id, VIA)
    match form.get("do", ""):
        case "approve":
            done = approve_draft(wish, **visit.site.ports)
        case "reject":
            done = reject_draft(wish, form.get("text", ""), **visit.site.ports)
        case _:
            raise UndecodableError("no such action")
    return back_to(incident.id, f"{recorded(done.outcome, visit.locale)}.", visit)
