"""The actions that an incident's page offers: one line each says when, and what its form asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.domain.incidents import Incident, Role, State
from shared.domain.oncall import Directory
from shared.domain.permissions import Permission, may
from shared.domain.severities import Severity
from shared.errors import UndecodableError
from shared.rendering.catalogue import words
from shared.rendering.view import IncidentView, span
from shared.usecases.act import Act, Action

NOTE, TO, LASTING, SEVERITY, ROLE, INTO = "note", "to", "lasting", "severity", "role", "into"
LONGEST_NAME = 100
SNOOZES = (30, 60, 120, 240)  # minutes


@dataclass(frozen=True, slots=True)
class Offer:
    """An action; `wants` are the fields of its form, `is_first` makes it the large button under the thumb."""

    action: Action
    fits: Callable[[IncidentView], bool]
    wants: tuple[str, ...] = ()
    is_first: bool = False
    asks: str = ""


def _mitigable(view: IncidentView) -> bool:
    return view.incident.state in {State.TRIGGERED, State.ACKNOWLEDGED}


def _open(view: IncidentView) -> bool:
    return view.incident.state.is_open


def _resolved(view: IncidentView) -> bool:
    return view.incident.state is State.RESOLVED


def _always(view: IncidentView) -> bool:
    del view
    return True


OFFERS = (
    Offer(Action.ACKNOWLEDGE, lambda view: view.may_acknowledge, is_first=True),
    Offer(Action.MITIGATE, _mitigable, wants=(NOTE,), asks="confirm_mitigate"),
    Offer(Action.RESOLVE, _open, wants=(NOTE,), asks="confirm_resolve"),
    Offer(Action.NOTE, _always, wants=(NOTE,)),
    Offer(Action.SNOOZE, _open, wants=(LASTING, NOTE)),
    Offer(Action.REASSIGN, _open, wants=(TO, NOTE)),
    Offer(Action.ESCALATE, _open, wants=(NOTE,), asks="confirm_escalate"),
    Offer(Action.ROLE, _open, wants=(ROLE, TO)),
    Offer(Action.SEVERITY, _open, wants=(SEVERITY, NOTE)),
    Offer(Action.MERGE, _open, wants=(INTO, NOTE), asks="confirm_merge"),
    Offer(Action.REOPEN, _resolved, wants=(NOTE,), asks="confirm_reopen"),
    Offer(Action.CLOSE, _resolved, asks="confirm_close"),
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
        severity=Severity(given[SEVERITY]) if given.get(SEVERITY) in set(Severity) else None,
        role=Role(given[ROLE]) if given.get(ROLE) in set(Role) else None,
        into=given.get(INTO, "")[:LONGEST_NAME],
    )


def form_options(incident: Incident, directory: Directory, locale: str) -> dict[str, list[tuple[str, str]]]:
    """What the fields offer: field -> (value, text in the reader's language)."""
    say, others = words(locale), [one for one in directory.people.values() if one.id != incident.owner]
    able = [(one.id, one.name) for one in others if may(one.id, Permission.ACT, directory)]
    return {
        TO: sorted(able, key=lambda pair: pair[1]),
        LASTING: [(str(count), span(timedelta(minutes=count), locale)) for count in SNOOZES],
        SEVERITY: [(str(one), say[one]) for one in reversed(Severity) if one is not incident.severity],
        ROLE: [(str(one), say[one]) for one in Role],
    }
