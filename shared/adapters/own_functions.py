"""Our own functions called over HTTP, as the service that delivers to them calls them."""

from collections.abc import Mapping

import requests

TIMEOUT_SECONDS = 120


class OwnFunctions:
    """Implements `CallFunction`: each function stands under `base_url` by its name.

    With an `audience`, calls carry an OIDC token of the account this runs as.
    """

    def __init__(self, base_url: str, *, audience: str = "", timeout: float = TIMEOUT_SECONDS) -> None:
        self._base_url = base_url.rstrip("/")
        self._audience = audience
        self._timeout = timeout

    def __call__(self, function: str, headers: Mapping[str, str], body: bytes) -> int:
        """POST the body; raises OSError when the function cannot be reached."""
        url = f"{self._base_url}/{function}"
        answer = requests.post(url, data=body, headers={**headers, **self._token()}, timeout=self._timeout)
        return answer.status_code

    def _token(self) -> dict[str, str]:
        if not self._audience:
            return {}
        from google.auth.transport.requests import Request  # noqa: PLC0415 - only where functions check their callers
        from google.oauth2.id_token import fetch_id_token  # noqa: PLC0415

        return {"Authorization": f"Bearer {fetch_id_token(Request(), self._audience)}"}  # type: ignore[no-untyped-call]
