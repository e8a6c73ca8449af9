"""The buttons under a draft: approve and send it, or reject it."""

from dataclasses import replace

from shared.domain.oncall import Person
from shared.domain.slack_requests import SlackAction
from shared.usecases.drafts import DraftDone, DraftWish, approve_draft, read_draft, reject_draft
from shared.usecases.slack_desk import Desk, reply

APPROVE, REJECT = "approve_draft", "reject_draft"
BUTTONS = frozenset({APPROVE, REJECT})
BY_BUTTON = "rejected with the button"


def decide(request: SlackAction, person: Person, desk: Desk) -> None:
    """Carry out the press; who pressed is told when nothing came of it, and the thread hears of the rest."""
    wish = DraftWish(request.incident, person.id, "slack")
    approves = request.action == APPROVE
    done = approve_draft(wish, **desk.ports) if approves else reject_draft(wish, BY_BUTTON, **desk.ports)
    if not done.happened:
        reply(_about_the_incident(request, desk), _refusal(done), desk)


def _about_the_incident(request: SlackAction, desk: Desk) -> SlackAction:
    found = read_draft(desk.store, request.incident)
    return replace(request, incident=found[0].incident) if found else request


def _refusal(done: DraftDone) -> str:
    return f"Nothing was changed: {done.outcome}."
