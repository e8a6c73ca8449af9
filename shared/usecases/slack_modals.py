"""The modal behind "More…": note, hand-over and snooze, asked for in one go."""

import logging
from datetime import timedelta

from shared.domain.incidents import Acked
from shared.domain.oncall import Person
from shared.domain.slack_requests import SlackAction, SlackSubmission
from shared.errors import DeliveryError, UndecodableError
from shared.rendering.slack_modal import CALLBACK, LASTING, NOTE, TO, more_modal
from shared.usecases.act import Act, Acted, Action, act, is_entitled, may_act_on, sentence
from shared.usecases.records import read_incident
from shared.usecases.slack_desk import Answer, Desk, person_of, unmapped

log = logging.getLogger(__name__)

LONGEST_ID = 64
CLOSED: Answer = {"response_action": "clear"}


def open_more(request: SlackAction, person: Person, desk: Desk) -> str:
    """Open the modal; what to tell the person instead when it cannot be opened, else ""."""
    found = read_incident(desk.store, request.incident)
    if not is_entitled(person.id, desk.config):
        return sentence(Acted(Acked.NOT_ENTITLED), desk.config)
    if found is None or not may_act_on(found[0], person.id, desk.config):
        return sentence(Acted(Acked.UNKNOWN_INCIDENT), desk.config)
    incident = found[0]
    people = desk.config.directory.people.values()
    others = sorted((p.name, p.id) for p in people if p.id != incident.owner and is_entitled(p.id, desk.config))
    try:
        desk.open_view(request.trigger, more_modal(incident, [(name, text) for text, name in others]))
    except DeliveryError as error:
        log.warning("a modal could not be opened", extra={"incident": incident.id, "reason": error.code})
        return (
            f"Slack did not open the window. The same by command: /incident note {incident.id} TEXT, "
            f"/incident assign {incident.id} PERSON, /incident snooze {incident.id} 2h"
        )
    return ""


def answer_submission(request: SlackSubmission, desk: Desk) -> Answer:
    """Carry out what the modal asks for; a refusal is shown in the modal, where everything typed is still there."""
    if request.callback != CALLBACK or len(request.metadata) > LONGEST_ID:
        raise UndecodableError(f"unknown modal {request.callback[:80]!r}")
    person = person_of(request.user, desk.config)
    if person is None:
        return _errors(NOTE, unmapped(request.user))
    wish = _wish(dict(request.values), request.metadata, person.id)
    if isinstance(wish, dict):
        return wish
    acted = act(wish, **desk.ports)
    asked = TO if wish.to else NOTE if wish.lasting is None else LASTING
    return CLOSED if acted.happened else _errors(asked, sentence(acted, desk.config))


def _wish(values: dict[str, str], incident: str, person: str) -> Act | Answer:
    note, to, lasting = (values.get(name, "").strip() for name in (NOTE, TO, LASTING))
    if to and lasting:
        return _errors(LASTING, "Hand over or snooze: choose one of the two.")
    if to:
        return Act(Action.REASSIGN, incident, person, "slack", note=note, to=to)
    if lasting:
        minutes = int(lasting) if lasting.isascii() and lasting.isdigit() else 0
        return Act(Action.SNOOZE, incident, person, "slack", note=note, lasting=timedelta(minutes=minutes))
    if not note:
        return _errors(NOTE, "Write a note, or choose a person or a time.")
    return Act(Action.NOTE, incident, person, "slack", note=note)


def _errors(block: str, text: str) -> Answer:
    return {"response_action": "errors", "errors": {block: text}}
