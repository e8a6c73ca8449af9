"""Service accounts disabled and log buckets kept for longer, over Google's REST APIs with a signed session.

A log bucket can be locked for ever; what is wrong about that could never be put right. Its retention is raised instead,
which its owner can take back, and nothing that is there is lost meanwhile.
"""

import threading
from typing import Any
from urllib.parse import quote

import requests
from google.auth.exceptions import GoogleAuthError

from shared.adapters.given_credentials import Given
from shared.domain.containment import Effect
from shared.errors import ContainmentError

TIMEOUT_SECONDS = 15.0
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
KEPT_DAYS = 400  # as long as Google keeps the audit logs of the _Required bucket
ERRORS, NOT_FOUND, FORBIDDEN = 400, 404, 403


class Rest:
    """JSON over a session that signs; `base_url` replaces Google's hosts and `token` this machine's credentials."""

    def __init__(self, *, base_url: str = "", token: str = "") -> None:
        self._base_url, self._token = base_url, token
        self._lock = threading.Lock()
        self._made: requests.Session | None = None

    def ask(self, method: str, api: str, path: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - requests' own
        """The answer's document; raises ContainmentError, whose text is no more than a status and a name."""
        host = f"{self._base_url}/{api}" if self._base_url else f"https://{api}.googleapis.com"
        try:
            answer = self._session().request(method, f"{host}/{path}", timeout=TIMEOUT_SECONDS, **more)
        except (requests.RequestException, GoogleAuthError) as error:
            raise ContainmentError(f"{api} cannot be reached ({type(error).__name__})") from error
        if answer.status_code >= ERRORS:
            raise ContainmentError(_refusal(api, answer.status_code))
        return dict(answer.json())

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


class ServiceAccounts:
    """Implements `Containing`: a service account can do nothing any more, and its tokens are refused at once."""

    def __init__(self, rest: Rest, project: str) -> None:
        self._rest, self._project = rest, project

    def foresee(self, target: str) -> Effect:
        """Whether there is such an account that is not disabled already."""
        found = self._rest.ask("GET", "iam", self._path(target))
        if found.get("disabled") is True:
            return Effect(target, "is disabled already", is_change=False)
        name = str(found.get("displayName") or "without a name")
        return Effect(target, f"would be disabled ({name}); whatever runs as it stops")

    def carry_out(self, target: str) -> str:
        """Disable it; `gcloud iam service-accounts enable` takes that back."""
        self._rest.ask("POST", "iam", f"{self._path(target)}:disable", json={})
        return "disabled"

    def _path(self, email: str) -> str:
        return f"v1/projects/{self._project}/serviceAccounts/{quote(email, safe='@')}"


class LogBuckets:
    """Implements `Containing`: what is in a log bucket stays for at least `KEPT_DAYS`."""

    def __init__(self, rest: Rest, project: str) -> None:
        self._rest, self._project = rest, project

    def foresee(self, target: str) -> Effect:
        """How long its entries are kept now."""
        days = self._days(target)
        if days >= KEPT_DAYS:
            return Effect(target, f"keeps its entries for {days} days already", is_change=False)
        return Effect(target, f"would keep its entries for {KEPT_DAYS} days instead of {days}")

    def carry_out(self, target: str) -> str:
        """Raise the retention; never lower it."""
        days = self._days(target)
        if days < KEPT_DAYS:
            mask = {"updateMask": "retentionDays"}
            self._rest.ask("PATCH", "logging", self._path(target), params=mask, json={"retentionDays": KEPT_DAYS})
        return f"keeps its entries for {max(days, KEPT_DAYS)} days"

    def _days(self, target: str) -> int:
        return int(self._rest.ask("GET", "logging", self._path(target)).get("retentionDays", 30))

    def _path(self, bucket: str) -> str:
        return f"v2/projects/{self._project}/{bucket}"


def _refusal(api: str, status: int) -> str:
    words = {NOT_FOUND: "it does not exist", FORBIDDEN: "our account may not do that"}
    return f"{api} answered {status}: {words.get(status, 'see its logs')}"
