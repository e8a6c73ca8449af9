"""How a website answered: status and headers, without the body."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer without its body: `headers` as they came, by name; one name may come several times (Set-Cookie).

    `url` is the address after redirects, `protocol` what ALPN agreed on ("h2", "http/1.1", "" without TLS).
    """

    url: str
    status: int
    headers: Sequence[tuple[str, str]] = ()
    protocol: str = ""

    def all(self, name: str) -> list[str]:
        """Every value of the header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def get(self, name: str) -> str:
        """Its values as one, as RFC 9110 5.2 puts them together; "" without one."""
        return ", ".join(self.all(name))

    @property
    def kind(self) -> str:
        """The media type without its parameters."""
        return self.get("Content-Type").partition(";")[0].strip().lower()
