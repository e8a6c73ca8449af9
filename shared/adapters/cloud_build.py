"""Cloud Build triggers that put back what ran before (REST v1, projects.locations.triggers)."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

import requests

from shared.adapters.rollback_calls import TIMEOUT_SECONDS, answered
from shared.domain.rollbacks import RollbackTarget
from shared.errors import PermanentFailureError, TemporaryFailureError
from shared.ports.acting import RollbackCall

HOST = "https://cloudbuild.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"


@dataclass(frozen=True, slots=True)
class CloudBuildRollbacks:
    """Implements `RollbackTriggers` for triggers of `project`.

    `base_url` replaces Google's host and `token` the machine's own credentials (the sandbox's).
    """

    project: str
    base_url: str = ""
    token: str = ""
    timeout: float = TIMEOUT_SECONDS

    def check(self, target: RollbackTarget) -> str:
        """Read the trigger: it is there, we may see it, and nobody has switched it off."""
        session = self._session()
        answer = answered(partial(session.get, self._url(target), timeout=self.timeout, allow_redirects=False))
        if answer.json().get("disabled"):
            raise PermanentFailureError("disabled", f"the trigger {target.build_trigger} is switched off")
        return f"the trigger {target.build_trigger} is there"

    def run(self, target: RollbackTarget, call: RollbackCall) -> str:
        """Run the trigger; its build finds the window's id in `_SOUKMON_WINDOW`."""
        session = self._session()
        substitutions = {"_SOUKMON_WINDOW": call.window, "_SOUKMON_NONCE": call.nonce}
        body = {
            "projectId": self.project,
            "triggerId": target.build_trigger,
            "source": {"substitutions": substitutions},
        }
        post = partial(session.post, f"{self._url(target)}:run", json=body, timeout=self.timeout, allow_redirects=False)
        return f"build {_build(answered(post).json())}"

    def _url(self, target: RollbackTarget) -> str:
        place = f"projects/{self.project}/locations/{quote(target.region, safe='')}"
        return f"{self.base_url or HOST}/v1/{place}/triggers/{quote(target.build_trigger, safe='')}"

    def _session(self) -> requests.Session:
        if self.token:
            session = requests.Session()
            session.headers["Authorization"] = f"Bearer {self.token}"
            return session
        import google.auth  # noqa: PLC0415 - the sandbox needs no credentials
        from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415
        from google.auth.transport.requests import AuthorizedSession  # noqa: PLC0415

        try:
            credentials, _ = google.auth.default(scopes=[SCOPE])
        except GoogleAuthError as error:
            raise TemporaryFailureError("no credentials", type(error).__name__) from error
        return AuthorizedSession(credentials)  # type: ignore[no-untyped-call]


def _build(operation: dict[str, Any]) -> str:
    """The id of the build that an operation of Cloud Build is about."""
    build = (operation.get("metadata") or {}).get("build") or {}
    return str(build.get("id") or operation.get("name") or "without an id")
