"""Firebase where there is no project: nothing to look at."""

from typing import NoReturn

from shared.domain.firebase_services import Database, Site
from shared.errors import NotMeasuredError

WHY = "no Firebase project is reached from one machine; set SOUKMON_ENGINE=google and GOOGLE_CLOUD_PROJECT"


class NoFirebase:
    """Implements `FirebaseServices`: it says that there is none, and what to set."""

    def sign_in(self) -> None:
        """Nothing to sign in to."""
        _refuse()

    def database(self) -> Database:
        """No Firestore."""
        _refuse()

    def sites(self) -> list[Site]:
        """No Hosting."""
        _refuse()


def _refuse() -> NoReturn:
    raise NotMeasuredError(WHY)
