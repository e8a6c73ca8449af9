"""The requests Slack sends us, as values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SlackAction:
    """Somebody pressed a button under an incident. `pressed_at` is Slack's action_ts, unique to the press.

    `trigger` lets us open a modal for 3 seconds.
    """

    action: str
    incident: str
    user: str
    channel: str
    message_ts: str = ""
    pressed_at: str = ""
    trigger: str = ""


@dataclass(frozen=True, slots=True)
class SlackCommand:
    """Somebody typed /incident TEXT."""

    text: str
    user: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class SlackSubmission:
    """Somebody sent a modal: what was typed or chosen, by the name of each input."""

    callback: str
    user: str
    values: tuple[tuple[str, str], ...] = ()
    metadata: str = ""


@dataclass(frozen=True, slots=True)
class SlackChallenge:
    """Slack checks that the address is ours."""

    challenge: str


SlackRequest = SlackAction | SlackCommand | SlackSubmission | SlackChallenge
