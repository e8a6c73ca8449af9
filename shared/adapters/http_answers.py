"""Answers of websites without their bodies: status, every header as it came, and what ALPN agreed on."""

import socket
import ssl
from urllib.parse import urlsplit

from shared.domain.answers import Answered
from shared.errors import SiteError

AGENT = "soukmon-audit/1"
TIMEOUT_SECONDS = 15.0
OFFERED = ["h2", "http/1.1"]
HTTPS = 443


class HttpAnswers:
    """Implements `SiteHeaders`. `trusted` is a file of certificates in place of the usual ones."""

    def __init__(self, *, trusted: str = "") -> None:
        self._trusted = trusted

    def ask(self, url: str, *, follow: bool = True) -> Answered:
        """See `SiteHeaders`."""
        if urlsplit(url).scheme not in {"http", "https"}:
            raise SiteError(f"{url} is no address of a website")
        import requests  # noqa: PLC0415 - only where a site is looked at

        asked = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "br, gzip"}
        with requests.Session() as session:
            try:
                with session.get(
                    url,
                    headers=asked,
                    timeout=TIMEOUT_SECONDS,
                    stream=True,
                    allow_redirects=follow,
                    verify=self._trusted or True,
                ) as answer:
                    headers = tuple((str(name), str(value)) for name, value in answer.raw.headers.items())
                    final, status = str(answer.url), answer.status_code
            except (requests.RequestException, ValueError) as error:
                raise SiteError(f"{url} gives no answer ({type(error).__name__})") from error
        return Answered(final, status, headers, self._agreed(final))

    def _agreed(self, url: str) -> str:
        """A handshake of its own: the client above offers HTTP/1.1 alone (ALPN, RFC 7301)."""
        parts = urlsplit(url)
        if parts.scheme != "https":
            return ""
        context = ssl.create_default_context(cafile=self._trusted or None)
        context.set_alpn_protocols(OFFERED)
        host = parts.hostname or ""
        try:
            with (
                socket.create_connection((host, parts.port or HTTPS), timeout=TIMEOUT_SECONDS) as plain,
                context.wrap_socket(plain, server_hostname=host) as secured,
            ):
                return secured.selected_alpn_protocol() or "http/1.1"
        except OSError as error:
            raise SiteError(f"{url} gives no TLS ({type(error).__name__})") from error
