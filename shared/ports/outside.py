"""What the looks from outside and at Firebase need from the world."""

from collections.abc import Sequence
from typing import Protocol

from shared.domain.answers import Answered
from shared.domain.firebase_services import Database, Site
from shared.domain.tls import Shown


class TlsInspector(Protocol):
    """Looks at an address's TLS as clients do, and as nobody should any more."""

    def look(self, host: str, port: int) -> Shown:
        """What it shows, however wrong it is. Raises SiteError for one that gives no TLS at all."""


class SiteHeaders(Protocol):
    """Reads how a website answers, without what."""

    def ask(self, url: str, *, follow: bool = True) -> Answered:
        """The answer, after its redirects when they are followed. Raises SiteError without one."""


class FirebaseServices(Protocol):
    """The marketplace's Firebase project. Google's APIs in production; embedded there is none.

    All raise SourceError, with the HTTP status (0: no answer), and NotMeasuredError where there is no project.
    """

    def sign_in(self) -> None:
        """Read the configuration of Firebase Authentication and forget it."""

    def database(self) -> Database:
        """The marketplace's database, "(default)"."""

    def sites(self) -> Sequence[Site]:
        """Every site of Firebase Hosting."""
