"""Who somebody is, and what they are shown."""

from collections.abc import Mapping
from typing import Protocol

from shared.ports.store import Body


class Identities(Protocol):
    """Who signed in to the responders' app. Firebase Authentication in production, a local issuer embedded."""

    def email_of(self, authorization: str) -> str:
        """The verified e-mail address behind an Authorization header.

        Raises RefusedError: 401 without a valid token, 403 when its address is not verified.
        """


class SignIn(Protocol):
    """How the readers of the pages prove who they are. One of a few adapters; which one is a setting."""

    def email_of(self, headers: Mapping[str, str]) -> str:
        """The verified e-mail address behind a request's headers, "" when they carry no proof.

        Raises RefusedError (401, or 403 when the address is not verified) for a proof that does not hold.
        """


class OpenView(Protocol):
    """Shows somebody a modal in Slack."""

    def __call__(self, trigger: str, view: Body) -> None:
        """Open it for whoever made the interaction of this trigger; raises DeliveryError when Slack does not."""
