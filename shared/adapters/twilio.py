"""Twilio as a notifier: text messages, with a delivery receipt asked for each."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import Enum
from itertools import takewhile
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from shared.errors import DeliveryError, PermanentFailureError, TemporaryFailureError, UnknownOutcomeError
from shared.ports import Outgoing, Sent, SmsBody

TIMEOUT_SECONDS = 10.0
CLOCKS_DIFFER_BY = timedelta(minutes=2)
SEARCHED = 200
TOO_MANY_REQUESTS = 429
SERVER_FAULT = 500
NEVER_ACCEPTED = frozenset({"failed", "undelivered", "canceled"})


class Meaning(Enum):
    """What a failure means for this recipient and for the channel."""

    TEMPORARY = "try again"
    RECIPIENT = "never this number again"
    OPTED_OUT = "the person sent STOP"
    CHANNEL = "nobody can be reached this way"
    UNKNOWN = "may have been taken"


# Twilio's error codes (https://www.twilio.com/docs/api/errors). Twilio warns not to build on the exact code: what is
# not listed goes by its HTTP status, and a 4xx that we do not know means "not delivered": the next channel at once.
CODES = {
    20003: Meaning.CHANNEL,  # wrong credentials
    20005: Meaning.CHANNEL,  # account not active
    20429: Meaning.TEMPORARY,  # too many requests
    21211: Meaning.RECIPIENT,  # not a number
    21212: Meaning.CHANNEL,  # our sender is not a number
    21408: Meaning.RECIPIENT,  # region not permitted
    21603: Meaning.CHANNEL,  # no sender
    21606: Meaning.CHANNEL,  # the sender cannot send
    21608: Meaning.CHANNEL,  # trial account
    21610: Meaning.OPTED_OUT,
    21612: Meaning.RECIPIENT,  # no route from this sender
    21614: Meaning.RECIPIENT,  # not a mobile number
    21659: Meaning.CHANNEL,  # the sender is not ours
    30001: Meaning.TEMPORARY,  # queue overflow
    30002: Meaning.CHANNEL,  # account suspended
    30003: Meaning.RECIPIENT,  # handset unreachable
    30004: Meaning.RECIPIENT,  # blocked
    30005: Meaning.RECIPIENT,  # unknown handset
    30006: Meaning.RECIPIENT,  # landline
    30007: Meaning.RECIPIENT,  # filtered by the carrier
    30008: Meaning.TEMPORARY,  # unknown error on the way
}
STATUSES = {
    401: Meaning.CHANNEL,
    403: Meaning.CHANNEL,
    408: Meaning.TEMPORARY,
    429: Meaning.TEMPORARY,
    502: Meaning.UNKNOWN,  # a gateway lost the answer, not necessarily the request
    504: Meaning.UNKNOWN,
}


class TwilioSms:
    """Implements `Notifier`; `sender` is a number, an alphanumeric id, or a messaging service ("MG...").

    `status_callback` is the public address of our receipt function; the ledger row's id is added to it, so that a
    receipt finds its row even when it is faster than the answer. `base_url` replaces https://api.twilio.com.
    """

    def __init__(
        self,
        account: str,
        token: str,
        *,
        sender: str,
        status_callback: str,
        base_url: str = "",
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._account, self._token = account, token
        self._sender = {"messaging_service_sid" if sender.startswith("MG") else "from_": sender}
        self._status_callback = status_callback
        self._base_url, self._timeout = base_url, timeout
        self._lock = threading.Lock()
        self._made: Client | None = None

    def send(self, message: Outgoing) -> Sent:
        """Create the message; its id is Twilio's SID."""
        callback = f"{self._status_callback}?{urlencode({'notification': message.reference})}"
        client = self._client()
        with _translated():
            created = client.messages.create(
                to=message.to, body=_text(message), status_callback=callback, **self._sender
            )
        return Sent(str(created.sid))

    def find(self, message: Outgoing) -> Sent | None:
        """The message to this number with this text: texts carry the row's own link, so they tell rows apart.

        Searched newest first by creation: the API's DateSent filter leaves out what is still queued.
        """
        client, text = self._client(), _text(message)
        earliest = message.since - CLOCKS_DIFFER_BY if message.since else None
        with _asking(), _translated():
            listed = client.messages.stream(to=message.to, limit=SEARCHED, page_size=50)
            recent = takewhile(lambda m: earliest is None or m.date_created >= earliest, listed)
            # A trial account puts a sentence before our text.
            found = (m for m in recent if m.body.endswith(text) and m.status not in NEVER_ACCEPTED)
            return next((Sent(str(m.sid)) for m in found), None)

    def _client(self) -> Client:
        with self._lock:
            if self._made is None:
                self._made = Client(
                    self._account, self._token, http_client=_Http(base_url=self._base_url, timeout=self._timeout)
                )
            return self._made


