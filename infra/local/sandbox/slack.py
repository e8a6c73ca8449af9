"""A workspace of its own: the part of Slack's Web API that a notifier uses."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, jsonify, request

from infra.local.sandbox import slack_blocks, slack_modals
from infra.local.sandbox.faults import Fault, takes_message
from infra.local.sandbox.rate_limit import BURST, TokenBuckets
from infra.local.sandbox.slack_history import page, replies, timeline
from infra.local.sandbox.store import Message, SandboxStore
from shared.ports.platform import Clock

BOT_USER = "U0SOUKMON"
TEAM = "T0SANDBOX"
TOO_MANY_REQUESTS = 429
SCOPES = ("channels:history", "chat:write", "commands", "groups:history", "users:read")
ENCODED = ("blocks", "metadata", "view")

Arguments = Mapping[str, Any]
Answer = dict[str, Any]


class RefusalError(Exception):
    """An answer with ok: false."""

    def __init__(self, error: str, *, messages: list[str] | None = None, retry_after: int = 0) -> None:
        super().__init__(error)
        self.body: Answer = {"ok": False, "error": error}
        if messages:
            self.body |= {"errors": messages, "response_metadata": {"messages": [f"[ERROR] {m}" for m in messages]}}
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Workspace:
    """Who and what there is. `channels` maps names to ids; without any, every channel exists (as does every user)."""

    store: SandboxStore
    clock: Clock
    token: str
    channels: Mapping[str, str] = field(default_factory=dict)
    users: Mapping[str, str] = field(default_factory=dict)
    limits: TokenBuckets = field(default_factory=TokenBuckets)

    def channel(self, arguments: Arguments) -> str:
        """The id of the channel meant."""
        given = str(arguments.get("channel", "")).removeprefix("#")
        if not given or (self.channels and given not in {*self.channels, *self.channels.values(), *self.users}):
            raise RefusalError("channel_not_found")
        return self.channels.get(given, given)


def create_app(
    store: SandboxStore,
    *,
    clock: Clock,
    token: str,
    channels: Mapping[str, str] | None = None,
    users: Mapping[str, str] | None = None,
    burst: int = BURST,
    scopes: Sequence[str] = SCOPES,
) -> Flask:
    """The API under /api/; a WebClient's base_url is the server's address with that path. `scopes`: of the token."""
    workspace = Workspace(store, clock, token, channels or {}, users or {}, TokenBuckets(burst))
    app = Flask("slack_sandbox")

    @app.post("/api/<method>")
    def call(method: str) -> Response:
        try:
            return jsonify({"ok": True, **_answered(workspace, method)})
        except RefusalError as refusal:
            response = jsonify(refusal.body)
            if refusal.retry_after:
                response.status_code = TOO_MANY_REQUESTS
                response.headers["Retry-After"] = str(refusal.retry_after)
            return response
        except _FaultMetError as met:
            return met.response

    @app.after_request
    def tell_scopes(response: Response) -> Response:
        """What the token may stands in a header of every answer."""
        response.headers["X-OAuth-Scopes"] = ",".join(scopes)
        return response

    return app


class _FaultMetError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__()
        body = fault.get("body", {"ok": False, "error": fault.get("error", "fatal_error")})
        self.response = Response(body, content_type="text/html") if isinstance(body, str) else jsonify(body)
        self.response.status_code = int(fault.get("status", 200))
        self.response.headers.extend(fault.get("headers", {}))


def _answered(workspace: Workspace, method: str) -> Answer:
    arguments = _arguments()
    _authenticate(workspace, arguments)
    if method not in METHODS:
        raise RefusalError("unknown_method")
    handle, provider = METHODS[method]
    fault = workspace.store.faults.take(provider, str(arguments.get("channel", ""))) if provider else {}
    if {"status", "error"} & fault.keys():
        raise _FaultMetError(fault)
    answer = handle(workspace, arguments) if takes_message(fault) else {}
    workspace.store.faults.lose(fault, request.environ)
    return answer


def _arguments() -> Arguments:
    if request.is_json:
        body = request.get_json(silent=True)  # the SDK sends no body where there are no arguments
        return body if isinstance(body, dict) else {}
    return {name: json.loads(value) if name in ENCODED else value for name, value in request.form.items()}


def _authenticate(workspace: Workspace, arguments: Arguments) -> None:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ") or arguments.get("token", "")
    if not given:
        raise RefusalError("not_authed")
    if given != workspace.token:
        raise RefusalError("invalid_auth")


def _auth_test(_: Workspace, __: Arguments) -> Answer:
    return {
        "url": "https://sandbox.slack.com/",
        "team": "Sandbox",
        "team_id": TEAM,
        "user": "soukmon",
        "user_id": BOT_USER,
    }


def _post_message(workspace: Workspace, arguments: Arguments) -> Answer:
    message = _posted(workspace, arguments)
    channel, _, ts = message.id.partition(":")
    return {"channel": channel, "ts": ts, "message": {"type": "message", "user": BOT_USER, "ts": ts, **message.content}}


def _post_ephemeral(workspace: Workspace, arguments: Arguments) -> Answer:
    user = str(arguments.get("user", ""))
    if not user or (workspace.users and user not in workspace.users):
        raise RefusalError("user_not_in_channel")
    message = _posted(workspace, arguments, only_for=user)
    return {"message_ts": message.id.partition(":")[2]}


def _posted(workspace: Workspace, arguments: Arguments, *, only_for: str = "") -> Message:
    channel, content = workspace.channel(arguments), _content(arguments)
    now = workspace.clock.now()
    wait = workspace.limits.wait(channel, now)
    if wait:
        raise RefusalError("ratelimited", retry_after=wait)
    micros = workspace.store.next_number("slack.ts", int(now.timestamp() * 1_000_000))
    message = Message(
        id=f"{channel}:{micros // 1_000_000}.{micros % 1_000_000:06d}",
        provider="slack",
        to=channel,
        content=content | ({"only_for": only_for} if only_for else {}),
        created_at=now,
        updated_at=now,
        thread=str(arguments.get("thread_ts", "")),
        status="posted",
        reference=_reference(content),
    )
    workspace.store.add(message)
    return message


def _update(workspace: Workspace, arguments: Arguments) -> Answer:
    channel, ts = workspace.channel(arguments), str(arguments.get("ts", ""))
    known = workspace.store.get(f"{channel}:{ts}")
    if known is None or "only_for" in known.content:
        raise RefusalError("message_not_found")
    content = known.content | _content(arguments)
    workspace.store.change(known.id, at=workspace.clock.now(), content=content, status="updated")
    return {"channel": channel, "ts": ts, "text": content["text"]}


def _content(arguments: Arguments) -> Answer:
    text, blocks = str(arguments.get("text", "")), arguments.get("blocks") or []
    if not text and not blocks:
        raise RefusalError("no_text")
    if len(text) > slack_blocks.MAX_TEXT:
        raise RefusalError("msg_too_long")
    faults = slack_blocks.faults_of(blocks)
    if faults:
        raise RefusalError("invalid_blocks", messages=faults)
    kept = {name: arguments[name] for name in ("metadata", "mrkdwn") if name in arguments}
    return {"text": text, "blocks": blocks, **kept}


def _reference(content: Answer) -> str:
    return str((content.get("metadata") or {}).get("event_payload", {}).get("reference", ""))


def _history(workspace: Workspace, arguments: Arguments) -> Answer:
    return page(timeline(workspace.store, workspace.channel(arguments)), arguments)


def _replies(workspace: Workspace, arguments: Arguments) -> Answer:
    found = replies(workspace.store, workspace.channel(arguments), str(arguments.get("ts", "")))
    if not found:
        raise RefusalError("thread_not_found")
    return page(found, arguments)


def _views_open(workspace: Workspace, arguments: Arguments) -> Answer:
    given, now = str(arguments.get("trigger_id", "")), workspace.clock.now()
    view = arguments.get("view")
    error, messages = slack_modals.refusal(view, given, workspace.store, now)
    if error or not isinstance(view, dict):
        raise RefusalError(error, messages=messages)
    return {"view": {**slack_modals.keep(view, given, workspace.store, now), "team_id": TEAM}}


def _users_info(workspace: Workspace, arguments: Arguments) -> Answer:
    user = str(arguments.get("user", ""))
    if not user or (workspace.users and user not in workspace.users):
        raise RefusalError("user_not_found")
    name = workspace.users.get(user, user)
    return {"user": {"id": user, "team_id": TEAM, "name": name, "real_name": name, "tz": "Africa/Cairo"}}


# Each method with the provider name whose faults it meets.
METHODS: Mapping[str, tuple[Callable[[Workspace, Arguments], Answer], str]] = {
    "auth.test": (_auth_test, ""),
    "chat.postEphemeral": (_post_ephemeral, "slack"),
    "chat.postMessage": (_post_message, "slack"),
    "chat.update": (_update, "slack"),
    "conversations.history": (_history, "slack.history"),
    "conversations.replies": (_replies, "slack.history"),
    "users.info": (_users_info, ""),
    "views.open": (_views_open, "slack.views"),
}
