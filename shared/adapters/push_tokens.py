"""Checks the OIDC token of a Pub/Sub push: signature, audience, expiry, and that it is our own push account's."""

import json
from pathlib import Path

from google.auth import exceptions, jwt

from shared.errors import RefusedError

GOOGLE_KEYS = "https://www.googleapis.com/oauth2/v1/certs"
ISSUERS = frozenset({"https://accounts.google.com", "accounts.google.com"})


def check(authorization: str, *, audience: str, account: str, keys: str = "") -> None:
    """Raise RefusedError: 401 without a valid token, 403 when it is valid but not for us or not by an account of ours.

    Google leaves the check of `email` and `email_verified` to the receiver. `keys` is a JSON file {key id: PEM}.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise RefusedError("no bearer token")
    try:
        claims = jwt.decode(token, certs=_keys(keys))  # type: ignore[no-untyped-call]
    except (ValueError, exceptions.GoogleAuthError) as error:
        raise RefusedError("the token is not valid") from error
    accounts = account.split(",")
    wrong_account = bool(account) and (claims.get("email") not in accounts or claims.get("email_verified") is not True)
    if claims.get("aud") != audience or claims.get("iss") not in ISSUERS or wrong_account:
        raise RefusedError("the token is not for this function", status=403)


def _keys(path: str) -> dict[str, str]:
    if path:
        return dict(json.loads(Path(path).read_text(encoding="utf-8")))
    import requests  # noqa: PLC0415 - only where Google's own keys are fetched
    from google.auth.transport.requests import Request  # noqa: PLC0415

    response = Request(requests.Session())(GOOGLE_KEYS, method="GET")
    return dict(json.loads(response.data))
