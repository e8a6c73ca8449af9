"""The actions that an incident's page offers: one line each says when, and what its form asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.domain.incidents import Incident
from shared.errors import UndecodableError
from shared.rendering.view import IncidentView
from shared.usecases.act import Act, Action

NOTE, TO, LASTING = "note", "to", "lasting"
SNOOZES = (30, 60, 120, 240)  # minutes


@dataclass(frozen=True, slots=True)
class Offer:
    """An action; `wants` are the fields of its form, `is_first` makes it the large button under the thumb."""

    action: Action
    fits: Callable[[IncidentView], bool]
    wants: tuple[str, ...] = ()
    is_first: bool = False
    asks: str = ""


def _open(view: IncidentView) -> bool:
    return view.incident.state.is_open


def _always(view: IncidentView) -> bool:
    del view
    return True


OFFERS = (
    Offer(Action.ACKNOWLEDGE, lambda view: view.may_acknowledge, is_first=True),
    Offer(Action.RESOLVE, _open, wants=(NOTE,), asks="confirm_resolve"),
    Offer(Action.NOTE, _always, wants=(NOTE,)),
    Offer(Action.SNOOZE, _open, wants=(LASTING, NOTE)),
    Offer(Action.REASSIGN, _open, wants=(TO, NOTE)),
    Offer(Action.ESCALATE, _open, wants=(NOTE,), asks="confirm_escalate"),
    Offer(Action.NOT_USEFUL, _always, asks="confirm_not_useful"),
)


def offered(view: IncidentView) -> list[Offer]:
    """What may be done now, in the order of the table."""
    return [one for one in OFFERS if one.fits(view)]


def wish_of(form: Mapping[str, str], incident: Incident, person: str) -> Act:
    """What a form asks for; raises UndecodableError for one that no page of ours holds."""
    known = {str(one.action): one for one in OFFERS}
    offer = known.get(form.get("action", ""))
    if offer is None:
        raise UndecodableError("no such action")
    given = {name: form.get(name, "").strip() for name in offer.wants}
    minutes = given.get(LASTING, "")
    lasting = timedelta(minutes=int(minutes[:4])) if minutes.isascii() and minutes.isdigit() else None
    return Act(
        offer.action,
        incident.id,
        person,
        "page",
        note=given.get(NOTE, ""),
        to=given.get(TO, ""),
        lasting=lasting,
    )
