"""Google's REST APIs, with a session that signs: what every reader and every measure has in common."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import requests
from google.auth.exceptions import GoogleAuthError

from shared.adapters.given_credentials import Given
from shared.errors import SourceError

TIMEOUT_SECONDS = 15.0
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
ERRORS, NOT_FOUND, FORBIDDEN = 400, 404, 403
PAGES = 1_000

Refusal = Callable[[str, int], Exception]  # what was refused, and the HTTP status (0: not reached) -> the error


def _source(text: str, status: int) -> SourceError:
    return SourceError(text, status=status)


class Rest:
    """JSON over a session that signs; `base_url` replaces Google's hosts and `token` this machine's credentials."""

    def __init__(self, *, base_url: str = "", token: str = "", refusal: Refusal = _source) -> None:
        self._base_url, self._token, self._refusal = base_url, token, refusal
        self._lock = threading.Lock()
        self._made: requests.Session | None = None

    def ask(self, method: str, api: str, path: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - requests' own
        """The answer's document; raises the refusal, whose text is no more than a status and a name."""
        host = f"{self._base_url}/{api}" if self._base_url else f"https://{api}.googleapis.com"
        try:
            answer = self._session().request(method, f"{host}/{path}", timeout=TIMEOUT_SECONDS, **more)
        except (requests.RequestException, GoogleAuthError) as error:
            raise self._refusal(f"{api} cannot be reached ({type(error).__name__})", 0) from error
        if answer.status_code >= ERRORS:
            raise self._refusal(_said(api, answer.status_code), answer.status_code)
        return dict(answer.json())

    def pages(self, api: str, path: str, items: str, **parameters: str) -> Iterator[dict[str, Any]]:
        """Every item of a list over all of its pages (pageToken, nextPageToken; AIP-158)."""
        token = ""
        for _ in range(PAGES):
            given = {**parameters, "pageToken": token} if token else parameters
            answer = self.ask("GET", api, path, params=given)
            yield from answer.get(items) or ()
            token = str(answer.get("nextPageToken") or "")
            if not token:
                return
        raise self._refusal(f"{api} goes on without an end", 0)

    def _session(self) -> requests.Session:
        with self._lock:
            if self._made is None:
                self._made = self._signed()
            return self._made

    def _signed(self) -> requests.Session:
        import google.auth  # noqa: PLC0415 - only where something is to be done
        from google.auth.transport.requests import AuthorizedSession  # noqa: PLC0415

        chosen = Given(self._token) if self._token else google.auth.default(scopes=[SCOPE])[0]
        return AuthorizedSession(chosen)  # type: ignore[no-untyped-call]


def _said(api: str, status: int) -> str:
    words = {NOT_FOUND: "it does not exist", FORBIDDEN: "our account may not do that"}
    return f"{api} answered {status}: {words.get(status, 'see its logs')}"
