"""What a scenario's people type in Slack, time that nobody sees pass, and what deployments were rolled back."""

from typing import TYPE_CHECKING

from infra.local.sandbox.rollbacks import PROVIDER
from shared import bootstrap
from shared.config.durations import duration
from shared.ports.store import Query
from shared.usecases.records import WINDOWS

if TYPE_CHECKING:
    from infra.local.platform import Platform

NEWEST = "WINDOW"


def typed(platform: "Platform", text: str, *, person: str) -> str:
    """Type /incident TEXT as a person; the answer. WINDOW in it stands for the window that was made last."""
    user = bootstrap.config().directory.people[person].slack_user
    answer = platform.providers.command(text.replace(NEWEST, _newest_window()), user=user, channel="incidents")
    platform.settle()
    return str(answer.get("text", "")).replace("\u200b", "")


def skip(platform: "Platform", text: str) -> None:
    """Put the clock on as if nobody had looked meanwhile: no schedule ran in between.

    The rules are evaluated before anything else then, or their silence would be told as a fault.
    """
    platform.move_clock(platform.clock.now() + duration(text))
    platform.call("evaluate_rules", b"{}", {"Content-Type": "application/json"})


def rolled_back(platform: "Platform") -> list[str]:
    """What was rolled back, in order: the address of the webhook, or the name of the trigger."""
    return [message.to for message in platform.providers.store.messages(PROVIDER)]


def _newest_window() -> str:
    rows = bootstrap.state().find(Query(WINDOWS))
    return max(rows, key=lambda row: str(row.body["created_at"])).id if rows else NEWEST
