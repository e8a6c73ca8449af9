"""What the checks of a project look at: its estate by the files, Google's APIs, the secrets, and the time."""

import base64
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from infra.tools.doctor.google import FORBIDDEN, SCOPE, GoogleApis
from infra.tools.doctor.outcomes import CheckError, Outcome, State, fine
from infra.tools.estate import Estate

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

SECRETS = "https://secretmanager.googleapis.com/v1"


@dataclass(frozen=True)
class Site:
    """`given` are environment variables that take the place of secrets in the project."""

    estate: Estate
    google: GoogleApis
    now: datetime
    given: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @property
    def place(self) -> str:
        """The project's region as the APIs name it."""
        return f"projects/{self.estate.project}/locations/{self.estate.region}"

    @cached_property
    def number(self) -> str:
        """The project's number, of which the functions' addresses are made."""
        found = self.google.get(f"https://cloudresourcemanager.googleapis.com/v3/projects/{self.estate.project}")
        return str(found["name"]).partition("/")[2]

    def secret(self, name: str) -> str:
        """The value that functions read, for a provider's ears only; raises CheckError (skipped) without the right.

        A variable of that name goes first, so that somebody who may not read secrets can still try a token.
        """
        if self.given.get(name):
            return self.given[name]
        address = f"{SECRETS}/projects/{self.estate.project}/secrets/{name}/versions/{self.estate.secrets[name]}:access"
        try:
            found = self.google.get(address)
        except CheckError as error:
            if f"answered {FORBIDDEN}" not in str(error):
                raise
            fix = f"set {name} in the environment, or grant roles/secretmanager.secretAccessor on it to whoever asks"
            raise CheckError(f"{name} may not be read here", fix, state=State.SKIPPED) from error
        return base64.b64decode(found["payload"]["data"]).decode()


def signed_in(default: "Callable[[], tuple[Credentials, str | None]] | None" = None) -> "tuple[Credentials, Outcome]":
    """The credentials of this machine and whose they are; raises CheckError when there are none.

    `default` is google.auth.default with our scope, replaced in tests.
    """
    import google.auth  # noqa: PLC0415 - heavy, and a check of this machine needs none
    from google.auth.exceptions import DefaultCredentialsError  # noqa: PLC0415

    try:
        credentials, _ = default() if default else google.auth.default(scopes=[SCOPE])
    except DefaultCredentialsError as error:
        fix = "run `gcloud auth application-default login`, or name a key file in GOOGLE_APPLICATION_CREDENTIALS"
        raise CheckError("nobody is signed in to Google Cloud", fix) from error
    return credentials, fine(f"signed in as {_whose(credentials)}")


def session(credentials: "Credentials") -> GoogleApis:
    """The APIs as the credentials' owner asks them."""
    from google.auth.transport.requests import AuthorizedSession  # noqa: PLC0415

    return GoogleApis(AuthorizedSession(credentials))  # type: ignore[no-untyped-call]


def _whose(credentials: "Credentials") -> str:
    """A service account by its address, a person only as such: addresses of people are not shown."""
    account = str(getattr(credentials, "service_account_email", "") or "")
    return account if account not in {"", "default"} else "a person's own account, or the machine's"
