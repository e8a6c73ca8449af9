"""What a verified Slack request leads to, and what Slack shows the person who made it."""

from typing import Any

from shared.domain.configuration import Configuration
from shared.domain.notifications import Channel, Notification, identified
from shared.domain.oncall import Person
from shared.domain.reasons import Notify
from shared.domain.severities import Severity
from shared.domain.slack_requests import SlackAction, SlackChallenge, SlackCommand, SlackRequest, SlackSubmission
from shared.ports import Clock, Publisher, Query, StateStore
from shared.usecases.act import Act, Acted, Action, act, sentence
from shared.usecases.nonces import is_spent, spend
from shared.usecases.outbox import publish_planned
from shared.usecases.records import INCIDENTS, planned_writes

LISTED = 10
USAGE = "Say `list`, or one of `ack`, `snooze`, `escalate`, `resolve` with an incident's id."
UNMAPPED = (
    "Your Slack account is not linked to anybody on the on-call list. Ask for `slack_user` to be set in oncall.yaml."
)
WORDS = {
    "ack": Action.ACKNOWLEDGE,
    "acknowledge": Action.ACKNOWLEDGE,
    "snooze": Action.SNOOZE,
    "escalate": Action.ESCALATE,
    "resolve": Action.RESOLVE,
}

Answer = dict[str, Any]


def answer(
    request: SlackRequest, *, nonce: str, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> Answer:
    """The JSON body to answer Slack with. A replayed request has no second effect."""
    if isinstance(request, SlackChallenge):
        return {"challenge": request.challenge}
    if is_spent(nonce, store=store) or isinstance(request, SlackSubmission):
        return {}
    shown: Answer = {}
    if isinstance(request, SlackCommand):
        text = _command(request, config=config, store=store, publisher=publisher, clock=clock)
        shown = {"response_type": "ephemeral", "text": text}
    else:
        _button(request, config=config, store=store, publisher=publisher, clock=clock)
    spend(nonce, store=store, clock=clock)
    return shown


def person_of(slack_user: str, config: Configuration) -> Person | None:
    """Who a Slack user is on our list."""
    return next((p for p in config.directory.people.values() if p.slack_user and p.slack_user == slack_user), None)


def _button(
    request: SlackAction, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> None:
    person = person_of(request.user, config)
    if person is None:
        text = UNMAPPED
    else:
        wish = Act(Action(request.action), request.incident, person.id, "slack")
        acted = act(wish, config=config, store=store, publisher=publisher, clock=clock)
        if acted.happened and wish.action in {Action.ACKNOWLEDGE, Action.RESOLVE}:
            return  # the living message shows it
        text = sentence(acted, config)
    _reply(request, text, store=store, publisher=publisher, clock=clock)


def _reply(request: SlackAction, text: str, *, store: StateStore, publisher: Publisher, clock: Clock) -> None:
    """An ephemeral answer goes out as a ledger row of its own, so that a Slack fault cannot lose it."""
    now = clock.now()
    row = identified(
        Notification(
            id="",
            incident=request.incident,
            step=0,
            recipient=f"slack:{request.channel}/{request.user}",
            channel=Channel.SLACK,
            reason=Notify.REPLY,
            severity=Severity.LOW,
            planned_at=now,
            not_before=now,
            due_at=now,
            text=text,
            note=request.pressed_at,
        )
    )
    store.commit(planned_writes([row]))
    publish_planned(publisher, [row], now)


def _command(
    request: SlackCommand, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> str:
    word, _, rest = request.text.strip().partition(" ")
    if word in {"", "list"}:
        return _open_incidents(store)
    person = person_of(request.user, config)
    if person is None:
        return UNMAPPED
    if word not in WORDS or not rest.strip():
        return USAGE
    acted: Acted = act(
        Act(WORDS[word], rest.strip(), person.id, "slack"), config=config, store=store, publisher=publisher, clock=clock
    )
    return sentence(acted, config)


def _open_incidents(store: StateStore) -> str:
    query = Query(INCIDENTS, equal={"is_open": "yes"}, order_by="opened_at", newest_first=True, limit=LISTED)
    found = store.find(query)
    lines = [f"{row.body['severity'].upper()} {row.id} ({row.body['state']})" for row in found]
    return "\n".join(lines) or "No incident is open."
