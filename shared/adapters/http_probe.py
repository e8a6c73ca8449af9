"""Probes of our own over HTTP: a name for each way in which an address can fail, and when its certificate ends."""

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import SplitResult, urljoin, urlsplit

from shared.domain.status_checks import Reason
from shared.ports.probing import Probed

MOST_REDIRECTS = 5
MOST_BYTES = 512 * 1024
PIECE = 16 * 1024
AGENT = "soukmon-probe/1"
OTHER_HOST = frozenset({62, 64})  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class _FailedError(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    location: str
    body: str
    certificate_ends: datetime | None


class HttpProber:
    """Implements `Prober`. `tls` replaces the machine's trusted certificates, `clock` the machine's stopwatch."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._tls, self._clock = tls, clock

    def look(self, url: str, *, slow_after: timedelta, contains: str = "", lacks: Sequence[str] = ()) -> Probed:
        """What came back, all redirects of the same host and the whole body within `slow_after`."""
        begun = self._clock()
        seen = _Seen()
        try:
            answer = self._followed(url, begun + slow_after.total_seconds(), seen)
            reason = _judged(answer, contains, lacks)
        except _FailedError as error:
            reason = error.reason
        except ValueError:  # an address that is none, mostly of a redirect
            reason = Reason.UNREACHABLE
        took = (self._clock() - begun) * 1000
        return Probed(reason, round(took, 1), seen.certificate_ends)

    def _followed(self, url: str, until: float, seen: "_Seen") -> _Answer:
        home = urlsplit(url).hostname
        visited: set[str] = set()
        while True:
            if url in visited or len(visited) > MOST_REDIRECTS:
                raise _FailedError(Reason.REDIRECT_LOOP)
            visited.add(url)
            parts = urlsplit(url)
            if not _same_host(home, parts.hostname):
                raise _FailedError(Reason.WRONG_HOST)
            answer = self._asked(parts, until, seen)
            if answer.status not in REDIRECTS or not answer.location:
                return answer
            url = urljoin(url, answer.location)

    def _asked(self, parts: SplitResult, until: float, seen: "_Seen") -> _Answer:
        connection = self._connection(parts, self._left(until))
        try:
            connection.connect()
            seen.certificate_ends = _certificate_end(connection.sock) or seen.certificate_ends
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", path, headers={"User-Agent": AGENT, "Accept": "*/*", "Cache-Control": "no-cache"})
            connection.sock.settimeout(self._left(until))
            response = connection.getresponse()
            body = self._read(response, connection.sock, until)
        except TimeoutError as error:
            raise _FailedError(Reason.SLOW) from error
        except socket.gaierror as error:
            raise _FailedError(Reason.DNS) from error
        except ssl.SSLCertVerificationError as error:
            raise _FailedError(Reason.WRONG_HOST if error.verify_code in OTHER_HOST else Reason.TLS) from error
        except ssl.SSLError as error:
            raise _FailedError(Reason.TLS) from error
        except (OSError, http.client.HTTPException) as error:
            raise _FailedError(Reason.UNREACHABLE) from error
        finally:
            connection.close()
        return _Answer(response.status, response.getheader("Location", ""), body, seen.certificate_ends)

    def _connection(self, parts: SplitResult, timeout: float) -> http.client.HTTPConnection:
        host = parts.hostname or ""
        if parts.scheme == "https":
            context = self._tls or ssl.create_default_context()
            return http.client.HTTPSConnection(host, parts.port, timeout=timeout, context=context)
        return http.client.HTTPConnection(host, parts.port, timeout=timeout)

    def _read(self, response: http.client.HTTPResponse, connection: socket.socket | None, until: float) -> str:
        """The body, or as much of it as is judged; who sends it drop by drop is slow all the same."""
        pieces = bytearray()
        while len(pieces) < MOST_BYTES:
            left = self._left(until)
            if connection is not None and connection.fileno() >= 0:
                connection.settimeout(left)
            piece = response.read1(PIECE)
            if not piece:
                break
            pieces += piece
        self._left(until)
        return pieces.decode("utf-8", "replace")

    def _left(self, until: float) -> float:
        left = until - self._clock()
        if left <= 0:
            raise _FailedError(Reason.SLOW)
        return left


@dataclass(slots=True)
class _Seen:
    certificate_ends: datetime | None = None


def _judged(answer: _Answer, contains: str, lacks: Sequence[str]) -> str:
    if not http.client.OK <= answer.status < http.client.MULTIPLE_CHOICES:
        return Reason.STATUS
    wrong = (contains and contains not in answer.body) or any(text in answer.body for text in lacks)
    return Reason.BODY if wrong else ""


def _same_host(home: str | None, host: str | None) -> bool:
    """A redirect between example.org and www.example.org stays at home."""
    return (home or "").removeprefix("www.") == (host or "").removeprefix("www.")


def _certificate_end(connection: object) -> datetime | None:
    if not isinstance(connection, ssl.SSLSocket):
        return None
    certificate = connection.getpeercert() or {}
    ends = str(certificate.get("notAfter", ""))
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if ends else None
