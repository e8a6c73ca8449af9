"""Slack as a notifier: posts, updates, thread replies and messages for one person, through the Web API."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from shared.errors import DeliveryError, PermanentFailureError, TemporaryFailureError, UnknownOutcomeError
from shared.ports.messages import Outgoing, Sent, SlackBody
from shared.ports.store import Body

EVENT_TYPE = "soukmon"
TIMEOUT_SECONDS = 10
CLOCKS_DIFFER_BY = timedelta(minutes=2)
PAGE = 200
PAGES_SEARCHED = 5
RATE_LIMITED = 429
SERVER_FAULT = 500
LONGEST_NAME = 60

# Slack's error names by what they mean for us. A name that is not listed is tried again: rather late than lost.
CHANNEL_BROKEN = frozenset(
    {
        "access_denied",
        "account_inactive",
        "channel_not_found",
        "ekm_access_denied",
        "invalid_auth",
        "is_archived",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "not_in_channel",
        "org_login_required",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
MESSAGE_REFUSED = frozenset(
    {
        "as_user_not_supported",
        "cannot_reply_to_message",
        "cant_update_message",
        "duplicate_channel_not_found",
        "edit_window_closed",
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "message_not_found",
        "messages_tab_disabled",
        "metadata_must_be_sent_from_app",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "thread_not_found",
        "too_many_attachments",
        "user_not_in_channel",
    }
)


UNREADABLE_BLOCKS = "invalid_blocks"


class SlackNotifier:
    """Implements `Notifier`; the token needs chat:write, and channels:history to look a lost send up.

    `base_url` ends in /api/; empty means Slack's own.
    """

    def __init__(self, token: str, *, base_url: str = "", timeout: int = TIMEOUT_SECONDS) -> None:
        self._token = token
        self._base_url = base_url or WebClient.BASE_URL
        self._timeout = timeout
        self._lock = threading.Lock()
        self._made: WebClient | None = None

    def send(self, message: Outgoing) -> Sent:
        """Post (or update) the message; its id is "channel:ts"."""
        client = self._client()
        try:
            answer = called(partial(_post, client, message))
        except PermanentFailureError as error:
            plain = _without_pictures(message)
            if error.code != UNREADABLE_BLOCKS or plain == message:
                raise
            # Slack fetches pictures while we wait and refuses the message when that fails, which happens now and then.
            answer = called(partial(_post, client, plain))
        channel = str(answer.get("channel") or message.to)
        return Sent(f"{channel}:{answer.get('ts') or answer.get('message_ts')}")

    def find(self, message: Outgoing) -> Sent | None:
        """The message that carries our reference in its metadata.

        An update has no trace of its own, and sending it again changes nothing: None. Where Slack cannot tell
        (a message for one person, no scope to read the channel) UnknownOutcomeError says so.
        """
        if message.replaces:
            return None
        if message.only_for:
            raise UnknownOutcomeError("unknowable", "ephemeral messages are in no history")
        try:
            return self._search(message)
        except PermanentFailureError as error:
            raise UnknownOutcomeError("unknowable", str(error)) from error

    def _search(self, message: Outgoing) -> Sent | None:
        for posted in self._posted(message):
            metadata = posted.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            if metadata.get("event_type") == EVENT_TYPE and payload.get("reference") == message.reference:
                return Sent(f"{message.to}:{posted['ts']}")
        return None

    def _posted(self, message: Outgoing) -> Iterator[Body]:
        """What was posted to the channel or thread since the first try, page by page."""
        client, cursor = self._client(), ""
        for _ in range(PAGES_SEARCHED):
            answer = _asked(partial(_page, client, message, _window(message.since, cursor)))
            yield from answer.get("messages") or ()
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return
        raise UnknownOutcomeError("unknowable", f"not among the last {PAGES_SEARCHED * PAGE} messages")

    def _client(self) -> WebClient:
        with self._lock:
            if self._made is None:
                self._made = web_client(self._token, self._base_url, self._timeout)
            return self._made


def web_client(token: str, base_url: str, timeout: float) -> WebClient:
    """A client that tries once, honours no_proxy and writes no message into the log."""
    quiet = logging.getLogger(f"{__name__}.sdk")
    quiet.setLevel(logging.CRITICAL)  # the SDK would write whole messages into the log
    address = base_url or WebClient.BASE_URL
    client = WebClient(token, base_url=address, timeout=timeout, retry_handlers=[], logger=quiet)  # type: ignore[arg-type]
    client.proxy = None  # urllib reads the same variables and, unlike the SDK, honours no_proxy
    return client


def _post(client: WebClient, message: Outgoing) -> SlackResponse:
    if not isinstance(message.body, SlackBody):
        raise TypeError(f"not a Slack message: {type(message.body).__name__}")
    text, blocks = message.body.text, list(message.body.blocks)
    thread = message.thread or None
    if message.only_for:
        return client.chat_postEphemeral(
            channel=message.to, user=message.only_for, text=text, blocks=blocks, thread_ts=thread
        )
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"reference": message.reference}}
    if message.replaces:
        return client.chat_update(channel=message.to, ts=message.replaces, text=text, blocks=blocks, metadata=metadata)
    return client.chat_postMessage(
        channel=message.to,
        text=text,
        blocks=blocks,
        metadata=metadata,
        thread_ts=thread,
        mrkdwn=False,
        unfurl_links=False,
        unfurl_media=False,
    )


def _without_pictures(message: Outgoing) -> Outgoing:
    if not isinstance(message.body, SlackBody):
        return message
    blocks = tuple(block for block in message.body.blocks if block["type"] != "image")
    return replace(message, body=replace(message.body, blocks=blocks))


def _page(client: WebClient, message: Outgoing, arguments: Mapping[str, Any]) -> SlackResponse:
    if message.thread:  # replies are not in the channel's history
        return client.conversations_replies(channel=message.to, ts=message.thread, **arguments)
    return client.conversations_history(channel=message.to, **arguments)


def _window(since: datetime | None, cursor: str) -> dict[str, Any]:
    arguments: dict[str, Any] = {"include_all_metadata": True, "limit": PAGE}
    if since is not None:
        arguments["oldest"] = f"{(since - CLOCKS_DIFFER_BY).timestamp():.6f}"
    if cursor:
        arguments["cursor"] = cursor
    return arguments


def called(call: Callable[[], SlackResponse]) -> SlackResponse:
    """The answer; every way to fail becomes one of our three errors."""
    try:
        return call()
    except SlackApiError as error:
        raise _meaning(error.response) from error
    except URLError as error:
        # urllib wraps what goes wrong until the whole request is written: Slack has not got it.
        raise TemporaryFailureError("unreachable", str(error.reason)) from error
    except (OSError, HTTPException, UnicodeDecodeError) as error:
        raise UnknownOutcomeError("no_answer", repr(error)) from error


def _asked(call: Callable[[], SlackResponse]) -> SlackResponse:
    """As `called`, for questions: asking again is safe when the answer was lost."""
    try:
        return called(call)
    except UnknownOutcomeError as error:
        raise TemporaryFailureError(error.code, str(error)) from error


def _meaning(response: SlackResponse) -> DeliveryError:
    status, name = int(response.status_code), str(response.get("error") or "")
    wait = _retry_after(response.headers)
    if status == RATE_LIMITED or name in {"ratelimited", "rate_limited"}:
        return TemporaryFailureError("ratelimited", retry_after=wait)
    if status >= SERVER_FAULT:
        return TemporaryFailureError(f"http_{status}", retry_after=wait)
    if name in CHANNEL_BROKEN:
        return PermanentFailureError(name, str(response.get("needed") or ""), channel_broken=True)
    if name in MESSAGE_REFUSED:
        return PermanentFailureError(name, _details(response))
    # The SDK puts a body that is not JSON (a proxy's page) where the name would be.
    return TemporaryFailureError(name if 0 < len(name) <= LONGEST_NAME else f"http_{status}_unreadable")


def _details(response: SlackResponse) -> str:
    messages = (response.get("response_metadata") or {}).get("messages") or ()
    return "; ".join(str(message) for message in messages)


def _retry_after(headers: Mapping[str, Any]) -> timedelta | None:
    value = next((str(value) for name, value in headers.items() if name.lower() == "retry-after"), "")
    return timedelta(seconds=int(value)) if value.isascii() and value.isdigit() else None
