"""Modals in the sandbox workspace: checked as Slack checks them, kept where their reader can fill them in."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from infra.local.sandbox.slack_blocks import MODAL, faults_of
from infra.local.sandbox.store import Message, SandboxStore

TRIGGER_LIVES = timedelta(seconds=3)
OPEN, CLOSED = "open", "submitted"
LIMITS = (("callback_id", 255), ("private_metadata", 3_000))

View = Mapping[str, Any]


def trigger(micros: int, user: str, salt: str) -> str:
    """A trigger as Slack hands it out with an interaction; it tells us when that was and whose it is."""
    return f"{micros}.{user}.{salt}"


def refusal(view: object, given: str, store: SandboxStore, now: datetime) -> tuple[str, list[str]]:
    """The error a views.open is answered with and its details; ("", []) when the modal may be opened."""
    issued, _, rest = given.partition(".")
    if not issued.isdigit() or "." not in rest:
        return "invalid_trigger_id", []
    if now.timestamp() - int(issued) / 1_000_000 > TRIGGER_LIVES.total_seconds():
        return "expired_trigger_id", []
    if any(message.reference == given for message in store.messages("slack")):
        return "exchanged_trigger_id", []
    if not isinstance(view, dict) or view.get("type") != "modal":
        return "invalid_arguments", ["view must be a modal"]
    faults = list(_faults(view))
    return ("invalid_arguments", faults) if faults else ("", [])


def keep(view: View, given: str, store: SandboxStore, now: datetime) -> dict[str, Any]:
    """The opened view; its reader finds it among their messages."""
    user = given.split(".")[1]
    name = f"V{store.next_number('slack.view'):010d}"
    content = {"text": view["title"]["text"], "blocks": view["blocks"], "view": dict(view), "only_for": user}
    store.add(Message(name, "slack", user, content, now, now, status=OPEN, reference=given))
    return {**view, "id": name}


def filled_in(view: View, values: Mapping[str, str]) -> dict[str, Any]:
    """The state of the view's inputs with the values given by action id; LookupError for what cannot be chosen."""
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    return {b["block_id"]: {b["element"]["action_id"]: _filled(b["element"], values)} for b in inputs}


def _filled(element: View, values: Mapping[str, str]) -> dict[str, Any]:
    given = values.get(element["action_id"]) or None
    if element["type"] != "static_select":
        return {"type": element["type"], "value": given}
    chosen = next((option for option in element["options"] if option["value"] == given), None)
    if given and chosen is None:
        raise LookupError(f"{given} is not to be chosen from {element['action_id']}")
    return {"type": element["type"], "selected_option": chosen}


def _faults(view: View) -> Iterator[str]:
    blocks = view.get("blocks") or []
    yield from faults_of(blocks, surface=MODAL)
    has_inputs = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    for name in ("title", "submit", "close"):
        text = view.get(name)
        if text is None and (name == "close" or (name == "submit" and not has_inputs)):
            continue
        if not isinstance(text, dict) or text.get("type") != "plain_text" or not 1 <= len(text.get("text", "")) <= 24:  # noqa: PLR2004 - Slack's number
            yield f"{name} must be a plain_text object of 1 to 24 characters"
    yield from (f"{name} is too long" for name, limit in LIMITS if len(str(view.get(name, ""))) > limit)
