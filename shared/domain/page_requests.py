"""A request for a page as it arrived; nothing of it is believed yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, by which means, and from where. `host` is the name that the reader's browser asked."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    host: str = ""
    is_secure: bool = False

    @property
    def changes_something(self) -> bool:
        """False for requests that only look."""
        return self.method not in {"GET", "HEAD"}

    @property
    def is_of_a_program(self) -> bool:
        """True where the answer is JSON."""
        return self.path.startswith("/api/")


def is_from_our_page(asked: Asked) -> bool:
    """Whether the browser says that a page of this very host sent the form.

    Every browser of today says so with each POST: `Sec-Fetch-Site`, or at least `Origin`. What says neither is refused.
    """
    site = asked.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    scheme = "https" if asked.is_secure else "http"
    return bool(asked.host) and asked.headers.get("Origin") == f"{scheme}://{asked.host}"
