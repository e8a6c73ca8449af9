"""What a verified Slack request leads to, and what Slack shows the person who made it."""

from shared.domain.configuration import Configuration
from shared.domain.slack_requests import SlackAction, SlackChallenge, SlackCommand, SlackRequest, SlackSubmission
from shared.ports.people import OpenView
from shared.ports.platform import Clock, Publisher
from shared.ports.store import StateStore
from shared.usecases.act import Act, Action, act, sentence
from shared.usecases.nonces import is_spent, spend
from shared.usecases.slack_commands import answer_command
from shared.usecases.slack_desk import Answer, Desk, person_of, reply, unmapped
from shared.usecases.slack_drafts import BUTTONS, decide
from shared.usecases.slack_modals import answer_submission, open_more

MORE = "more"
SHOWN_BY_THE_MESSAGE = frozenset(
    {Action.ACKNOWLEDGE, Action.SNOOZE, Action.ESCALATE, Action.RESOLVE, Action.MITIGATE, Action.REOPEN}
)


def answer(
    request: SlackRequest,
    *,
    nonce: str,
    config: Configuration,
    store: StateStore,
    publisher: Publisher,
    clock: Clock,
    open_view: OpenView,
) -> Answer:
    """The JSON body to answer Slack with. A replayed request has no second effect."""
    if isinstance(request, SlackChallenge):
        return {"challenge": request.challenge}
    if is_spent(nonce, store=store):
        return {}
    shown = _answered(request, Desk(config, store, publisher, clock, open_view))
    spend(nonce, store=store, clock=clock)
    return shown


def _answered(request: SlackAction | SlackCommand | SlackSubmission, desk: Desk) -> Answer:
    match request:
        case SlackCommand():
            return answer_command(request, desk)
        case SlackSubmission():
            return answer_submission(request, desk)
        case SlackAction():
            text = _pressed(request, desk)
            if text:
                reply(request, text, desk)
            return {}


def _pressed(request: SlackAction, desk: Desk) -> str:
    """What the person who pressed a button is told; "" where they see it anyway."""
    person = person_of(request.user, desk.config)
    if person is None:
        return unmapped(request.user)
    if request.action in BUTTONS:
        decide(request, person, desk)
        return ""
    if request.action == MORE:
        return open_more(request, person, desk)
    acted = act(Act(Action(request.action), request.incident, person.id, "slack"), **desk.ports)
    seen = acted.happened and request.action in SHOWN_BY_THE_MESSAGE
    return "" if seen else sentence(acted, desk.config)
