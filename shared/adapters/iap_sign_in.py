"""Who Identity-Aware Proxy let through: checks the token that it signs for each request."""

import threading
import time
from collections.abc import Mapping

import requests
from google.auth import exceptions, jwt

from shared.errors import RefusedError

GOOGLE_KEYS = "https://www.gstatic.com/iap/verify/public_key"
HEADER = "X-Goog-Iap-Jwt-Assertion"
ISSUER = "https://cloud.google.com/iap"
ALGORITHM = "ES256"
LONGEST_TOKEN = 8_192
CLOCKS_DIFFER_BY_SECONDS = 30
KEYS_LAST_SECONDS = 3_600
ASK_AGAIN_AFTER_SECONDS = 60
PATIENCE_SECONDS = 5


class IapSignIn:
    """Implements `SignIn` behind Identity-Aware Proxy; `keys` replaces the address of Google's public keys.

    Google's rules: ES256 by the key that the token names, `iss` as above, `aud` this service, `exp` and `iat` with 30 s
    for clocks that differ (https://cloud.google.com/iap/docs/signed-headers-howto). The unsigned headers beside it are
    never read: whoever gets past the proxy can write them.
    """

    def __init__(self, audience: str, *, keys: str = "") -> None:
        self._audience, self._keys = audience, _Keys(keys or GOOGLE_KEYS)

    def email_of(self, headers: Mapping[str, str]) -> str:
        """The address that signed in at the proxy; keys that cannot be fetched raise TransportError."""
        token = headers.get(HEADER, "")
        if not token:
            return ""
        claims = self._claims(token)
        if claims.get("iss") != ISSUER or not claims.get("sub"):
            raise RefusedError("the token is not of Identity-Aware Proxy")
        email = claims.get("email")
        if not isinstance(email, str) or not email:
            raise RefusedError("the token names no address")
        # In front of Identity Platform it reads "securetoken.google.com/project:somebody@...".
        return email.rpartition(":")[2]

    def _claims(self, token: str) -> Mapping[str, object]:
        if not self._audience or len(token) > LONGEST_TOKEN:
            raise RefusedError("the token is not valid")
        try:
            header = jwt.decode_header(token)  # type: ignore[no-untyped-call]
            key = self._keys.get(str(header.get("kid", "")))
            if header.get("alg") != ALGORITHM or key is None:
                raise RefusedError("the token is not valid")
            return dict(
                jwt.decode(  # type: ignore[no-untyped-call]
                    token, certs=key, audience=self._audience, clock_skew_in_seconds=CLOCKS_DIFFER_BY_SECONDS
                )
            )
        except (ValueError, TypeError, AttributeError, exceptions.GoogleAuthError) as error:
            if isinstance(error, exceptions.TransportError):
                raise
            raise RefusedError("the token is not valid") from error


class _Keys:
    """The proxy's public keys by id, kept for an hour; an unknown id asks again, once a minute at most."""

    def __init__(self, url: str) -> None:
        self._url, self._lock = url, threading.Lock()
        self._found: Mapping[str, str] = {}
        self._asked_at = float("-inf")

    def get(self, name: str) -> str | None:
        """The key of that id, in PEM; None for one that the proxy does not have."""
        with self._lock:
            age = time.monotonic() - self._asked_at
            if age > KEYS_LAST_SECONDS or (name not in self._found and age > ASK_AGAIN_AFTER_SECONDS):
                self._found, self._asked_at = self._fetched(), time.monotonic()
            return self._found.get(name)

    def _fetched(self) -> Mapping[str, str]:
        try:
            answer = requests.get(self._url, timeout=PATIENCE_SECONDS)
            answer.raise_for_status()
            return {str(name): str(key) for name, key in answer.json().items()}
        except (requests.RequestException, ValueError, AttributeError) as error:
            raise exceptions.TransportError("the proxy's keys cannot be fetched") from error  # type: ignore[no-untyped-call]
