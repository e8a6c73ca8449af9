"""A review of access where there is no project to review: an installation on one machine."""

from typing import NoReturn

from shared.errors import SourceError

HERE = "there is no project of Google's here; set GOOGLE_APIS_URL to review one that answers as Google does"


class NoAccessReview:
    """Implements `AccessReview` and `SecurityRules` by saying that there is nothing."""

    def bindings(self) -> NoReturn:
        """Raises SourceError, as all of them."""
        raise SourceError(HERE)

    buckets = services = keys = deployed = bindings
