"""What people do in the sandbox workspace, as the signed requests Slack makes of it."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import requests
from slack_sdk.signature import SignatureVerifier

from infra.local.sandbox import slack_modals
from infra.local.sandbox.store import Message, SandboxStore

SECONDS_SLACK_WAITS = 3
FORM = "application/x-www-form-urlencoded"
TEAM = {"id": "T0SANDBOX", "domain": "sandbox"}


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A POST as Slack makes it."""

    headers: Mapping[str, str]
    body: bytes


def press(url: str, store: SandboxStore, message: str, *, action: str, user: str, secret: str, now: datetime) -> int:
    """Press a button under a message; the HTTP status of the answer. LookupError when there is no such button."""
    request = pressed(store, message, action=action, user=user, secret=secret, now=now)
    return _posted(url, request)


def command(url: str, text: str, *, user: str, channel: str, secret: str, now: datetime) -> int:
    """Type /incident TEXT; the HTTP status of the answer."""
    return _posted(url, commanded(text, user=user, channel=channel, secret=secret, now=now))


def pressed(store: SandboxStore, message: str, *, action: str, user: str, secret: str, now: datetime) -> SignedRequest:
    """The request that tells of a pressed button; no two presses are alike, as Slack's are not."""
    found = store.get(message)
    if found is None:
        raise LookupError(f"no message {message}")
    button = _button(found, action)
    micros = store.next_number("slack.press", int(now.timestamp() * 1_000_000))
    channel, _, ts = found.id.partition(":")
    payload = {
        "type": "block_actions",
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": TEAM["id"]},
        "api_app_id": "A0SANDBOX",
        "container": {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False},
        "trigger_id": slack_modals.trigger(micros, user, secrets.token_hex(8)),
        "team": TEAM,
        "channel": {"id": channel, "name": channel.lower()},
        "message": {"type": "message", "ts": ts, "text": found.content["text"], "blocks": found.content["blocks"]},
        "response_url": "https://hooks.slack.com/actions/T0SANDBOX/0/sandbox",
        "actions": [
            {**button, "block_id": "b", "action_ts": f"{micros // 1_000_000}.{micros % 1_000_000:06d}"},
        ],
    }
    return signed({"payload": json.dumps(payload)}, secret=secret, now=now)


def submitted(
    store: SandboxStore, view: str, values: Mapping[str, str], *, user: str, secret: str, now: datetime
) -> SignedRequest:
    """The request that tells of a modal sent with these values; LookupError when it is not open or not theirs."""
    found = store.get(view)
    if found is None or found.status != slack_modals.OPEN or found.to != user:
        raise LookupError(f"{user} has no open modal {view}")
    shown = found.content["view"]
    payload = {
        "type": "view_submission",
        "team": TEAM,
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": TEAM["id"]},
        "api_app_id": "A0SANDBOX",
        "trigger_id": slack_modals.trigger(int(now.timestamp() * 1_000_000), user, secrets.token_hex(8)),
        "view": {**shown, "id": found.id, "state": {"values": slack_modals.filled_in(shown, values)}},
    }
    return signed({"payload": json.dumps(payload)}, secret=secret, now=now)


def commanded(text: str, *, user: str, channel: str, secret: str, now: datetime) -> SignedRequest:
    """The request that tells of a slash command."""
    form = {
        "team_id": TEAM["id"],
        "channel_id": channel,
        "user_id": user,
        "command": "/incident",
        "text": text,
        "response_url": "https://hooks.slack.com/commands/T0SANDBOX/0/sandbox",
        "trigger_id": secrets.token_hex(8),
    }
    return signed(form, secret=secret, now=now)


def signed(form: Mapping[str, str], *, secret: str, now: datetime) -> SignedRequest:
    """A form with Slack's v0 signature."""
    body, timestamp = urlencode(form).encode(), str(int(now.timestamp()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body) or ""
    headers = {"Content-Type": FORM, "X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
    return SignedRequest(headers, body)


def _posted(url: str, request: SignedRequest) -> int:
    answer = requests.post(url, data=request.body, headers=dict(request.headers), timeout=SECONDS_SLACK_WAITS)
    return answer.status_code


def _button(message: Message, action: str) -> dict[str, Any]:
    for block in message.content["blocks"]:
        for element in (*block.get("elements", ()), block.get("accessory") or {}):
            if element.get("action_id") == action:
                return dict(element)
    raise LookupError(f"no button {action} under {message.id}")
