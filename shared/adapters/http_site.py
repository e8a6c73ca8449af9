"""Files of a deployed website over HTTP: what a browser reads, and how many bytes came over the wire for it."""

import zlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from shared.errors import SiteError
from shared.ports.audits import Fetched

if TYPE_CHECKING:
    import requests

AGENT = "soukmon-audit/1"
TIMEOUT_SECONDS = 20.0
MOST_BYTES = 25_000_000
PIECE = 64 * 1024
COMPRESSED, PLAIN = "br, gzip", "identity"


class HttpSite:
    """Implements `SiteReader`.

    Each file is asked for twice: compressed, to count what comes over the wire whatever the coding is, and plain, to
    read it; so no coding has to be known here but the one (gzip) that servers send unasked.
    """

    def fetch(self, url: str) -> Fetched:
        """See `SiteReader`."""
        if urlsplit(url).scheme not in {"http", "https"}:
            raise SiteError(f"{url} is no address of a website")
        import requests  # noqa: PLC0415 - only where a site is looked at

        try:
            with requests.Session() as session:
                compressed, _, sent = _asked(session, url, COMPRESSED)
                if compressed.status_code != requests.codes.ok:
                    return _fetched(compressed, b"", len(sent))
                plain, coding, body = _asked(session, url, PLAIN)
        except requests.RequestException as error:
            raise SiteError(f"{url} gives no answer ({type(error).__name__})") from error
        return _fetched(plain, _decoded(url, coding, body), len(sent))


def _asked(session: "requests.Session", url: str, accept: str) -> "tuple[requests.Response, str, bytes]":
    """The answer, its coding, and its bytes as they came; redirects are followed as a browser does."""
    import requests  # noqa: PLC0415 - see above
    from urllib3.exceptions import HTTPError  # noqa: PLC0415 - what a broken stream raises

    headers = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": accept}
    with session.get(url, headers=headers, timeout=TIMEOUT_SECONDS, stream=True) as answer:
        pieces = bytearray()
        try:
            while piece := answer.raw.read(PIECE, decode_content=False):
                pieces += piece
                if len(pieces) > MOST_BYTES:
                    raise SiteError(f"{url} is larger than {MOST_BYTES:,} bytes")
        except (OSError, HTTPError) as error:
            raise requests.ConnectionError(type(error).__name__) from error
        return answer, answer.headers.get("Content-Encoding", "").lower(), bytes(pieces)


def _fetched(answer: "requests.Response", body: bytes, transferred: int) -> Fetched:
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Fetched(answer.url, answer.status_code, kind, body, transferred)


def _decoded(url: str, coding: str, body: bytes) -> bytes:
    if coding in {"", PLAIN}:
        return body
    if coding not in {"gzip", "x-gzip"}:
        raise SiteError(f"{url} comes as {coding} although it was asked for plain")
    try:
        unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        plain = unpacking.decompress(body, MOST_BYTES + 1)
    except zlib.error as error:
        raise SiteError(f"{url} is no valid gzip") from error
    if not unpacking.eof or len(plain) > MOST_BYTES:
        raise SiteError(f"{url} is larger than {MOST_BYTES:,} bytes, or cut off")
    return plain
