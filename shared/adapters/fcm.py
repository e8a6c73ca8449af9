"""Firebase Cloud Messaging as a notifier: one message to each of a person's devices, and what became of each."""

import threading
from datetime import timedelta
from typing import Any

import firebase_admin
import requests
from firebase_admin import credentials, exceptions, messaging
from google.auth.exceptions import GoogleAuthError
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NewConnectionError

from shared.adapters.given_credentials import Given
from shared.errors import DeliveryError, PermanentFailureError, TemporaryFailureError, UnknownOutcomeError
from shared.ports.messages import Outgoing, PushBody, Sent

TIMEOUT_SECONDS = 10.0
REHEARSAL = "soukmon-rehearsal"  # a topic that nobody subscribes to
LIFETIME = timedelta(hours=1)  # an older page misleads; the escalation has gone on meanwhile
QUOTA_PAUSE = timedelta(minutes=1)  # what Google asks for where it names no wait itself
PASSING = frozenset({exceptions.UNAVAILABLE, exceptions.INTERNAL, exceptions.RESOURCE_EXHAUSTED, exceptions.ABORTED})
CHANNEL = frozenset({exceptions.UNAUTHENTICATED, exceptions.PERMISSION_DENIED, exceptions.NOT_FOUND})
# Of the failures of several devices the one that leaves most hope decides.
ORDER = (UnknownOutcomeError, TemporaryFailureError, PermanentFailureError)


class FcmPush:
    """Implements `Notifier`; one line of `to` is one device: a registration token or a Firebase installation id.

    `base_url` replaces https://fcm.googleapis.com and `token` the machine's own credentials.
    """

    def __init__(self, project: str, *, base_url: str = "", token: str = "", timeout: float = TIMEOUT_SECONDS) -> None:
        self._project, self._base_url, self._token, self._timeout = project, base_url, token, timeout
        self._lock = threading.Lock()
        self._made: _Service | None = None

    def send(self, message: Outgoing) -> Sent:
        """Hand the message over for every device; it is sent when one of them took it. Its id is that device's."""
        devices = message.to.splitlines()
        try:
            answers = self._service().send_each([_message(message, device) for device in devices]).responses
        except (exceptions.FirebaseError, GoogleAuthError) as error:
            raise _unsent(error) from error
        failures = {device: _failure(a.exception) for device, a in zip(devices, answers, strict=True) if not a.success}
        taken = [str(answer.message_id) for answer in answers if answer.success]
        if not taken:
            raise min(failures.values(), key=_hope)
        return Sent(taken[0], dead=tuple(device for device, failure in failures.items() if _is_gone(failure)))

    def find(self, message: Outgoing) -> Sent | None:
        """There is no way to ask: always raises UnknownOutcomeError; a second message replaces the first anyway."""
        raise UnknownOutcomeError("unknowable", f"FCM cannot tell whether {message.reference} was taken")

    def rehearse(self) -> None:
        """Let FCM say whether it would take a message of ours, to nobody's device; raises as `send` does."""
        message = messaging.Message(topic=REHEARSAL, data={"rehearsal": "1"})
        try:
            (answer,) = self._service().send_each([message], dry_run=True).responses
        except (exceptions.FirebaseError, GoogleAuthError) as error:
            raise _unsent(error) from error
        if not answer.success:
            raise _failure(answer.exception)

    def _service(self) -> "_Service":
        with self._lock:
            if self._made is None:
                chosen = Given(self._token) if self._token else credentials.ApplicationDefault()
                options = {"projectId": self._project, "httpTimeout": self._timeout}
                # Made by hand, because initialize_app would register it for the whole process.
                app = firebase_admin.App("soukmon-push", chosen, options)
                self._made = _Service(app, self._base_url)
            return self._made


class _Service(messaging._MessagingService):  # type: ignore[misc]  # noqa: SLF001 - the SDK is not typed; see below
    """The SDK's own service with another host, and without its waiting; it has no option for either.

    It would repeat a 503 up to four times inside the call, for as long as Retry-After says: longer than our lease.
    """

    def __init__(self, app: firebase_admin.App, base_url: str) -> None:
        super().__init__(app)
        if base_url:
            self._fcm_url = f"{base_url}/v1/projects/{app.project_id}/messages:send"
        self._client.session.mount(self._fcm_url, HTTPAdapter())


