"""Sign-ins by a token that the reader brings along: this machine's own, or one of Firebase Authentication."""

import hmac
from collections.abc import Mapping

from shared.errors import RefusedError
from shared.ports.people import Identities

AUTHORIZATION = "Authorization"
SHORTEST_TOKEN = 32
AS = "~"


class FirebaseSignIn:
    """Implements `SignIn` with the ID token of the responders' app, which the session's cookie is then made of."""

    def __init__(self, identities: Identities) -> None:
        self._identities = identities

    def email_of(self, headers: Mapping[str, str]) -> str:
        """The verified address of the token."""
        given = headers.get(AUTHORIZATION, "")
        return self._identities.email_of(given) if given else ""


class LocalSignIn:
    """Implements `SignIn` on one machine: whoever may read the token of its state folder is the first of `emails`.

    `TOKEN~mona` is Mona, so that one person can look at the pages as each of them.
    """

    def __init__(self, token: str, emails: Mapping[str, str]) -> None:
        self._token, self._emails = token, emails

    def email_of(self, headers: Mapping[str, str]) -> str:
        """The address of whom the token stands for."""
        scheme, _, given = headers.get(AUTHORIZATION, "").partition(" ")
        if not scheme:
            return ""
        secret, _, person = given.partition(AS)
        known = hmac.compare_digest(secret.encode(), self._token.encode()) and len(self._token) >= SHORTEST_TOKEN
        if scheme.lower() != "bearer" or not known:
            raise RefusedError("the token is not valid")
        return self._emails.get(person, "nobody") if person else next(iter(self._emails.values()), "nobody")


class NoSignIn:
    """Implements `SignIn` where none was chosen: nobody is let in."""

    def email_of(self, headers: Mapping[str, str]) -> str:
        """Nobody's."""
        del headers
        return ""
