"""The actions that an incident's page offers: one line each says when, and what its form asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from shared.domain.incidents import Incident, Role, State
from shared.domain.oncall import Directory
from shared.domain.permissions import Permission, may
from shared.domain.severities import Severity
from shared.errors import UndecodableError
from shared.rendering.catalogue import words
from shared.rendering.view import IncidentView, span
from shared.usecases.act import Act, Action

NOTE, TO, LASTING, SEVERITY, ROLE, INTO = "note", "to", "lasting", "severity", "role", "into"
LIVING = (State.TRIGGERED, State.ACKNOWLEDGED, State.MITIGATED, State.RESOLVED)
ANYBODY = "anybody"  # what a role's "to" may be
SNOOZES = (30, 60, 120, 240)  # minutes
LONGEST_ID = 64
Choice = TypeVar("Choice", bound=StrEnum)


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


def _is(*states: State) -> Callable[[IncidentView], bool]:
    return lambda view: view.incident.state in states


OFFERS = (
    Offer(Action.ACKNOWLEDGE, lambda view: view.may_acknowledge, is_first=True),
    Offer(Action.RESOLVE, _open, wants=(NOTE,), asks="confirm_resolve"),
    Offer(Action.MITIGATE, _is(State.TRIGGERED, State.ACKNOWLEDGED), wants=(NOTE,), asks="confirm_mitigate"),
    Offer(Action.REOPEN, _is(State.RESOLVED), wants=(NOTE,), asks="confirm_reopen"),
    Offer(Action.NOTE, _always, wants=(NOTE,)),
    Offer(Action.SNOOZE, _open, wants=(LASTING, NOTE)),
    Offer(Action.REASSIGN, _open, wants=(TO, NOTE)),
    Offer(Action.ESCALATE, _open, wants=(NOTE,), asks="confirm_escalate"),
    Offer(Action.SEVERITY, _open, wants=(SEVERITY, NOTE), asks="confirm_severity"),
    Offer(Action.ROLE, _is(*LIVING), wants=(ROLE, TO)),
    Offer(Action.MERGE, _is(State.TRIGGERED, State.ACKNOWLEDGED, State.MITIGATED), wants=(INTO,), asks="confirm_merge"),
    Offer(Action.CLOSE, lambda view: view.incident.may_close, wants=(NOTE,), asks="confirm_close"),
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
        severity=_chosen(given.get(SEVERITY, ""), Severity),
        role=_chosen(given.get(ROLE, ""), Role),
        into=given.get(INTO, "")[:LONGEST_ID],
    )


def _chosen(text: str, kind: type[Choice]) -> Choice | None:
    """The member of that name; a form of ours names no other."""
    return next((one for one in kind if one == text), None)


def form_options(incident: Incident, directory: Directory, locale: str) -> dict[str, list[tuple[str, str]]]:
    """What the fields offer: field -> (value, text in the reader's language)."""
    say, able = words(locale), (one for one in directory.people.values() if may(one.id, Permission.ACT, directory))
    anybody = sorted(((one.id, one.name) for one in able), key=lambda pair: pair[1])
    return {
        ANYBODY: anybody,
        TO: [pair for pair in anybody if pair[0] != incident.owner],
        LASTING: [(str(count), span(timedelta(minutes=count), locale)) for count in SNOOZES],
        SEVERITY: [(str(one), say[one]) for one in reversed(Severity) if one is not incident.severity],
        ROLE: [(str(one), say[one]) for one in Role],
    }