def _message(message: Outgoing, device: str) -> messaging.Message:
    body = message.body
    if not isinstance(body, PushBody):
        raise TypeError(f"not a push message: {type(body).__name__}")
    made = messaging.Message(
        data={"url": body.url, "group": body.group, "notification": message.reference},
        notification=messaging.Notification(title=body.title, body=body.text),
        android=_android(body),
        apns=_apns(body, message),
        webpush=_webpush(body),
    )
    # A registration token is an installation id, a colon and a secret. Both are valid; the SDK warns of tokens.
    if ":" in device:
        made.token = device
    else:
        made.fid = device
    return made


def _android(body: PushBody) -> messaging.AndroidConfig:
    shown = messaging.AndroidNotification(tag=body.group or None, default_sound=body.urgent or None)
    priority = "high" if body.urgent else "normal"
    return messaging.AndroidConfig(collapse_key=body.group or None, priority=priority, ttl=LIFETIME, notification=shown)


def _apns(body: PushBody, message: Outgoing) -> messaging.APNSConfig:
    level = "time-sensitive" if body.urgent else "active"
    aps = messaging.Aps(
        sound="default" if body.urgent else None,
        thread_id=body.group or None,
        custom_data={"interruption-level": level},
    )
    headers = {"apns-push-type": "alert", "apns-priority": "10" if body.urgent else "5"}
    if body.group:
        headers["apns-collapse-id"] = body.group
    if message.since:
        headers["apns-expiration"] = str(int((message.since + LIFETIME).timestamp()))
    return messaging.APNSConfig(headers=headers, payload=messaging.APNSPayload(aps=aps))


def _webpush(body: PushBody) -> messaging.WebpushConfig:
    headers = {"TTL": str(int(LIFETIME.total_seconds())), "Urgency": "high" if body.urgent else "normal"}
    link = messaging.WebpushFCMOptions(link=body.url) if body.url.startswith("https://") else None
    return messaging.WebpushConfig(headers=headers, fcm_options=link)


def _unsent(error: Any) -> DeliveryError:  # noqa: ANN401 - the SDK is not typed
    """What it means that the SDK could not even ask: without an access token nothing was sent."""
    cause = error if isinstance(error, GoogleAuthError) else error.cause
    if not isinstance(cause, GoogleAuthError):
        return UnknownOutcomeError("no_answer", type(cause).__name__)
    if cause.retryable:
        return TemporaryFailureError("no_access_token", type(cause).__name__)
    return PermanentFailureError("no_access_token", type(cause).__name__, channel_broken=True)


def _failure(error: Any) -> DeliveryError:  # noqa: ANN401 - the SDK is not typed
    """What a device's failure means for this message."""
    code, detail = str(error.code), type(error).__name__
    if isinstance(error.cause, requests.RequestException) and error.http_response is None:
        return _lost(error.cause)
    if _names_nobody(error):
        return PermanentFailureError(code, detail, address_gone=True)
    if code in PASSING:
        default = QUOTA_PAUSE if code == exceptions.RESOURCE_EXHAUSTED else None
        return TemporaryFailureError(code, detail, retry_after=_retry_after(error.http_response) or default)
    if code == exceptions.DEADLINE_EXCEEDED or error.http_response is None:
        return UnknownOutcomeError(code, detail)
    return PermanentFailureError(code, detail, channel_broken=code in CHANNEL)


def _names_nobody(error: Any) -> bool:  # noqa: ANN401
    """True when the device is gone, another project's, or was never one."""
    if isinstance(error, messaging.UnregisteredError | messaging.SenderIdMismatchError):
        return True
    return error.code == exceptions.INVALID_ARGUMENT and "registration token" in str(error)


def _lost(error: requests.RequestException) -> DeliveryError:
    """Without a connection nothing was sent; after that nobody can tell."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError):
        return TemporaryFailureError("unreachable", type(error).__name__)
    return UnknownOutcomeError("no_answer", type(error).__name__)


def _retry_after(response: Any) -> timedelta | None:  # noqa: ANN401
    value = "" if response is None else str(response.headers.get("Retry-After", ""))
    return timedelta(seconds=int(value)) if value.isascii() and value.isdigit() else None


def _is_gone(failure: DeliveryError) -> bool:
    return isinstance(failure, PermanentFailureError) and failure.address_gone


def _hope(failure: DeliveryError) -> tuple[int, bool]:
    """Smaller is better; a broken channel says more than a device that is gone."""
    return next(n for n, kind in enumerate(ORDER) if isinstance(failure, kind)), _is_gone(failure)
