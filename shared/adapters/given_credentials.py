"""A token that somebody gave us, in the shape in which Google's and Firebase's clients ask for credentials."""

from firebase_admin import credentials
from google.auth.credentials import Credentials


class Given(credentials.Base, Credentials):  # type: ignore[misc]
    """A token that is given and stays."""

    def __init__(self, token: str) -> None:
        Credentials.__init__(self)  # type: ignore[no-untyped-call]
        self.token = token

    def get_credential(self) -> Credentials:
        """The SDK's way to ask for it."""
        return self

    def refresh(self, request: object) -> None:
        """There is no other; a refusal of this one comes back to us."""
        del request
