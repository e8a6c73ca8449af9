"""Twilio's delivery receipts: signed, and posted when the platform's loop says so."""

from collections.abc import Callable, Mapping

import requests
from twilio.request_validator import RequestValidator

from infra.local.sandbox.store import SandboxStore
from shared.ports.platform import Clock

TIMEOUT_SECONDS = 5
FIRST_FAULT = 300

Post = Callable[[str, Mapping[str, str], Mapping[str, str]], int]


def deliver_callbacks(store: SandboxStore, *, clock: Clock, token: str, post: Post | None = None) -> int:
    """Post every waiting receipt, oldest first; how many were taken. The others wait for the next call.

    `post` gets the address, the form and the headers, and returns the HTTP status (0 without an answer).
    """
    taken = 0
    for callback in store.callbacks.waiting():
        store.change(callback.form["MessageSid"], at=clock.now(), status=callback.form["MessageStatus"])
        headers = {"X-Twilio-Signature": RequestValidator(token).compute_signature(callback.url, callback.form)}
        if 0 < (post or posted)(callback.url, callback.form, headers) < FIRST_FAULT:
            store.callbacks.done(callback)
            taken += 1
        else:
            store.callbacks.failed(callback)
    return taken


def posted(url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> int:
    """Post a form over the network."""
    try:
        return requests.post(url, data=form, headers=headers, timeout=TIMEOUT_SECONDS).status_code
    except requests.RequestException:
        return 0
