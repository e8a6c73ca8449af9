"""Users of Firebase Authentication: their sessions ended, their passwords made useless.

Ending sessions alone does not keep out whoever knows the password: they sign in again. Therefore a required reset sets
a password that nobody knows (which ends all sessions too) and has Google mail the user a link to choose a new one. The
mail is Google's, so that no customer's address ever comes to us. Users without a password (Google, Apple ...) only
have their sessions ended. An ID token that was issued already stays valid for up to an hour, unless the backend asks
for `check_revoked`.
"""

import secrets
import threading
import time
from typing import Any

import requests
from firebase_admin import (
    _http_client,
    _user_mgt,
    credentials,
    exceptions,
)
from google.auth.exceptions import GoogleAuthError

from shared.adapters.given_credentials import Given
from shared.domain.containment import Effect
from shared.errors import ContainmentError

TIMEOUT_SECONDS = 15.0
PASSWORD = "password"  # noqa: S105 - the provider's id


class FirebaseUsers:
    """The project's users by uid. `base_url` replaces Google's address and `token` this machine's credentials.

    The SDK's public functions take another address from the environment alone, for the whole process; its user manager
    takes one as an argument.
    """

    def __init__(self, project: str, *, base_url: str = "", token: str = "") -> None:
        self._project, self._base_url, self._token = project, base_url, token
        self._lock = threading.Lock()
        self._made: Any = None

    def look_up(self, uid: str) -> dict[str, Any]:
        """The user's record; raises ContainmentError, also for a user that does not exist."""
        return dict(self._asked(lambda users: users.get_user(uid=uid)))

    def change(self, uid: str, **values: object) -> None:
        """Change the record."""
        self._asked(lambda users: users.update_user(uid, **values))

    def mail_reset_link(self, email: str) -> None:
        """Have Google mail the link by which the user chooses a new password."""
        wanted = {"requestType": "PASSWORD_RESET", "email": email}
        self._asked(lambda users: users.http_client.body("post", f"{users.base_url}/accounts:sendOobCode", json=wanted))

    def _asked(self, ask: Any) -> Any:  # noqa: ANN401 - the SDK is not typed
        try:
            return ask(self._users())
        except exceptions.NotFoundError as error:
            raise ContainmentError("there is no such user") from error
        except (exceptions.FirebaseError, GoogleAuthError, requests.RequestException) as error:
            raise ContainmentError(f"Firebase did not take it ({_why(error)})") from error

    def _users(self) -> Any:  # noqa: ANN401
        with self._lock:
            if self._made is None:
                chosen = Given(self._token) if self._token else credentials.ApplicationDefault()
                client = _http_client.JsonHttpClient(credential=chosen.get_credential(), timeout=TIMEOUT_SECONDS)
                url = f"{self._base_url}/identitytoolkit/v1" if self._base_url else None
                self._made = _user_mgt.UserManager(client, self._project, url_override=url)
            return self._made


class Sessions:
    """Implements `Containing`: all sessions of a user end."""

    def __init__(self, users: FirebaseUsers) -> None:
        self._users = users

    def foresee(self, target: str) -> Effect:
        """Whose sessions would end."""
        self._users.look_up(target)
        return Effect(target, "would be signed out everywhere (within the hour that an ID token lives)")

    def carry_out(self, target: str) -> str:
        """Revoke every refresh token that was issued until now."""
        self._users.change(target, valid_since=int(time.time()))
        return "signed out everywhere"


class Passwords:
    """Implements `Containing`: a user has to choose a new password."""

    def __init__(self, users: FirebaseUsers) -> None:
        self._users = users

    def foresee(self, target: str) -> Effect:
        """Whether there is a password to be made useless."""
        user = self._users.look_up(target)
        if not _has_password(user):
            return Effect(target, "has no password here; would be signed out everywhere")
        return Effect(target, "the password would stop working, and Google would mail a link to choose a new one")

    def carry_out(self, target: str) -> str:
        """The password that nobody knows comes first: a mail that fails must not leave the old one working."""
        user = self._users.look_up(target)
        if not _has_password(user):
            self._users.change(target, valid_since=int(time.time()))
            return "signed out everywhere; has no password here"
        self._users.change(target, password=secrets.token_urlsafe(48), valid_since=int(time.time()))
        try:
            self._users.mail_reset_link(str(user["email"]))
        except ContainmentError as error:
            raise ContainmentError(f"the password stopped working, but no link was mailed: {error}") from error
        return "the password stopped working; a link to choose a new one was mailed"


def _has_password(user: dict[str, Any]) -> bool:
    providers = user.get("providerUserInfo") or []
    return bool(user.get("email")) and any(one.get("providerId") == PASSWORD for one in providers)


def _why(error: Exception) -> str:
    code = getattr(error, "code", None)
    return str(code) if code else type(error).__name__
