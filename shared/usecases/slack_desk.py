"""What every answer to Slack needs: the ports, who a Slack user is, and answers that only they see."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from shared.domain.configuration import Configuration
from shared.domain.notifications import Channel, Notification, identified
from shared.domain.oncall import Person
from shared.domain.reasons import Notify
from shared.domain.severities import Severity
from shared.domain.slack_requests import SlackAction
from shared.errors import ConflictError
from shared.ports.people import OpenView
from shared.ports.platform import Clock, Publisher
from shared.ports.store import StateStore
from shared.rendering import slack
from shared.usecases.outbox import publish_planned
from shared.usecases.records import planned_writes

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """The ports of one request."""

    config: Configuration
    store: StateStore
    publisher: Publisher
    clock: Clock
    open_view: OpenView

    @property
    def ports(self) -> dict[str, Any]:
        """The keyword arguments of `act`."""
        return {"config": self.config, "store": self.store, "publisher": self.publisher, "clock": self.clock}


def person_of(slack_user: str, config: Configuration) -> Person | None:
    """Who a Slack user is on our list."""
    return next((p for p in config.directory.people.values() if p.slack_user and p.slack_user == slack_user), None)


def unmapped(slack_user: str) -> str:
    """What somebody is told whom we do not know, with what an administrator has to paste."""
    return (
        "Your Slack account is not linked to anybody on the on-call list. "
        f'Ask for this line under your name in oncall.yaml: slack_user: "{slack_user}"'
    )


def shown(text: str) -> Answer:
    """An answer to a command that only the person who typed it sees; nothing in it is markup."""
    body = slack.reply(text)
    return {"response_type": "ephemeral", "text": body.text, "blocks": list(body.blocks)}


def reply(request: SlackAction, text: str, desk: Desk) -> None:
    """An ephemeral answer goes out as a ledger row of its own, so that a Slack fault cannot lose it.

    A press that comes again, because we died before it was done with, finds its answer there.
    """
    now = desk.clock.now()
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
    with suppress(ConflictError):
        desk.store.commit(planned_writes([row]))
    publish_planned(desk.publisher, [row], now)
