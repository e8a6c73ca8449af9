"""Twilio's REST API as its adapters use it: one client without retries, and what each of its failures means."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import Enum
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from shared.errors import DeliveryError, PermanentFailureError, TemporaryFailureError, UnknownOutcomeError

TIMEOUT_SECONDS = 10.0
TOO_MANY_REQUESTS = 429
SERVER_FAULT = 500


class Meaning(Enum):
    """What a failure means for this recipient and for the channel."""

    TEMPORARY = "try again"
    RECIPIENT = "not to this number, at least not now"
    GONE = "there is no such number"
    OPTED_OUT = "the person sent STOP"
    CHANNEL = "nobody can be reached this way"
    UNKNOWN = "may have been taken"


# Twilio's error codes (https://www.twilio.com/docs/api/errors). Twilio warns not to build on the exact code: what is
# not listed goes by its HTTP status, and a 4xx that we do not know means "not delivered": the next channel at once.
CODES = {
    20003: Meaning.CHANNEL,  # wrong credentials
    20005: Meaning.CHANNEL,  # account not active
    20429: Meaning.TEMPORARY,  # too many requests
    21210: Meaning.CHANNEL,  # our caller number is not verified
    21211: Meaning.GONE,  # not a number
    21212: Meaning.CHANNEL,  # our sender is not a number
    21213: Meaning.CHANNEL,  # no caller number
    21214: Meaning.RECIPIENT,  # cannot be reached
    21215: Meaning.RECIPIENT,  # calls to this country are not permitted
    21216: Meaning.RECIPIENT,  # calls to this number are not permitted
    21217: Meaning.GONE,  # not a number that can be called
    21219: Meaning.CHANNEL,  # trial account
    21408: Meaning.RECIPIENT,  # region not permitted
    21603: Meaning.CHANNEL,  # no sender
    21606: Meaning.CHANNEL,  # the sender cannot send
    21608: Meaning.CHANNEL,  # trial account
    21610: Meaning.OPTED_OUT,
    21612: Meaning.RECIPIENT,  # no route from this sender
    21614: Meaning.GONE,  # not a mobile number
    21659: Meaning.CHANNEL,  # the sender is not ours
    30001: Meaning.TEMPORARY,  # queue overflow
    30002: Meaning.CHANNEL,  # account suspended
    30003: Meaning.RECIPIENT,  # handset unreachable: perhaps switched off
    30004: Meaning.RECIPIENT,  # blocked
    30005: Meaning.GONE,  # unknown handset
    30006: Meaning.GONE,  # landline
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


class TwilioAccount:
    """An account's credentials and its client, made when it is first needed.

    `base_url` replaces https://api.twilio.com.
    """

    def __init__(self, account: str, token: str, *, base_url: str = "", timeout: float = TIMEOUT_SECONDS) -> None:
        self._account, self._token = account, token
        self._base_url, self._timeout = base_url, timeout
        self._lock = threading.Lock()
        self._made: Client | None = None

    def client(self) -> Client:
        """The one client, safe to share between threads."""
        with self._lock:
            if self._made is None:
                http = Http(base_url=self._base_url, timeout=self._timeout)
                self._made = Client(self._account, self._token, http_client=http)
            return self._made


class Http(TwilioHttpClient):  # type: ignore[misc]  # the SDK is not typed
    """The SDK's own HTTP client with another host, no retries, and Twilio's wait kept when it names one."""

    def __init__(self, *, base_url: str, timeout: float) -> None:
        quiet = logging.getLogger(f"{__name__}.sdk")
        quiet.setLevel(logging.CRITICAL)  # the SDK would write numbers into the log
        super().__init__(timeout=timeout, logger=quiet)
        self._base = urlsplit(base_url)

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Response:  # noqa: ANN401
        """One request to Twilio's address, or to the other host."""
        if self._base.netloc:
            url = urlunsplit(urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc))
        response = super().request(method, url, *args, **options)
        if response.status_code == TOO_MANY_REQUESTS:
            raise TemporaryFailureError("20429", retry_after=_retry_after(response))
        return response


@contextmanager
def translated() -> Iterator[None]:
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
def asking() -> Iterator[None]:
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
                name,
                detail,
                channel_broken=meaning is Meaning.CHANNEL,
                opted_out=meaning is Meaning.OPTED_OUT,
                address_gone=meaning is Meaning.GONE,
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