class _Http(TwilioHttpClient):  # type: ignore[misc]  # the SDK is not typed
    """The SDK's own HTTP client with another host, no retries, and Twilio's wait kept when it names one."""

    def __init__(self, *, base_url: str, timeout: float) -> None:
        quiet = logging.getLogger(f"{__name__}.sdk")
        quiet.setLevel(logging.CRITICAL)  # the SDK would write numbers into the log
        super().__init__(timeout=timeout, logger=quiet)
        self._base = urlsplit(base_url)

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Response:  # noqa: ANN401
        if self._base.netloc:
            url = urlunsplit(urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc))
        response = super().request(method, url, *args, **options)
        if response.status_code == TOO_MANY_REQUESTS:
            raise TemporaryFailureError("20429", retry_after=_retry_after(response))
        return response


@contextmanager
def _translated() -> Iterator[None]:
    """Every way to fail becomes one of our three errors."""
    try:
        yield
    except (TwilioRestException, TwilioServiceException) as error:
        raise _failure(error.status, error.code, str(getattr(error, "msg", error))) from error
    except requests.RequestException as error:
        raise _lost(error) from error
    except TwilioException as error:  # a page that could not be listed, with the answer beside
        status = next((part.status_code for part in error.args if isinstance(part, Response)), SERVER_FAULT)
        raise _failure(status, None, str(error.args[0])) from error
    except ValueError as error:  # an answer that is no JSON
        raise UnknownOutcomeError("unreadable_answer", str(error)) from error


@contextmanager
def _asking() -> Iterator[None]:
    """For questions: a lost answer can be asked for again; a refusal (of a key that may only send) says nothing."""
    try:
        yield
    except UnknownOutcomeError as error:
        raise TemporaryFailureError(error.code, str(error)) from error
    except PermanentFailureError as error:
        raise UnknownOutcomeError("unknowable", str(error)) from error


def _failure(status: int, code: int | None, detail: str) -> DeliveryError:
    name = str(code or f"http_{status}")
    match _meaning(status, code):
        case Meaning.TEMPORARY:
            return TemporaryFailureError(name, detail)
        case Meaning.UNKNOWN:
            return UnknownOutcomeError(name, detail)
        case meaning:
            return PermanentFailureError(
                name, detail, channel_broken=meaning is Meaning.CHANNEL, opted_out=meaning is Meaning.OPTED_OUT
            )


def _meaning(status: int, code: int | None) -> Meaning:
    if code in CODES:
        return CODES[code]
    return STATUSES.get(status, Meaning.TEMPORARY if status >= SERVER_FAULT else Meaning.RECIPIENT)


def _lost(error: requests.RequestException) -> DeliveryError:
    """Without a connection nothing was sent; after that nobody can tell."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError):
        return TemporaryFailureError("unreachable", type(error).__name__)
    return UnknownOutcomeError("no_answer", type(error).__name__)


def _retry_after(response: Response) -> timedelta | None:
    value = str((response.headers or {}).get("Retry-After", ""))
    return timedelta(seconds=int(value)) if value.isascii() and value.isdigit() else None


def _text(message: Outgoing) -> str:
    if not isinstance(message.body, SmsBody):
        raise TypeError(f"not a text message: {type(message.body).__name__}")
    return message.body.text.encode("utf-8", "replace").decode()  # half an emoji must not stop a page
