"""Our own functions called over HTTP, as the service that delivers to them calls them."""

from collections.abc import Callable, Mapping

import requests

TIMEOUT_SECONDS = 120


class OwnFunctions:
    """Implements `CallFunction`; `address` says where a function of a name stands.

    `with_tokens` sends an OIDC token of the account this runs as, made out to the function's address.
    """

    def __init__(
        self, address: Callable[[str], str], *, with_tokens: bool = False, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self._address = address
        self._with_tokens = with_tokens
        self._timeout = timeout

    def __call__(self, function: str, headers: Mapping[str, str], body: bytes) -> int:
        """POST the body; raises OSError when the function cannot be reached."""
        url = self._address(function)
        token = _token(url) if self._with_tokens else {}
        answer = requests.post(url, data=body, headers={**headers, **token}, timeout=self._timeout)
        return answer.status_code


def _token(audience: str) -> dict[str, str]:
    from google.auth.transport.requests import Request  # noqa: PLC0415 - only where functions check their callers
    from google.oauth2.id_token import fetch_id_token  # noqa: PLC0415

    return {"Authorization": f"Bearer {fetch_id_token(Request(), audience)}"}  # type: ignore[no-untyped-call]
