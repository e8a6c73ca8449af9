"""Who signed in with Firebase Authentication: checks the ID token that the responders' app sends."""

import requests
from google.auth import exceptions
from google.auth.transport.requests import Request
from google.oauth2 import id_token

from shared.errors import RefusedError

GOOGLE_KEYS = "https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com"
ISSUER = "https://securetoken.google.com/"
LONGEST_TOKEN = 8_192
CLOCKS_DIFFER_BY_SECONDS = 10


class FirebaseIdentities:
    """Implements `Identities` for one Firebase project; `keys` replaces the address of Google's public keys.

    Google's rules for these tokens: RS256 by one of the keys, not expired, `aud` the project, `iss` the project's,
    a subject (https://firebase.google.com/docs/auth/admin/verify-id-tokens).
    """

    def __init__(self, project: str, *, keys: str = "") -> None:
        self._project, self._keys = project, keys or GOOGLE_KEYS

    def email_of(self, authorization: str) -> str:
        """The verified address; keys that cannot be fetched raise TransportError, so that the app tries again."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
            raise RefusedError("no bearer token")
        claims = self._claims(token)
        if claims.get("iss") != f"{ISSUER}{self._project}" or not claims.get("sub"):
            raise RefusedError("the token is not of this project")
        if not claims.get("email") or claims.get("email_verified") is not True:
            raise RefusedError("the e-mail address is not verified", status=403)
        return str(claims["email"])

    def _claims(self, token: str) -> dict[str, object]:
        try:
            return dict(
                id_token.verify_token(
                    token,
                    Request(requests.Session()),
                    audience=self._project,
                    certs_url=self._keys,
                    clock_skew_in_seconds=CLOCKS_DIFFER_BY_SECONDS,
                )
            )
        except exceptions.TransportError:
            raise
        except (ValueError, exceptions.GoogleAuthError) as error:
            raise RefusedError("the token is not valid") from error
