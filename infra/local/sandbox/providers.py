"""All sandbox providers of one installation: Slack, Twilio, push and a mail server over one store; and who signs in."""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from werkzeug.test import Client, TestResponse

from infra.local.sandbox import (
    fcm,
    google_firebase,
    google_management,
    google_review,
    identity,
    packages,
    rollbacks,
    slack,
    smtp,
    twilio,
)
from infra.local.sandbox.slack_modals import CLOSED
from infra.local.sandbox.slack_people import SignedRequest, commanded, pressed, submitted
from infra.local.sandbox.store import SandboxStore
from infra.local.sandbox.telephone import Telephone
from infra.local.sandbox.twilio_callbacks import deliver_callbacks
from infra.local.secrets import LocalSecrets
from shared.ports.platform import Clock


class Providers:
    """What the functions send to, and the people behind it. `clients` calls our own functions back."""

    def __init__(self, path: Path, *, keys: LocalSecrets, clock: Clock) -> None:
        self.store = SandboxStore(path)
        self._keys = keys
        self._clock = clock
        self._lock = threading.Lock()
        self._mail = smtp.serve(self.store, clock=clock)
        self.smtp_port: int = self._mail.port
        self.slack_app = slack.create_app(self.store, clock=clock, token=keys.slack_token)
        self.twilio_app = twilio.create_app(
            self.store, clock=clock, account=keys.twilio_account, token=keys.twilio_token
        )
        self.fcm_app = fcm.create_app(self.store, clock=clock, token=keys.fcm_token)
        self.identity_app = identity.create_app()
        self.rollback_app = rollbacks.create_app(
            self.store, clock=clock, key=keys.rollback_key, token=keys.rollback_token
        )
        self.google = google_management.Management.with_samples()
        self.reviewed = google_review.Reviewed.with_samples()
        self.firebase = google_firebase.Firebase.with_samples()
        further = [*google_review.parts(self.reviewed), *google_firebase.parts(self.firebase)]
        self.google_app = google_management.create_app(self.google, token=keys.google_token, further=further)
        self.packages = packages.Packages()
        self.packages_app = packages.create_app(self.packages)
        self.telephone = Telephone(self.store, clock=clock, token=keys.twilio_token, fetch=self._fetch)
        self.clients: Mapping[str, Client] = {}

    def messages(self) -> list[dict[str, Any]]:
        """Every message, newest first."""
        return [message.record() for message in reversed(self.store.messages())]

    def count(self) -> int:
        """How many messages there are."""
        return len(self.store.messages())

    def waiting(self) -> bool:
        """True while a receipt still has to be posted, or a telephone rings."""
        return bool(self.store.callbacks.waiting() or self.telephone.ringing())

    def deliver_receipts(self) -> int:
        """Let Twilio make its calls and post its receipts; one caller at a time, the others do nothing."""
        if not self._lock.acquire(blocking=False):
            return 0
        try:
            told = deliver_callbacks(self.store, clock=self._clock, token=self._keys.twilio_token, post=self._post)
            return told + self.telephone.take_calls()
        finally:
            self._lock.release()

    def press(self, message: str, action: str, *, user: str) -> int:
        """Press a button under a Slack message; the status of our function's answer."""
        request = pressed(
            self.store, message, action=action, user=user, secret=self._keys.slack_signing_secret, now=self._clock.now()
        )
        return self._asked_of_us(request).status_code

    def submit(self, view: str, values: Mapping[str, str], *, user: str) -> dict[str, str]:
        """Send a modal; the errors our function shows in it, {} when it closes."""
        request = submitted(
            self.store, view, values, user=user, secret=self._keys.slack_signing_secret, now=self._clock.now()
        )
        answer = self._asked_of_us(request).get_json(silent=True) or {}
        errors: dict[str, str] = answer.get("errors") or {}
        kept = self.store.get(view)
        content = {**kept.content, "errors": errors, "values": dict(values)} if kept else {}
        self.store.change(view, at=self._clock.now(), content=content, status=None if errors else CLOSED)
        return errors

    def command(self, text: str, *, user: str, channel: str) -> dict[str, Any]:
        """Type /incident TEXT; what only that person is shown."""
        secret, now = self._keys.slack_signing_secret, self._clock.now()
        answer = self._asked_of_us(commanded(text, user=user, channel=channel, secret=secret, now=now))
        return answer.get_json(silent=True) or {}

    def close(self) -> None:
        """Stop the servers."""
        self._mail.stop()
        self.store.close()

    def _asked_of_us(self, request: SignedRequest) -> TestResponse:
        client = self.clients["receive_slack_action"]
        return client.post("/", data=request.body, headers=dict(request.headers))

    def _post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> int:
        return self._fetch(url, form, headers)[0]

    def _fetch(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str]:
        parts = urlsplit(url)
        name = parts.path.rsplit("/", 1)[-1]
        answer = self.clients[name].post(f"/?{parts.query}", data=dict(form), headers=dict(headers))
        return answer.status_code, answer.get_data(as_text=True)
