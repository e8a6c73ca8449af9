"""What every page needs: the ports, who is looking, and answers with the headers that keep a browser safe."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlencode

from shared.domain.configuration import Configuration
from shared.domain.oncall import Person
from shared.domain.page_requests import Asked
from shared.domain.permissions import Permission, permissions_of
from shared.ports.objects import ObjectStore
from shared.ports.people import SignIn
from shared.ports.platform import Clock, Publisher
from shared.ports.store import StateStore
from shared.ports.warehouse import Warehouse
from shared.rendering.navigation import navigation
from shared.usecases.sessions import LASTS, SAID, SESSION, form_token, words_of

Answer = tuple[str | bytes, int, list[tuple[str, str]]]
HTML, JSON, SVG = "text/html; charset=utf-8", "application/json", "image/svg+xml"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
SAFE = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Robots-Tag", "noindex"),
    ("Strict-Transport-Security", "max-age=31536000"),
)


DRAWN = ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")  # a picture's own


class Mode(StrEnum):
    """How readers prove who they are; NONE refuses everybody."""

    IAP = "iap"
    FIREBASE = "firebase"
    LOCAL = "local"
    NONE = ""

    @property
    def keeps_sessions(self) -> bool:
        """True where a sign-in becomes a cookie; the proxy proves each request anew."""
        return self in {Mode.FIREBASE, Mode.LOCAL}


@dataclass(frozen=True, slots=True)
class Site:
    """The ports of one request; `keys` sign cookies and forms, the last one is the newest.

    `warehouse` and `archive` (of reports) make their clients when a page first asks for figures or a file; the pages of
    incidents never do.
    """

    mode: Mode
    sign_in: SignIn
    keys: Sequence[str]
    config: Configuration
    store: StateStore
    publisher: Publisher
    clock: Clock
    warehouse: Callable[[], Warehouse]
    archive: Callable[[], ObjectStore]

    @property
    def ports(self) -> dict[str, Any]:
        """The keyword arguments of `act`."""
        return {"config": self.config, "store": self.store, "publisher": self.publisher, "clock": self.clock}


@dataclass(frozen=True, slots=True)
class Visit:
    """A request by somebody we know. `arguments` are the parts of its path, `secret` is what makes its forms ours."""

    asked: Asked
    site: Site
    person: Person
    now: datetime
    locale: str = "en"
    secret: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)

    @property
    def permissions(self) -> frozenset[Permission]:
        """What this person may do."""
        return permissions_of(self.person, self.site.config.directory)

    @property
    def frame(self) -> dict[str, Any]:
        """What the frame around every page shows."""
        said = words_of(self.asked.cookies.get(cookie_name(SAID, self.asked), ""), keys=self.site.keys)
        return {
            "reader": self.person.name,
            "token": form_token(self.person.id, self.secret, keys=self.site.keys),
            "said": said,
            "signs_out": self.site.mode.keeps_sessions,
            "turned": turned(self.asked, self.locale),
            "pages": navigation(self.site.config.reporting.dashboards, self.asked.path, self.locale),
        }


def turned(asked: Asked, locale: str) -> str:
    """The address of the same page in the other language."""
    return f"{quote(asked.path)}?{urlencode({**asked.query, 'lang': 'en' if locale == 'ar' else 'ar'})}"


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie of ours: never sent along with requests that other sites make, but for a click that leads here."""

    name: str
    value: str
    lasts: timedelta | None = None

    def header(self, asked: Asked) -> tuple[str, str]:
        """Its Set-Cookie header; one that no page of another (sub)domain can plant, where the address is secure."""
        parts = [f"{cookie_name(self.name, asked)}={self.value}", "Path=/", "SameSite=Lax", "HttpOnly"]
        parts += [f"Max-Age={int(self.lasts.total_seconds())}"] if self.lasts is not None else []
        return "Set-Cookie", "; ".join([*parts, "Secure"] if asked.is_secure else parts)


def cookie_name(name: str, asked: Asked) -> str:
    """The cookie's name in this browser."""
    return f"__Host-{name}" if asked.is_secure else name


def page(body: str | bytes, status: int = 200, *, kind: str = HTML, cached: str = "no-store") -> Answer:
    """An answer that may not be framed, sniffed, indexed, kept, or made to load anything from elsewhere."""
    return body, status, [("Content-Type", kind), ("Cache-Control", cached), *SAFE]


def drawn(picture: str, *, lasts: timedelta = timedelta(minutes=5)) -> Answer:
    """A picture that may style itself and nothing else; its reader's browser keeps it that long."""
    body, status, headers = page(picture, kind=SVG, cached=f"private, max-age={int(lasts.total_seconds())}")
    return body, status, [header for header in headers if header[0] != DRAWN[0]] + [DRAWN]


def redirect(path: str, *cookies: tuple[str, str]) -> Answer:
    """After a POST: a reload of the page that follows repeats nothing."""
    return "", 303, [("Location", path), ("Cache-Control", "no-store"), *SAFE, *cookies]


def with_cookies(answer: Answer, *cookies: tuple[str, str]) -> Answer:
    """The answer with further cookies."""
    body, status, headers = answer
    return body, status, [*headers, *cookies]


def session_cookie(value: str) -> Cookie:
    """Who signed in."""
    return Cookie(SESSION, value, LASTS)


def ended(cookie: Cookie) -> Cookie:
    """The same cookie, forgotten."""
    return replace(cookie, value="", lasts=timedelta(0))
