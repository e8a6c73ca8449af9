"""Slack's requests to us: checked on the raw body, then read."""

import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import parse_qs

import msgspec

from shared import typed
from shared.domain.signals import digest
from shared.domain.slack_requests import SlackAction, SlackChallenge, SlackCommand, SlackRequest, SlackSubmission
from shared.errors import RefusedError, UndecodableError

OF_DRAFTS = frozenset({"approve_draft", "reject_draft"})
OF_INCIDENTS = frozenset({"acknowledge", "snooze", "escalate", "resolve", "not_useful", "more", "mitigate", "reopen"})
ACTIONS = OF_DRAFTS | OF_INCIDENTS
SIGNATURE = "x-slack-signature"
TIMESTAMP = "x-slack-request-timestamp"
FRESH = timedelta(minutes=5)

Payload = dict[str, Any]


class Headers(Protocol):
    """A mapping of header names, or a web framework's own headers."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Name and value of each header."""


def verify(headers: Headers, body: bytes, *, secret: str, now: datetime) -> str:
    """A nonce that is the same for a replay of this request; raises RefusedError (401) for anything Slack did not send.

    While a secret is being changed, `secret` holds the old and the new one, separated by a comma: both are accepted.

    Refused are forged requests and those signed more than 300 s ago (or ahead). The signature is made with the
    standard library: the SDK's verifier cannot be imported without its whole client, which doubles the cold start.
    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    given = {name.lower(): value for name, value in headers.items()}
    signature, timestamp = given.get(SIGNATURE, ""), given.get(TIMESTAMP, "")
    secrets = [one.strip() for one in secret.split(",") if one.strip()]
    if not secrets:
        raise RefusedError("no Slack signing secret is configured")
    if not (re.fullmatch(r"[0-9]{1,12}", timestamp) and signature.isascii() and _is_text(body)):
        raise RefusedError("malformed Slack signature")
    # Every secret is tried, so that the time taken does not tell which one is in use.
    valid = [hmac.compare_digest(_signed(body, timestamp, secret=one), signature) for one in secrets]
    if abs(now.timestamp() - int(timestamp)) > FRESH.total_seconds() or not any(valid):
        raise RefusedError("not signed by Slack in the last 5 minutes")
    return digest("slack", timestamp, signature)


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _signed(body: bytes, timestamp: str, *, secret: str) -> str:
    base = b":".join((b"v0", timestamp.encode(), body))
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def parse(headers: Headers, body: bytes) -> SlackRequest:
    """What a verified request asks for; raises UndecodableError for kinds of request we do not serve."""
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    if kind.partition(";")[0].strip().lower() == "application/json":
        return _challenge(_object(body))
    form = _form(body)
    if "payload" in form:
        return _interaction(_object(form["payload"].encode("utf-8", "surrogatepass")))
    if "command" in form:
        return SlackCommand(form.get("text", ""), _required(form, "user_id"), form.get("channel_id", ""))
    raise UndecodableError("neither an interaction nor a slash command")


def _challenge(event: Payload) -> SlackChallenge:
    if event.get("type") != "url_verification":
        raise UndecodableError(f"Slack event {_shown(event.get('type'))} is not subscribed to")
    return SlackChallenge(_required(event, "challenge"))


def _interaction(payload: Payload) -> SlackRequest:
    match payload.get("type"):
        case "block_actions":
            return _action(payload)
        case "view_submission":
            return _submission(payload)
        case other:
            raise UndecodableError(f"Slack interaction {_shown(other)} is not served")


def _action(payload: Payload) -> SlackAction:
    pressed = _first(payload.get("actions"))
    name = _required(pressed, "action_id")
    if name not in ACTIONS:
        raise UndecodableError(f"unknown button {_shown(name)}")
    container = _inner(payload, "container")
    channel = _inner(payload, "channel").get("id") or container.get("channel_id")
    return SlackAction(
        action=name,
        incident=_required(pressed, "value"),
        user=_required(_inner(payload, "user"), "id"),
        channel=channel if isinstance(channel, str) else "",
        message_ts=str(container.get("message_ts") or ""),
        pressed_at=str(pressed.get("action_ts") or ""),
        trigger=str(payload.get("trigger_id") or ""),
    )


def _submission(payload: Payload) -> SlackSubmission:
    view = _inner(payload, "view")
    inputs = _inner(_inner(view, "state"), "values")
    return SlackSubmission(
        callback=_required(view, "callback_id"),
        user=_required(_inner(payload, "user"), "id"),
        values=tuple(_typed(inputs)),
        metadata=str(view.get("private_metadata") or ""),
    )


def _typed(inputs: Payload) -> Iterable[tuple[str, str]]:
    """What was typed into each text input or chosen from each list, by its action id."""
    for block in inputs.values():
        for name, element in (block if isinstance(block, dict) else {}).items():
            given = element if isinstance(element, dict) else {}
            value = given.get("value") or _inner(given, "selected_option").get("value")
            if isinstance(value, str):
                yield name, value


def _object(body: bytes) -> Payload:
    try:
        return typed.decode_json(body, Payload)
    except msgspec.DecodeError as error:
        raise UndecodableError(f"not a JSON object: {error}") from error


def _form(body: bytes) -> dict[str, str]:
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise UndecodableError(f"not a form: {error}") from error
    return {name: values[0] for name, values in fields.items()}


def _first(items: object) -> Payload:
    if isinstance(items, list) and items and isinstance(items[0], dict):
        return items[0]
    raise UndecodableError("a Slack interaction without an action")


def _inner(payload: Payload, name: str) -> Payload:
    """The object of that name; empty where Slack leaves it out."""
    value = payload.get(name)
    return value if isinstance(value, dict) else {}


def _required(payload: Payload | dict[str, str], name: str) -> str:
    value = payload.get(name)
    if not isinstance(value, str) or not value:
        raise UndecodableError(f"a Slack request without {name}")
    return value


def _shown(value: object) -> str:
    return repr(value)[:80]
