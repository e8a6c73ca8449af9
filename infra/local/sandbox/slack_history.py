"""What Slack's conversations.history and conversations.replies show of a channel."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from infra.local.sandbox.store import Message, SandboxStore

DEFAULT_LIMIT = 100
MOST = 999


def timeline(store: SandboxStore, channel: str) -> list[Message]:
    """A channel's own messages, newest first; neither replies nor what only one person may see."""
    return [m for m in reversed(_visible(store, channel)) if not m.thread]


def replies(store: SandboxStore, channel: str, ts: str) -> list[Message]:
    """A message and the replies to it, oldest first."""
    return [m for m in _visible(store, channel) if ts in {m.thread, _ts(m)}]


def page(messages: Sequence[Message], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """One page of them, after `oldest` and from `cursor` on."""
    oldest = Decimal(str(arguments.get("oldest") or 0))
    start, limit = int(arguments.get("cursor") or 0), min(MOST, int(arguments.get("limit") or DEFAULT_LIMIT))
    wanted = [m for m in messages if Decimal(_ts(m)) > oldest]
    with_metadata = str(arguments.get("include_all_metadata", "")).lower() in {"1", "true"}
    more = len(wanted) > start + limit
    return {
        "messages": [_shown(m, with_metadata=with_metadata) for m in wanted[start : start + limit]],
        "has_more": more,
        "response_metadata": {"next_cursor": str(start + limit) if more else ""},
    }


def _visible(store: SandboxStore, channel: str) -> list[Message]:
    return [m for m in store.messages("slack", to=channel) if "only_for" not in m.content]


def _shown(message: Message, *, with_metadata: bool) -> dict[str, Any]:
    shown = {
        "type": "message",
        "ts": _ts(message),
        "text": message.content["text"],
        "blocks": message.content["blocks"],
    }
    if message.thread:
        shown["thread_ts"] = message.thread
    if with_metadata and "metadata" in message.content:
        shown["metadata"] = message.content["metadata"]
    return shown


def _ts(message: Message) -> str:
    return message.id.partition(":")[2]
